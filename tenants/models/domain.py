"""A host name and the tenant it leads to."""

from django.db import models

from tenants.models.tenant import Tenant


class Domain(models.Model):
    host = models.CharField(max_length=253, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="domains")
    is_primary = models.BooleanField(db_default=False)

    class Meta:
        ordering = ("host",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="domain_one_primary"
            ),
        ]

    def __str__(self) -> str:
        return self.host
