"""What django-allauth must do differently among many tenants."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from tenants.base.context import current_scope
from tenants.people.attempts import Attempt, Trying, count_attempt, forgive_pair
from tenants.people.peers import peer_of


@dataclass(frozen=True, slots=True)
class Site:
    """What a mail calls the place it comes from."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by himself, nobody is sent to another tenant's host, and no header names it."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait a while, or sign in with a code by mail."
        ),
    }
    _attempt: Attempt | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        tenant = self.request.tenant
        site = Site(name=tenant.name, domain=tenant.origin)
        super().send_mail(template_prefix, email, {**context, "current_site": site})

    def is_safe_url(self, url: str) -> bool:
        # The base class also lets every allowed host through, and those are our tenants.
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})

    def get_client_ip(self, request: HttpRequest) -> str:
        return peer_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count before the password is looked at, so that tries at one time count as well."""
        self._attempt = count_attempt(request, Trying.PASSWORD, credentials.get("email", ""))
        if self._attempt is None:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        if self._attempt is not None:
            self._attempt.give_back()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        forgive_pair(request, Trying.PASSWORD, credentials.get("email", ""))


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """Reset goes by code; a token, should one ever be made, is worth nothing next door."""

    @property
    def key_salt(self) -> str:  # type: ignore[override]
        return f"tenants.people.reset.{current_scope().schema}"
