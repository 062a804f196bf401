"""How long `make up` takes when it was started before: `python -m tests.bench.warm_start`.

It runs in a copy of the tracked files with a state of its own, so a site that serves from this
folder is left alone. Seconds are from the command to the line that says it is ready; the first
start makes the database and reads the demo's documents.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench.fresh import print_figures
from tests.harness.servers import ROOT

WARM_STARTS = 3
STOP_SECONDS = 30
_GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "OPENAI_BASE_URL", "DRAWBRIDGE_STATE")


def main() -> None:
    with _copy() as folder:
        first = _start_once(folder)
        sys.stderr.write(f"first start {first:.1f} s\n")
        warm = [_start_once(folder) for _ in range(WARM_STARTS)]
        subprocess.run([sys.executable, "-m", "config.stack.clean"], cwd=folder, check=True)
    figures = {"first_seconds": round(first, 1), "warm_seconds": round(median(warm), 1)}
    print_figures("tests.bench.warm_start", figures)


@contextmanager
def _copy() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="drawbridge-bench-"))
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout.split(b"\0")
    try:
        for name in filter(None, names):
            source = ROOT / os.fsdecode(name)
            if source.is_file():
                target = folder / os.fsdecode(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        yield folder
    finally:
        shutil.rmtree(folder)


def _start_once(folder: Path) -> float:
    """Start, wait until it says that it is ready, stop; return the seconds it took to be ready."""
    environ = {name: value for name, value in os.environ.items() if name not in _GIVEN}
    # Another site may have the usual port; `up` then takes a free one by itself.
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=folder,
        env=environ | {"LOCAL_MODEL": "quote", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith("Drawbridge is ready"):
            break
    seconds = time.monotonic() - started
    if child.poll() is not None:
        raise RuntimeError("the site ended before it was ready")
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=STOP_SECONDS)
    return seconds


if __name__ == "__main__":
    main()
