"""What can go wrong between us and a language model.

ProviderError
├── ProviderUnavailable   nobody answers, or answers 5xx: try again
├── ProviderTimeout       the deadline passed: try again
├── ProviderCut           the stream ended in the middle of the answer: try again
├── ProviderRateLimited   429: try again later; permanent when the quota is spent
└── ProviderRejected      the request itself was refused: trying again changes nothing

ModelUnknown (NotFound) is the caller's mistake: no model has that name here.

Messages never carry what the provider wrote: providers echo keys and prompts.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import AppError, NotFound


class ProviderError(AppError):
    """A language model could not give its answer.

    `permanent` says that the same request would fail again; `provider_status` is the HTTP
    status the provider answered with, 0 when it gave none; `reason` is for logs: a class name
    and a code, never the provider's words; the tokens are what was spent, estimated.
    """

    code = "provider_error"
    status = 502
    message = _("The language model could not answer.")
    permanent: bool = False

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        permanent: bool | None = None,
        provider_status: int = 0,
        retry_after_seconds: float | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.tokens_in = 0
        self.tokens_out = 0
        self.provider_status = provider_status
        self.retry_after_seconds = retry_after_seconds
        if permanent is not None:
            self.permanent = permanent


class ProviderUnavailable(ProviderError):
    code = "provider_unavailable"
    status = 503
    message = _("The language model cannot be reached right now.")


class ProviderTimeout(ProviderError):
    code = "provider_timeout"
    status = 504
    message = _("The language model took too long to answer.")


class ProviderCut(ProviderError):
    code = "provider_cut"
    message = _("The language model stopped in the middle of its answer.")


class ProviderRateLimited(ProviderError):
    code = "provider_rate_limited"
    status = 503
    message = _("The language model is busy: its request limit is reached.")


class ProviderRejected(ProviderError):
    code = "provider_rejected"
    message = _("The language model refused the request. Check its key, its name and its limits.")
    permanent = True


class ModelUnknown(NotFound):
    code = "model_not_found"
    message = _("There is no model named %(name)s here.")
