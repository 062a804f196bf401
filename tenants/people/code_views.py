"""Pages that mail a code and take it back: no code is judged uncounted, and no mail is feigned."""

from typing import Any

from allauth.account import views as allauth_views
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from tenants.people.attempts import Trying, count_attempt
from tenants.people.code_guesses import CodeProcess, take_guess
from tenants.people.mail import is_logged, is_unsent, mail_log


class TellsOfMail:
    """Says on the page when no mail will come, and where the code is instead."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        mail = {"mail_is_unsent": is_unsent(), "mail_log": mail_log() if is_logged() else None}
        return context | mail


class AsksForCode(TellsOfMail):
    """Takes nobody's address for a mail that cannot be sent."""

    request: HttpRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_unsent():
            return super().get(request, *args, **kwargs)  # type: ignore[misc, no-any-return]
        return super().post(request, *args, **kwargs)  # type: ignore[misc, no-any-return]


class TakesCode(TellsOfMail):
    """Counts a guess before it is judged; one guess too many ends the whole attempt."""

    _process: CodeProcess
    _action = "verify"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._action == "verify" and not self._may_guess(request):
            self._process.state["failed_attempts"] = self._process.max_attempts
            return self.form_invalid(self.get_form())  # type: ignore[attr-defined, no-any-return]
        return super().post(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)  # type: ignore[misc]
        if "code" in form.fields:
            # The library's own Chinese word is the one for what programmers write.
            form.fields["code"].label = _("Code")
        return form

    def _may_guess(self, request: HttpRequest) -> bool:
        account = str(self._process.state["email"])
        is_within = count_attempt(request, Trying.CODE_GUESS, account) is not None
        return is_within and take_guess(request, self._process)


class RequestCode(AsksForCode, allauth_views.RequestLoginCodeView):  # type: ignore[misc]
    pass


class ConfirmCode(TakesCode, allauth_views.ConfirmLoginCodeView):  # type: ignore[misc]
    pass


class ResetPassword(AsksForCode, allauth_views.PasswordResetView):  # type: ignore[misc]
    pass


class ConfirmReset(TakesCode, allauth_views.ConfirmPasswordResetCodeView):  # type: ignore[misc]
    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class ConfirmAddress(TakesCode, allauth_views.ConfirmEmailVerificationCodeView):  # type: ignore[misc]
    pass
