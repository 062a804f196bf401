"""Run all benches and write `docs/benchmarks.md`: `python -m tests.bench [NAME …]`.

With names, only those are measured anew; the page keeps the other figures of the last run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.report import page_of
from tests.bench.retrieval_xquad import FOLDER, MISSING
from tests.harness.servers import ROOT

BENCHES = (
    "retrieval_xquad",
    "retrieval",
    "provisioning",
    "first_event",
    "under_load",
    "warm_start",
)
PAGE = ROOT / "docs" / "benchmarks.md"
FIGURES = ROOT / "docs" / "benchmarks.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], help="all without a name")
    names = parser.parse_args().names or BENCHES
    known: dict[str, Any] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    for name in names:
        sys.stderr.write(f"--- {name}\n")
        if name == "retrieval_xquad" and not FOLDER.is_dir():
            sys.stderr.write(f"{MISSING}: python -m tests.bench.{name} FOLDER\n")
            continue
        known[name] = _measured(name)
        FIGURES.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")
        PAGE.write_text(page_of([known[each] for each in BENCHES if each in known]))
    sys.stdout.write(PAGE.read_text())


def _measured(name: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="dbb-", dir="/tmp") as folder:
        # PostgreSQL may run as another user, who must be able to pass.
        Path(folder).chmod(0o711)
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{name}"],
            cwd=ROOT,
            env=os.environ | {"DRAWBRIDGE_TEST_STATE": folder},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    main()
