"""A text tried on the page: by the draft in the form where it differs, else by what is in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from edge_agent.contract.levels import Level, Passage
from tenants.policies.draft import Posted, fields_of, is_changed
from tenants.policies.errors import PolicyRefused
from tenants.policies.refusal_wording import refusal_label
from tenants.policies.rule_wording import rule_label
from tenants.policies.standing import document_in_force
from tenants.policies.trying import TEXT_CHARS_MAX, Stretch, Told, Trial, try_text
from tenants.policies.wording import LEVEL_LABELS, PASSAGE_LABELS


@dataclass(frozen=True, slots=True)
class WayRow:
    label: str | Promise
    passage: str
    passage_label: str | Promise


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """`percent` is how sure the finding is."""

    level: str
    label: str | Promise
    rule: str
    percent: int


@dataclass(frozen=True, slots=True)
class ShownTrial:
    """What `policies/_trial.html` draws, as `tried`; `refused` says why the draft was not used."""

    level: str
    level_label: str | Promise
    stretches: tuple[Stretch, ...]
    labels: tuple[str | Promise, ...]
    ways: tuple[WayRow, ...]
    reasons: tuple[ReasonRow, ...]
    version: int
    is_draft: bool
    refused: str
    is_cut: bool = False
    file_name: str = ""
    unreadable: str | Promise = ""

    @property
    def travels_masked(self) -> bool:
        return self.level == Level.L1.name

    @property
    def stays(self) -> bool:
        return any(way.passage == Passage.NO for way in self.ways)


def try_draft(text: str, posted: Posted) -> ShownTrial | None:
    """Judge a text by the form as it stands; nothing is said about an empty text.

    Raises: BadRequest.
    """
    if not text.strip():
        return None
    document, refused = document_in_force(), ""
    try:
        fields = fields_of(posted, document)
        is_draft = is_changed(fields, document)
        trial = try_text(text, fields if is_draft else None)
    except PolicyRefused as error:
        # A half-typed rule is no reason to be silent about the text.
        is_draft, refused, trial = False, refusal_label(error), try_text(text)
    return shown_trial(
        trial,
        version=int(document["version"]),
        is_draft=is_draft,
        refused=refused,
        is_cut=len(text) > TEXT_CHARS_MAX,
    )


def draft_of(posted: Posted) -> tuple[Mapping[str, Any] | None, int, str]:
    """Return the draft where it differs from what is in force, the version in force, and why not.

    Raises: BadRequest.
    """
    document = document_in_force()
    version = int(document["version"])
    if "default" not in posted:
        # Without its form, as without scripts, there is no draft.
        return None, version, ""
    try:
        fields = fields_of(posted, document)
    except PolicyRefused as error:
        return None, version, refusal_label(error)
    return (fields if is_changed(fields, document) else None), version, ""


def shown_trial(
    trial: Trial,
    *,
    version: int,
    is_draft: bool,
    refused: str = "",
    is_cut: bool = False,
    file_name: str = "",
) -> ShownTrial:
    """Return a trial in the words of the page; `version` is the one in force."""
    return ShownTrial(
        level=trial.level.name,
        level_label=LEVEL_LABELS[trial.level],
        stretches=trial.stretches,
        labels=tuple({str(each.label): each.label for each in trial.reasons}.values()),
        ways=tuple(
            WayRow(each.label, each.passage.value, PASSAGE_LABELS[each.passage])
            for each in trial.ways
        ),
        reasons=tuple(_reason_row(each) for each in trial.reasons),
        version=version,
        is_draft=is_draft,
        refused=refused,
        is_cut=is_cut,
        file_name=file_name,
        unreadable=trial.unreadable,
    )


def _reason_row(told: Told) -> ReasonRow:
    return ReasonRow(told.level, told.label, rule_label(told.rule), round(100 * told.score))
