"""A person who signs in to one tenant."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Role(models.TextChoices):
    OWNER = "OWNER"
    MEMBER = "MEMBER"


class Person(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True, db_default="")
    role = models.CharField(max_length=10, choices=Role.choices, db_default=Role.MEMBER)
    is_active = models.BooleanField(default=True, db_default=True)
    language = models.CharField(max_length=10, blank=True, db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        ordering = ("email",)
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once_in_any_case"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="person_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER
