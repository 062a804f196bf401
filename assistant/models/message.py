"""One message of a conversation."""

import uuid

from django.db import models

from assistant.models.conversation import Conversation


class MessageRole(models.TextChoices):
    USER = "USER"
    ASSISTANT = "ASSISTANT"


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    position = models.IntegerField()
    role = models.CharField(max_length=10, choices=MessageRole.choices)
    text = models.TextField()
    # The least level of these words (L0 … L2): a question's, as its asker raised it; an
    # answer's, as what was read for it was judged.
    level = models.SmallIntegerField(db_default=0)
    # The answer as safe HTML that names no source, and which renderer wrote it (0: none yet).
    html = models.TextField(blank=True, db_default="")
    rendered_by = models.SmallIntegerField(db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("conversation", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "position"], name="message_once_per_position"
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=0, level__lte=2), name="message_level_known"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=MessageRole.values), name="message_role_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
