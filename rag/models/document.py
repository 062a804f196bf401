"""A file somebody uploaded, and how far it has come."""

import uuid

from django.conf import settings
from django.db import models

from rag.models.collection import Collection


class DocumentState(models.TextChoices):
    QUEUED = "QUEUED"
    PARSING = "PARSING"
    EMBEDDING = "EMBEDDING"
    READY = "READY"
    FAILED = "FAILED"
    DELETING = "DELETING"


class Document(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="documents")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=120)
    state = models.CharField(
        max_length=10, choices=DocumentState.choices, db_default=DocumentState.QUEUED
    )
    reason_code = models.CharField(max_length=40, blank=True, db_default="")
    reason_detail = models.CharField(max_length=300, blank=True, db_default="")
    # A name of the tenant's policy, given by a person; it rules every passage of the document.
    label = models.CharField(max_length=200, blank=True, db_default="")
    # How secret the whole file is, what hides in it included, by which version of the policy.
    level = models.SmallIntegerField(null=True)
    level_reasons = models.JSONField(db_default=[])
    judged_version = models.IntegerField(null=True)
    pages = models.IntegerField(null=True)
    chunks_total = models.IntegerField(db_default=0)
    chunks_done = models.IntegerField(db_default=0)
    # The fence: it only ever counts up.
    attempt = models.IntegerField(db_default=0)
    # Attempts since the upload or a person's retry; pauses grow with them.
    tries = models.IntegerField(db_default=0)
    lease_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-created_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=DocumentState.values), name="document_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
