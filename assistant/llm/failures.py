"""Name what went wrong with a provider: facts of the failure in, one of our errors out.

The provider's own words never come along: they may repeat the key or the prompt.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from assistant.llm.errors import (
    ProviderCut,
    ProviderError,
    ProviderRateLimited,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)


class FailureKind(StrEnum):
    STATUS = "STATUS"
    TIMEOUT = "TIMEOUT"
    CONNECTION = "CONNECTION"
    UNREADABLE = "UNREADABLE"
    BAD_ADDRESS = "BAD_ADDRESS"
    FORBIDDEN_ADDRESS = "FORBIDDEN_ADDRESS"


@dataclass(frozen=True, slots=True)
class Failure:
    """`code` and `retry_after` are as the provider wrote them, so they may be anything."""

    kind: FailureKind
    name: str
    status: int = 0
    code: object = None
    retry_after: str = ""


RETRY_AFTER_SECONDS_MAX = 3600.0
SPENT_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
TOO_LONG_CODES = frozenset({"context_length_exceeded", "exceed_context_size_error"})
KNOWN_CODES = (
    SPENT_CODES
    | TOO_LONG_CODES
    | {"rate_limit_exceeded", "model_not_found", "invalid_api_key", "content_filter"}
)
KEY_REFUSED = _("The language model's service refused the key it was given.")
TOO_LONG = _("The question and its passages are too long for this language model.")
STATUS_MESSAGES = {
    401: KEY_REFUSED,
    403: KEY_REFUSED,
    404: _("The language model's service does not know this model."),
    413: TOO_LONG,
}


def provider_error(failure: Failure, *, has_begun: bool) -> ProviderError:
    """Return the error to raise; `has_begun` when words of the answer have arrived already."""
    code = known_code(failure)
    reason = " ".join(filter(None, [failure.name, str(failure.status or ""), code]))
    match failure.kind:
        case FailureKind.STATUS:
            return status_error(failure, code=code, reason=reason)
        case FailureKind.TIMEOUT:
            return ProviderTimeout(reason=reason)
        case FailureKind.BAD_ADDRESS:
            return ProviderRejected(reason=reason)
        case FailureKind.FORBIDDEN_ADDRESS:
            message = _("The address of the language model may not be reached from here.")
            return ProviderRejected(message, reason=reason)
    if code in SPENT_CODES | TOO_LONG_CODES:
        return ProviderRejected(TOO_LONG if code in TOO_LONG_CODES else None, reason=reason)
    if has_begun or failure.kind is FailureKind.UNREADABLE:
        return ProviderCut(reason=reason)
    return ProviderUnavailable(reason=reason)


def status_error(failure: Failure, *, code: str, reason: str) -> ProviderError:
    status = failure.status
    wait = retry_after_seconds(failure.retry_after)
    if status == 429:
        return ProviderRateLimited(
            permanent=code in SPENT_CODES,
            provider_status=status,
            retry_after_seconds=wait,
            reason=reason,
        )
    if status in {408, 504}:
        return ProviderTimeout(provider_status=status, reason=reason)
    if status >= 500 or status in {409, 425}:
        return ProviderUnavailable(provider_status=status, retry_after_seconds=wait, reason=reason)
    message = TOO_LONG if code in TOO_LONG_CODES else STATUS_MESSAGES.get(status)
    return ProviderRejected(message, provider_status=status, reason=reason)


def known_code(failure: Failure) -> str:
    return failure.code if isinstance(failure.code, str) and failure.code in KNOWN_CODES else ""


def retry_after_seconds(value: str) -> float | None:
    """Read Retry-After in seconds; a date, nonsense or more than an hour counts as not given."""
    if not value.isascii() or not value.replace(".", "", 1).isdigit():
        return None
    seconds = float(value)
    return seconds if seconds <= RETRY_AFTER_SECONDS_MAX else None
