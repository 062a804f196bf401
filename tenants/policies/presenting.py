"""The policy as its page shows it: the table of levels, the form's rows, the versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from edge_agent.contract.findings import Kind
from edge_agent.contract.levels import Destination, Level
from edge_agent.contract.policy import Policy, decide
from tenants.policies.draft import NAMED, ROWS_MAX, TERM_KINDS, Posted, first, is_kept, rows_of
from tenants.policies.wording import (
    DESTINATION_LABELS,
    KIND_LABELS,
    LEVEL_LABELS,
    PASSAGE_LABELS,
)

SPARE_ROWS = 3
SPARE_LEVEL = "L1"
_GROUPS: tuple[tuple[str | Promise, Kind, Kind], ...] = (
    (_("Numbers and strings"), Kind.RESIDENT_ID, Kind.DATE_OF_BIRTH),
    (_("What opens doors"), Kind.URL_CREDENTIALS, Kind.PASSWORD),
    (_("Recognised by words"), Kind.PERSON, Kind.CONTRACT),
    (_("What cannot be read"), Kind.OPAQUE, Kind.OPAQUE),
)
_TITLES: dict[str, str | Promise] = {
    "labels": _("Labels of documents"),
    "paths": _("Where files come from"),
    "collections": _("Collections"),
}
_NAME_LABELS: dict[str, str | Promise] = {
    "labels": _("Label"),
    "paths": _("Path, * for anything"),
    "collections": _("Collection"),
}


@dataclass(frozen=True, slots=True)
class PassageCell:
    destination: str | Promise
    label: str | Promise


@dataclass(frozen=True, slots=True)
class LevelRow:
    name: str
    label: str | Promise
    passages: tuple[PassageCell, ...]


@dataclass(frozen=True, slots=True)
class KindRow:
    """`score` is None where a kind has the usual certainty; `is_unmasked` makes L1 count as L2."""

    name: str
    label: str | Promise
    level: str
    score: str | None
    is_unmasked: bool


@dataclass(frozen=True, slots=True)
class KindGroup:
    title: str | Promise
    rows: tuple[KindRow, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table that grows; `form` is word or pattern, and empty where there is no choice."""

    name: str = ""
    text: str = ""
    form: str = ""
    level: str = SPARE_LEVEL

    @property
    def is_spare(self) -> bool:
        return not (self.name or self.text)


@dataclass(frozen=True, slots=True)
class Section:
    """A table that grows, or, when `is_kept`, one too long for the form."""

    name: str
    field: str
    title: str | Promise
    name_label: str | Promise
    rows: tuple[Row, ...]
    rows_max: int
    is_kept: bool


@dataclass(frozen=True, slots=True)
class TermList:
    name: str
    label: str | Promise
    text: str


@dataclass(frozen=True, slots=True)
class DraftForm:
    default: str
    groups: tuple[KindGroup, ...]
    tenant_word: KindRow
    words: Section
    terms: tuple[TermList, ...]
    sections: tuple[Section, ...]


def draft_form(posted: Posted) -> DraftForm:
    """Return the rows of the form as it was posted, mistakes included.

    Raises: BadRequest.
    """
    kinds = [*Kind]
    ranges = ((title, kinds.index(begin), kinds.index(end)) for title, begin, end in _GROUPS)
    return DraftForm(
        default=first(posted, "default"),
        groups=tuple(
            KindGroup(
                title,
                tuple(_kind_row(posted, kind) for kind in kinds[begin : end + 1]),
            )
            for title, begin, end in ranges
        ),
        tenant_word=_kind_row(posted, Kind.TENANT_WORD),
        words=_words(posted),
        terms=tuple(
            TermList(kind.value, KIND_LABELS[kind], first(posted, f"terms.{kind}"))
            for kind in TERM_KINDS
        ),
        sections=tuple(_section(posted, name, field) for name, field in NAMED.items()),
    )


def level_rows(policy: Policy) -> tuple[LevelRow, ...]:
    """Return what the contract's table says today: a policy out of its time lets nothing out."""
    now = datetime.now(UTC)
    return tuple(
        LevelRow(
            level.name,
            LEVEL_LABELS[level],
            tuple(
                PassageCell(
                    DESTINATION_LABELS[each],
                    PASSAGE_LABELS[decide(level, each, policy, now=now).passage],
                )
                for each in Destination
            ),
        )
        for level in Level
    )


def destination_labels() -> tuple[str | Promise, ...]:
    return tuple(DESTINATION_LABELS[each] for each in Destination)


def _kind_row(posted: Posted, kind: Kind) -> KindRow:
    return KindRow(
        kind.value,
        KIND_LABELS[kind],
        first(posted, f"kind.{kind}"),
        first(posted, f"score.{kind}") if f"score.{kind}" in posted else None,
        bool(first(posted, f"unmasked.{kind}")),
    )


def _words(posted: Posted) -> Section:
    names = ("word.name", "word.text", "word.form", "word.level")
    rows = [Row(*row) for row in rows_of(posted, *names)]
    return Section(
        "words",
        "word",
        _("Words of your own"),
        _("Name"),
        tuple(_with_spares(rows, Row(form="word"))),
        ROWS_MAX["words"],
        is_kept(posted, "words"),
    )


def _section(posted: Posted, name: str, field: str) -> Section:
    rows = [
        Row(name=each, level=level)
        for each, level in rows_of(posted, f"{field}.name", f"{field}.level")
    ]
    return Section(
        name,
        field,
        _TITLES[name],
        _NAME_LABELS[name],
        tuple(_with_spares(rows, Row())),
        ROWS_MAX[name],
        is_kept(posted, name),
    )


def _with_spares(rows: list[Row], spare: Row) -> Iterator[Row]:
    yield from (row for row in rows if not row.is_spare)
    yield from [spare] * SPARE_ROWS
