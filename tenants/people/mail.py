"""Where mail goes while no mail server is set."""

import logging
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)

MAIL_LOG = "mail.log"


def is_logged() -> bool:
    """Return whether mail only reaches a log, where whoever runs the server reads its codes."""
    return bool(f"{__name__}.{LoggedMail.__name__}" == settings.EMAIL_BACKEND)


def is_unsent() -> bool:
    """Return whether mail reaches nobody at all."""
    return bool(f"{__name__}.{UnsentMail.__name__}" == settings.EMAIL_BACKEND)


class LoggedMail(BaseEmailBackend):
    """Development: append each mail to `<state>/logs/mail.log`, readable by its owner alone."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        path = mail_log()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            for mail in email_messages:
                log.write(f"{mail.message().as_string()}\n{'-' * 72}\n")
        logger.info("mail_logged count=%d path=%s", len(email_messages), path)
        return len(email_messages)


class UnsentMail(BaseEmailBackend):
    """Production without a mail server: nothing is sent, and a code is never written down."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        logger.warning("mail_not_sent count=%d reason=EMAIL_HOST_is_not_set", len(email_messages))
        return 0


def mail_log() -> Path:
    return Path(settings.STATE_DIR) / "logs" / MAIL_LOG
