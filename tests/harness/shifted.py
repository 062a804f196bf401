"""Run a module as on another day: `python -m tests.harness.shifted DAYS MODULE [ARGUMENT …]`.

The wall clock is off by so many days and goes on; how long things take stays true.
"""

import runpy
import sys
from datetime import UTC, datetime, timedelta

import time_machine


def main() -> None:
    days, module = float(sys.argv[1]), sys.argv[2]
    time_machine.travel(datetime.now(UTC) + timedelta(days=days), tick=True).start()
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
