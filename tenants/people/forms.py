"""Forms about a person's own account."""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm, ResetPasswordForm
from allauth.core import context
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.people.attempts import Trying, count_attempt
from tenants.people.keys import NAME_CHARS_MAX
from tenants.people.models import KeyScope

LIFETIMES = (
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("1 year")),
    ("0", _("No end")),
)
USES = (
    (KeyScope.READ.value, _("Read only")),
    (KeyScope.WRITE.value, _("Read and write")),
)


class KeyForm(forms.Form):
    """What a new key is called, what it may be used for, and how long."""

    name = forms.CharField(label=_("Name"), max_length=NAME_CHARS_MAX)
    use = forms.ChoiceField(label=_("May be used to"), choices=USES, initial=KeyScope.READ.value)
    lifetime = forms.ChoiceField(label=_("Valid for"), choices=LIFETIMES, initial="90")

    @property
    def scopes(self) -> list[KeyScope]:
        can_write = self.cleaned_data["use"] == KeyScope.WRITE
        return [KeyScope.READ, KeyScope.WRITE] if can_write else [KeyScope.READ]

    @property
    def expires_at(self) -> datetime | None:
        days = int(self.cleaned_data["lifetime"])
        return timezone.now() + timedelta(days=days) if days else None


class SignInCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """Asks for a code to sign in with, as often as one may ask for one."""

    def clean_email(self) -> str:
        _count_mail(self.cleaned_data["email"])
        return str(super().clean_email())


class ResetForm(ResetPasswordForm):  # type: ignore[misc]
    """Asks for a code to set a new password with, as often as one may ask for one."""

    def clean_email(self) -> str:
        _count_mail(self.cleaned_data["email"])
        return str(super().clean_email())


def _count_mail(email: str) -> None:
    if count_attempt(context.request, Trying.MAILED_CODE, email) is None:
        raise get_adapter().validation_error("rate_limited")
