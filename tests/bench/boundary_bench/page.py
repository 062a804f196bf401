"""`docs/boundary-figures.md`: a section for each part, the others kept from the last run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.bench.fresh import machine

_HEAD = """# Figures of the boundary

Written by `make bench-boundary`; each section can be measured again with the command below its title. Beside every
promise stands whether it was kept.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """`is_kept` is None where nothing was promised."""

    name: str
    value: str
    promise: str = ""
    is_kept: bool | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """`blocks` are paragraphs and tables; `part` is what the bench is called with."""

    part: str
    title: str
    blocks: tuple[str, ...]

    def markdown(self) -> str:
        day = datetime.now(UTC).date().isoformat()
        origin = f"`python -m tests.bench.boundary {self.part}`, {machine()}, {day}"
        return "\n\n".join([f"## {self.title}", origin, *self.blocks]) + "\n"


def at_least(name: str, value: float, least: float, unit: str = "") -> Row:
    return Row(name, f"{_number(value)}{unit}", f"≥ {_number(least)}{unit}", value >= least)


def at_most(name: str, value: float, most: float, unit: str = "") -> Row:
    return Row(name, f"{_number(value)}{unit}", f"≤ {_number(most)}{unit}", value <= most)


def figures(rows: Iterable[Row]) -> str:
    """Return a table of what was measured and what was promised."""
    return table(
        ("figure", "measured", "promised", ""),
        [(row.name, row.value, row.promise, _verdict(row)) for row in rows],
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page_with(known: str, section: Section, order: Sequence[str]) -> str:
    """Return the page with this section in place of its last one, in the order of titles."""
    _, *parts = known.split("\n## ")
    sections = {part.partition("\n")[0]: f"## {part.strip()}\n" for part in parts}
    sections[section.title] = section.markdown()
    return "\n".join([_HEAD, *(sections[title] for title in order if title in sections)])


def _verdict(row: Row) -> str:
    return {None: "", True: "kept", False: "NOT KEPT"}[row.is_kept]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
