"""A named set of documents that are searched together."""

from django.db import models


class Collection(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=120, unique=True)
    is_default = models.BooleanField(db_default=False)
    chunk_count = models.IntegerField(db_default=0)
    token_total = models.BigIntegerField(db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="collection_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name
