"""What can go wrong with conversations and runs.

AppError
├── ConversationNotFound (404)
├── RunNotFound (404)
├── IdempotencyConflict (409)
├── TurnInProgress (409)
├── RunNotRetryable (409)
├── FenceLost (409)        never shown: a later attempt owns the run
└── AttemptsExhausted (503)
"""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import AppError, Conflict, NotFound


class ConversationNotFound(NotFound):
    code = "conversation_not_found"
    message = _("There is no such conversation.")


class RunNotFound(NotFound):
    code = "run_not_found"
    message = _("There is no such answer.")


class IdempotencyConflict(Conflict):
    code = "idempotency_conflict"
    message = _("This idempotency key was already used for another question.")


class TurnInProgress(Conflict):
    code = "turn_in_progress"
    message = _("The previous question is still being answered. Wait for it, or stop it.")


class RunNotRetryable(Conflict):
    code = "run_not_retryable"
    message = _("Only an answer that failed or was stopped can be asked for again.")


class FenceLost(AppError):
    """Another attempt owns the run, or the run is gone: write nothing more."""

    code = "fence_lost"
    status = 409
    message = _("Another attempt is answering this question.")


class AttemptsExhausted(AppError):
    code = "attempts_exhausted"
    status = 503
    message = _("The answer was interrupted three times and was given up.")


class AnswerFailed(AppError):
    """Our own fault while answering; the log has the traceback."""

    code = "answer_failed"
    status = 500
    message = _("Something went wrong while answering.")
