"""How often a code that was sent has been guessed at."""

from django.db import models
from django.db.models.functions import Now


class CodeGuess(models.Model):
    # A digest of the session, the purpose and the moment of the code: it names nobody.
    code_digest = models.CharField(primary_key=True, max_length=64)
    guesses = models.PositiveSmallIntegerField(db_default=0)
    begun_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("code_digest",)
        indexes = [models.Index(fields=["begun_at"], name="code_guess_begun")]

    def __str__(self) -> str:
        return f"{self.code_digest[:8]} ({self.guesses})"
