"""How often somebody may try: counted by account and peer, by peer, and by account.

Whoever guesses is slowed down where he is, so that a stranger cannot lock an owner out of his
account from elsewhere. Many peers together are bounded by the account's own ceiling; at that,
the owner still comes in by a code that is mailed to him, which has limits of its own.
"""

from dataclasses import dataclass
from enum import StrEnum

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest

from tenants.people.peers import peer_of


class Trying(StrEnum):
    """What is tried; each has its rates in the settings."""

    PASSWORD = "PASSWORD"  # noqa: S105
    MAILED_CODE = "MAILED_CODE"
    CODE_GUESS = "CODE_GUESS"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that was counted; it is given back when it was no wrong one."""

    used: tuple[ratelimit.RateLimitUsage, ...]

    def give_back(self) -> None:
        for usage in self.used:
            usage.rollback()


def count_attempt(request: HttpRequest, trying: Trying, account: str) -> Attempt | None:
    """Count one try, or return None where there were too many; a refused one counts nowhere.

    Somebody who is signed in is not held up by what strangers do to his account.
    """
    rates = settings.ATTEMPT_RATES[trying]
    used: list[ratelimit.RateLimitUsage] = []
    for counted, key in _keys(request, account).items():
        if counted not in rates or (counted == "account" and request.user.is_authenticated):
            continue
        usage = ratelimit.consume(
            request,
            app=__name__,
            action=f"{trying}:{counted}",
            config={f"{trying}:{counted}": rates[counted]},
            key=key,
            limit_get=True,
        )
        if usage is None:
            Attempt(tuple(used)).give_back()
            return None
        used.append(usage)
    return Attempt(tuple(used))


def forgive_pair(request: HttpRequest, trying: Trying, account: str) -> None:
    """Forget what this peer tried on this account, once it has shown to be its owner."""
    ratelimit.clear(
        request,
        app=__name__,
        action=f"{trying}:pair",
        config={f"{trying}:pair": settings.ATTEMPT_RATES[trying]["pair"]},
        key=_keys(request, account)["pair"],
    )


def _keys(request: HttpRequest, account: str) -> dict[str, str]:
    peer, name = ratelimit.truncate_ip(peer_of(request)), account.strip().lower()
    return {"peer": peer, "pair": f"{name} {peer}", "account": name}
