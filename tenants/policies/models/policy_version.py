"""One version of a policy, as an owner published it; rows are added, never changed."""

from django.conf import settings
from django.db import models


class PolicyVersion(models.Model):
    """`document` is the policy as plain values (drawbridge-policy/1); the newest is in force."""

    version = models.IntegerField(primary_key=True)
    document = models.JSONField()
    note = models.CharField(max_length=200, blank=True, db_default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-version",)
        constraints = [
            # Version 1 is the one every tenant begins with; it is in the code.
            models.CheckConstraint(
                condition=models.Q(version__gt=1), name="policy_version_after_the_first"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"
