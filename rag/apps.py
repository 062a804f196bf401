"""Documents and their index, kept in each tenant's own schema."""

from django.apps import AppConfig


class RagApp(AppConfig):
    name = "rag"
    label = "rag"
