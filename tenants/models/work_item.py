"""What must still happen: the outbox and the sweep list in one."""

from django.db import models
from django.db.models.functions import Now


class WorkItem(models.Model):
    schema = models.CharField(max_length=41)
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(db_default=0)

    class Meta:
        db_table = "work_item"
        ordering = ("due_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["schema", "kind", "object_id"], name="work_item_once_per_object"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="work_item_due")]

    def __str__(self) -> str:
        return f"{self.schema}:{self.kind}:{self.object_id}"
