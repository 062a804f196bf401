"""What must still happen: the outbox and the sweep list in one."""

from django.db import models
from django.db.models.functions import Now


class WorkItem(models.Model):
    schema = models.CharField(max_length=41)
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(db_default=0)
    # Whose turn it takes, as row-level security names them; empty for what was asked for before.
    actor = models.CharField(max_length=80, blank=True, db_default="")
    # Since when it is being done: it counts as running until it comes due again.
    taken_at = models.DateTimeField(null=True)

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
