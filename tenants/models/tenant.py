"""A tenant: one company, school or clinic, and the schema that holds what it owns."""

import uuid

from django.db import models


class TenantState(models.TextChoices):
    CREATING = "CREATING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSING = "CLOSING"


class Tenant(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    schema_name = models.CharField(max_length=41, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(
        max_length=10, choices=TenantState.choices, db_default=TenantState.CREATING
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("slug",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^[a-z][a-z0-9_]{0,40}$"),
                name="tenant_schema_name_plain",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=TenantState.values), name="tenant_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.slug
