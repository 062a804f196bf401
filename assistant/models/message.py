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
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("conversation", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "position"], name="message_once_per_position"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=MessageRole.values), name="message_role_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
