"""Judge the texts on standard input, one JSON string a line, and print the memory this holds.

    python -m tests.bench.boundary_bench.footprint

The contract is imported late on purpose: what it adds to a bare interpreter is the figure.
"""

import json
import re
import sys
from importlib import import_module
from pathlib import Path

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def main() -> None:
    """Print kilobytes by moment."""
    held = {"a bare interpreter": _held_kb()}
    judged = import_module("tests.bench.boundary_bench.ours").judged
    held["the contract imported, a policy read"] = _held_kb()
    for line in sys.stdin:
        judged(json.loads(line))
    held["after judging"] = _held_kb()
    sys.stdout.write(json.dumps(held) + "\n")


def _held_kb() -> int:
    [kilobytes] = _PSS.findall(Path("/proc/self/smaps_rollup").read_text())
    return int(kilobytes)


if __name__ == "__main__":
    main()
