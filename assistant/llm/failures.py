"""Turn whatever the vendor's library raises into our own errors, without the vendor's words."""

import httpx2
import openai
from django.utils.translation import gettext_lazy as _

from assistant.llm.errors import (
    ProviderCut,
    ProviderError,
    ProviderRateLimited,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from tenants.base.egress import EgressRefused
from tenants.base.patience import OutOfTime, TooManyBytes

# ValueError: broken JSON or a chunk of another shape; RecursionError: JSON without a bottom.
FAILURES = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    EgressRefused,
    OutOfTime,
    TooManyBytes,
    ValueError,
    RecursionError,
)

RETRY_AFTER_SECONDS_MAX = 3600.0
SPENT_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
MESSAGES = {
    401: _("The language model's service refused the key it was given."),
    403: _("The language model's service refused the key it was given."),
    404: _("The language model's service does not know this model."),
    413: _("The question and its passages are too long for this language model."),
}
TOO_LONG = "context_length_exceeded"
CODES_SHOWN = SPENT_CODES | {TOO_LONG, "rate_limit_exceeded", "model_not_found", "invalid_api_key"}


def provider_error(failure: Exception, *, has_begun: bool) -> ProviderError:
    """Name the condition; `has_begun` when words of the answer have arrived already."""
    reason = type(failure).__name__
    match failure:
        case openai.APIStatusError():
            return status_error(failure)
        case OutOfTime() | openai.APITimeoutError() | httpx2.TimeoutException():
            return ProviderTimeout(reason=reason)
        case EgressRefused():
            message = _("The address of the language model may not be reached from here.")
            return ProviderRejected(message, reason=reason)
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol():
            return ProviderRejected(reason=reason)
        case openai.APIError() if code_of(failure) in {*SPENT_CODES, TOO_LONG}:
            return ProviderRejected(reason=f"{reason} {code_of(failure)}")
    if has_begun or isinstance(failure, ValueError | RecursionError | TooManyBytes):
        return ProviderCut(reason=reason)
    return ProviderUnavailable(reason=reason)


def status_error(failure: openai.APIStatusError) -> ProviderError:
    status, code = failure.status_code, code_of(failure)
    reason = f"{type(failure).__name__} {status} {code}".strip()
    if status == 429:
        return ProviderRateLimited(
            permanent=code in SPENT_CODES,
            provider_status=status,
            retry_after_seconds=retry_after_seconds(failure.response),
            reason=reason,
        )
    if status in {408, 504}:
        return ProviderTimeout(provider_status=status, reason=reason)
    if status >= 500 or status in {409, 425}:
        return ProviderUnavailable(
            provider_status=status,
            retry_after_seconds=retry_after_seconds(failure.response),
            reason=reason,
        )
    message = MESSAGES[413] if code == TOO_LONG else MESSAGES.get(status)
    return ProviderRejected(message, provider_status=status, reason=reason)


def code_of(failure: openai.APIError) -> str:
    """Return the provider's code when it is one we know; it may write anything there."""
    code = failure.code
    return code if isinstance(code, str) and code in CODES_SHOWN else ""


def retry_after_seconds(response: httpx2.Response) -> float | None:
    """Read Retry-After in seconds; a date, nonsense or more than an hour counts as not given."""
    value = response.headers.get("retry-after", "")
    if not value.isascii() or not value.replace(".", "", 1).isdigit():
        return None
    seconds = float(value)
    return seconds if seconds <= RETRY_AFTER_SECONDS_MAX else None
