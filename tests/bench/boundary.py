"""How well the contract finds what is secret, and what it costs.

    python -m tests.bench.boundary [PART ...]

All parts without a name. Figures go to `docs/boundary-figures.md`, each promise with whether it
was kept; the status is 0 either way. The public sets are not part of the project: they are looked
for beside it or in the folder that `BENCH_DATA` names; a part whose set is missing says so, and
the others run.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.boundary_bench import (
    benign,
    chinese,
    disguising,
    english,
    memory,
    restoring,
    speed,
)
from tests.bench.boundary_bench.data import DataMissing
from tests.bench.boundary_bench.page import Section, page_with
from tests.harness.servers import ROOT

PAGE = ROOT / "docs" / "boundary-figures.md"


@dataclass(frozen=True, slots=True)
class Part:
    """`measure` returns the paragraphs and tables of its section."""

    title: str
    measure: Callable[[], tuple[str, ...]]


PARTS = {
    "peers": Part("Ours and others, structured types in English", english.measure),
    "benign": Part("Ordinary text that is raised", benign.measure),
    "chinese": Part("Chinese sentences with near misses", chinese.measure),
    "disguises": Part("Secrets in disguise", disguising.measure),
    "speed": Part("A decision over a kilobyte", speed.measure),
    "restore": Part("Values back in an answer that is cut anywhere", restoring.measure),
    "memory": Part("Memory of a process that judges", memory.measure),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    names = parser.parse_args().parts or [*PARTS]
    unknown = set(names) - set(PARTS)
    if unknown:
        parser.error(f"no part is called {', '.join(unknown)}")
    for name in names:
        sys.stderr.write(f"--- {name}\n")
        try:
            section = Section(name, PARTS[name].title, PARTS[name].measure())
        except DataMissing as error:
            sys.stdout.write(f"{name} is not measured: {error}\n")
            continue
        sys.stdout.write(section.markdown() + "\n")
        _write(section)


def _write(section: Section) -> None:
    known = PAGE.read_text() if PAGE.exists() else ""
    PAGE.write_text(page_with(known, section, [each.title for each in PARTS.values()]))


if __name__ == "__main__":
    main()
