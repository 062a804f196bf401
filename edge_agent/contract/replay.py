"""Each request once: what was seen lately, and from when on anything is too old to be seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from edge_agent.contract.errors import Expired, Replayed

NONCE_CHARS_MAX = 128
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """`horizon` only ever moves on: what was forgotten stays too old, even if the clock goes back.

    `age_max` is how old a request may be, `skew_max` how far ahead its clock may run.
    """

    age_max: timedelta = timedelta(minutes=5)
    skew_max: timedelta = timedelta(seconds=30)
    size_max: int = 100_000
    horizon: datetime = _LONG_AGO
    seen: Mapping[str, datetime] = field(default_factory=dict)


def remember(seen: Window, nonce: str, created: datetime, now: datetime) -> Window:
    """Return the window with this nonce in it; both moments need their offset from UTC.

    Raises: Expired if it is too old or from the future, Replayed if it was seen before, or if so
    much was seen that nobody could tell.
    """
    if created.tzinfo is None or now.tzinfo is None:
        raise Expired("a moment without its offset from UTC is no moment")
    horizon = max(seen.horizon, now - seen.age_max)
    if created <= horizon:
        raise Expired("too old")
    if created > now + seen.skew_max:
        raise Expired("from the future, or a clock is wrong")
    if not 0 < len(nonce) <= NONCE_CHARS_MAX or nonce in seen.seen:
        raise Replayed("seen before")
    kept = {each: moment for each, moment in seen.seen.items() if moment > horizon}
    if len(kept) >= seen.size_max:
        raise Replayed("too much was seen to tell")
    kept[nonce] = created
    return Window(seen.age_max, seen.skew_max, seen.size_max, horizon, kept)
