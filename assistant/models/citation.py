"""The passage that supports a sentence of an answer."""

from django.db import models

from assistant.models.message import Message


class Citation(models.Model):
    """`start` and `end` are character offsets of the supported sentence in the answer."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="citations")
    ordinal = models.IntegerField()
    chunk = models.ForeignKey("rag.Chunk", null=True, on_delete=models.SET_NULL, related_name="+")
    document_id = models.UUIDField()
    document_name = models.CharField(max_length=255)
    page = models.IntegerField(null=True)
    start = models.IntegerField()
    end = models.IntegerField()
    quote = models.TextField()
    score = models.FloatField()

    class Meta:
        ordering = ("message", "start", "id")

    def __str__(self) -> str:
        return f"{self.message_id} [{self.ordinal}]"
