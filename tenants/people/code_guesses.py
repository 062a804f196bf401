"""A code that was sent may be guessed at three times, also by twenty requests at once.

A session is read, changed and written back, so what it counts is lost between requests that
run side by side. The row is counted up by PostgreSQL in one statement, before the guess is
looked at; without a row, a guess is never judged.
"""

import hashlib
from datetime import timedelta
from typing import Any, Protocol

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from tenants.people.models import CodeGuess

KEPT_FOR = timedelta(days=1)
_TAKE = """
INSERT INTO people_codeguess AS taken (code_digest, guesses) VALUES (%s, 1)
ON CONFLICT (code_digest) DO UPDATE SET guesses = taken.guesses + 1 WHERE taken.guesses < %s
RETURNING guesses
"""


class CodeProcess(Protocol):
    """What django-allauth keeps of a code in the session of whoever asked for it."""

    state: dict[str, Any]
    max_attempts: int


def take_guess(request: HttpRequest, process: CodeProcess) -> bool:
    """Return whether one more guess at this code may be judged, and count it."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [_digest(request, process), process.max_attempts])
        row = cursor.fetchone()
    if row == (1,):
        CodeGuess.objects.filter(begun_at__lt=timezone.now() - KEPT_FOR).delete()
    return row is not None


def _digest(request: HttpRequest, process: CodeProcess) -> str:
    """Name the code without keeping it: unknown addresses, which get none, count alike."""
    purpose = type(process).__name__
    named = f"{request.session.session_key}:{purpose}:{process.state['at']}"
    return hashlib.sha256(named.encode()).hexdigest()
