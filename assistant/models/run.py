"""A run: one question being answered. Its row is the truth; `attempt` is the fence."""

import uuid

from django.db import models

from assistant.models.conversation import Conversation
from assistant.models.message import Message


class RunState(models.TextChoices):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    STOPPED = "STOPPED"


class RunMode(models.TextChoices):
    QUOTE = "QUOTE"
    CHAT = "CHAT"


class Run(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="runs")
    question = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="asked_runs")
    answer = models.OneToOneField(
        Message, null=True, on_delete=models.SET_NULL, related_name="answering_run"
    )
    state = models.CharField(max_length=10, choices=RunState.choices, db_default=RunState.QUEUED)
    attempt = models.IntegerField(db_default=0)
    lease_expires_at = models.DateTimeField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=200, blank=True, db_default="")
    request_digest = models.CharField(max_length=64, blank=True, db_default="")
    stop_requested = models.BooleanField(db_default=False)
    partial_text = models.TextField(blank=True, db_default="")
    tokens_in = models.IntegerField(db_default=0)
    tokens_out = models.IntegerField(db_default=0)
    model = models.CharField(max_length=120, blank=True, db_default="")
    mode = models.CharField(max_length=10, blank=True, db_default="")
    error_code = models.CharField(max_length=60, blank=True, db_default="")
    error_detail = models.CharField(max_length=300, blank=True, db_default="")
    # What the boundary decided (see tenants.boundary.Verdict); empty until the run has ended.
    boundary = models.JSONField(db_default={})
    passages_used = models.IntegerField(db_default=0)
    passages_seen = models.IntegerField(db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    first_delta_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["actor_kind", "actor_id", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="run_once_per_idempotency_key",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RunState.values), name="run_state_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="run_waiting")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_finished(self) -> bool:
        return self.state in {RunState.DONE, RunState.FAILED, RunState.STOPPED}
