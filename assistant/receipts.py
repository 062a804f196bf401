"""What a receipt says of the boundary: how secret, by which rule, and where it was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from edge_agent.contract.judging import Reason
from edge_agent.contract.levels import Destination, Level, Passage
from tenants.policies.rule_wording import rule_label
from tenants.policies.wording import DESTINATION_LABELS, LEVEL_LABELS, reason_label


@dataclass(frozen=True, slots=True)
class BoundaryView:
    """`refused` is where it was not allowed to go; empty where nothing was refused."""

    level: str
    level_label: str | Promise
    destination_label: str | Promise
    is_masked: bool
    is_outside: bool
    is_refused: bool
    refused: str | Promise
    rule: str
    reasons: tuple[tuple[str | Promise, str], ...]


def boundary_of(kept: Mapping[str, Any]) -> BoundaryView | None:
    """Return what a run kept, in the reader's language; None before it has ended."""
    if not kept:
        return None
    level, destination = Level[kept["level"]], Destination(kept["destination"])
    passage = Passage(kept["passage"])
    refused = DESTINATION_LABELS[Destination(kept["refused"])] if kept["refused"] else ""
    return BoundaryView(
        level=level.name,
        level_label=LEVEL_LABELS[level],
        destination_label=DESTINATION_LABELS[destination],
        is_masked=passage is Passage.MASKED,
        is_outside=destination is Destination.PROVIDER,
        is_refused=passage is Passage.NO,
        refused=refused,
        rule=kept["rule"],
        reasons=tuple(
            (
                reason_label(Reason(Level[each["level"]], each["what"], each["rule"])),
                rule_label(each["rule"]),
            )
            for each in kept["reasons"]
        ),
    )
