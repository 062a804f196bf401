"""The state of the house in the words of the status page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.base import valkey
from tenants.base.beats import ProcessState, processes
from tenants.base.line_state import KindState, line_of_tenant

KINDS: dict[str, str | Promise] = {
    "RUN_TURN": _("Questions to answer"),
    "INGEST_DOCUMENT": _("Documents to read"),
    "DELETE_FILES": _("Documents to delete"),
    "JUDGE_DOCUMENTS": _("Documents to judge again"),
}
_LOOPS: dict[str, str | Promise] = {
    "poller-answers": _("takes questions"),
    "poller-ingestion": _("takes documents"),
    "bell": _("hears of new work"),
    "hosts": _("hears of changed addresses"),
    "beat": _("tells how it does"),
    "stream-reader": _("carries words to readers"),
    "credential-watch": _("ends what was revoked"),
    "share-renewer": _("keeps the places of readers"),
}
_ROLES: dict[str, str | Promise] = {"web": _("Web server"), "worker": _("Worker")}


@dataclass(frozen=True, slots=True)
class WorkRow:
    label: str | Promise
    state: KindState


@dataclass(frozen=True, slots=True)
class LoopRow:
    """`process` is shown once, with the first of its loops."""

    process: str | Promise
    label: str | Promise
    restarts: int
    seconds: float
    is_standing: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class HouseState:
    """`loops` is None where nobody can tell, because Valkey is away."""

    work: tuple[WorkRow, ...]
    loops: tuple[LoopRow, ...] | None


def house_state() -> HouseState:
    """Return what the owner of the current tenant may know: all loops, and her own work."""
    states = {state.kind: state for state in line_of_tenant()}
    work = tuple(
        WorkRow(label, states.get(kind, KindState(kind, 0, 0, 0, 0.0, 0.0)))
        for kind, label in KINDS.items()
    )
    try:
        loops = tuple(row for process in processes() for row in _rows_of(process))
    except valkey.Away:
        return HouseState(work, None)
    return HouseState(work, loops)


def _rows_of(process: ProcessState) -> list[LoopRow]:
    return [
        LoopRow(
            process=_ROLES.get(process.role, process.role) if at == 0 else "",
            label=_LOOPS.get(loop.name, loop.name),
            restarts=loop.restarts,
            seconds=max(loop.still_seconds, process.silent_seconds),
            is_standing=loop.is_standing,
            is_gone=process.is_gone,
        )
        for at, loop in enumerate(process.loops)
    ]
