"""How every process of the house does: each tells its loops through Valkey, and anybody may ask.

A courtesy like all that lies there: without Valkey nobody knows of the others, and says so.
"""

import json
import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from tenants.base import valkey
from tenants.base.loops import Loop, LoopState, watch
from tenants.base.rounds import loop_states

BEAT_SECONDS = 5.0
# Three beats that were not heard: a process that busy is as good as gone.
GONE_SECONDS = 16.0
# By then its supervisor has long started another in its place.
FORGOTTEN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class ProcessState:
    """`name` tells role, machine and process number; `is_gone` when it was not heard of lately."""

    name: str
    role: str
    silent_seconds: float
    loops: tuple[LoopState, ...]

    @property
    def is_gone(self) -> bool:
        return self.silent_seconds > GONE_SECONDS


def beat_for(role: str) -> Loop:
    """Return the loop that tells of this process; Valkey's absence is no fault of it."""
    name = f"{role}@{socket.gethostname()}:{os.getpid()}"

    def turn() -> None:
        # The next beat may be heard again.
        with suppress(valkey.Away):
            _tell(name, role, states())
        time.sleep(BEAT_SECONDS)

    return Loop("beat", turn)


def states() -> list[LoopState]:
    """Return every loop of this process, those of threads first."""
    return [*watch.states(), *loop_states()]


def processes() -> list[ProcessState]:
    """Return every process heard of lately. Raises: valkey.Away."""
    with valkey.may_be_away():
        now = _now()
        told = valkey.client().hgetall(_key())
        found = [_state_of(str(name), json.loads(text), now) for name, text in sorted(told.items())]
        for state in found:
            if state.silent_seconds > FORGOTTEN_SECONDS:
                valkey.client().hdel(_key(), state.name)
    return [state for state in found if state.silent_seconds <= FORGOTTEN_SECONDS]


def leave(role: str) -> None:
    """Be forgotten at once: whoever ends as asked is not missed. Raises: valkey.Away."""
    with valkey.may_be_away():
        valkey.client().hdel(_key(), f"{role}@{socket.gethostname()}:{os.getpid()}")


def _tell(name: str, role: str, loops: Sequence[LoopState]) -> None:
    with valkey.may_be_away():
        told = {"role": role, "at": _now(), "loops": [asdict(loop) for loop in loops]}
        valkey.client().hset(_key(), name, json.dumps(told))


def _state_of(name: str, told: dict[str, object], now: float) -> ProcessState:
    loops = told["loops"] if isinstance(told["loops"], list) else []
    return ProcessState(
        name=name,
        role=str(told["role"]),
        silent_seconds=round(now - float(str(told["at"])), 1),
        loops=tuple(LoopState(**loop) for loop in loops),
    )


def _now() -> float:
    """Return Valkey's own clock: those of two machines may differ by days."""
    seconds, microseconds = valkey.client().time()
    return float(seconds) + float(microseconds) / 1e6


def _key() -> str:
    return valkey.public_key("processes")
