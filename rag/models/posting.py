"""One term in one passage: the lexical index, as integers that row-level security lets through."""

from django.db import models

from rag.models.chunk import Chunk


class Posting(models.Model):
    pk = models.CompositePrimaryKey("collection_id", "term", "chunk")
    collection_id = models.IntegerField()
    term = models.BigIntegerField()
    chunk = models.ForeignKey(Chunk, on_delete=models.CASCADE, related_name="+")
    tf = models.SmallIntegerField()

    class Meta:
        db_table = "posting"

    def __str__(self) -> str:
        return f"{self.term} in {self.chunk_id}"
