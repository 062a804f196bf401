"""What django-allauth must do differently among many tenants."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from tenants.base.context import current_scope


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by himself, and nobody is sent to another tenant's host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def is_safe_url(self, url: str) -> bool:
        # The base class also lets every allowed host through, and those are our tenants.
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """Reset goes by code; a token, should one ever be made, is worth nothing next door."""

    @property
    def key_salt(self) -> str:  # type: ignore[override]
        return f"tenants.people.reset.{current_scope().schema}"
