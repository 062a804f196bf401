"""Mail of the tests stays in memory."""

from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import override_settings


@pytest.fixture(autouse=True)
def _mail_in_memory() -> Iterator[None]:
    mail.outbox = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        yield
