"""What the row of a run says: one look serves every stream of its reader.

Followers ask as often as they like; whoever asks soon after another hears the same answer.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.models import RunState
from assistant.selectors import RunView, run_detail
from tenants.base.context import Scope
from tenants.base.jobs import RUN_TURN
from tenants.base.lanes import in_tenant
from tenants.base.per_loop import PerLoop
from tenants.base.work import place_in_line

# Shorter than any pause between two looks of one follower, so that each of its looks is a new one.
FRESH_SECONDS = 0.9


@dataclass(frozen=True, slots=True)
class Seen:
    """A run, and how many are before it while it waits."""

    view: RunView
    position: int


async def look_at(scope: Scope, run_id: str) -> Seen:
    """Raises: RunNotFound when the actor of this scope may not see the run."""
    return await in_tenant(scope, _seen, run_id)


def _seen(run_id: str) -> Seen:
    view = run_detail(run_id)
    return Seen(view, place_in_line(RUN_TURN, run_id) if view.state == RunState.QUEUED else 0)


class SharedLook:
    """The newest look of one reader at one run."""

    def __init__(self, scope: Scope, run_id: str) -> None:
        self.followers = 0
        self._scope = scope
        self._run_id = run_id
        self._look: asyncio.Task[Seen] | None = None
        self._begun_at = 0.0

    async def newest(self) -> Seen:
        """Return what a look of just now has seen, or look.

        Raises: what the look raised.
        """
        now = asyncio.get_running_loop().time()
        is_over = self._look is None or self._look.done()
        if self._look is None or (is_over and now - self._begun_at >= FRESH_SECONDS):
            self._begun_at = now
            self._look = asyncio.create_task(look_at(self._scope, self._run_id))
            self._look.add_done_callback(_note_failure)
        # A follower that leaves does not take the look from the others.
        return await asyncio.shield(self._look)


@contextlib.contextmanager
def shared_look(scope: Scope, run_id: str) -> Iterator[SharedLook]:
    """Offer the look that every follower of this reader at this run shares."""
    of_loop = _looks()
    look = of_loop.setdefault((scope, run_id), SharedLook(scope, run_id))
    look.followers += 1
    try:
        yield look
    finally:
        look.followers -= 1
        if not look.followers:
            del of_loop[scope, run_id]


def _note_failure(look: "asyncio.Task[Seen]") -> None:
    # Its followers may all have left; asyncio would complain of a failure nobody heard of.
    if not look.cancelled():
        look.exception()


def _no_looks() -> dict[tuple[Scope, str], SharedLook]:
    return {}


_looks = PerLoop(_no_looks)
