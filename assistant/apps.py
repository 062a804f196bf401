"""Conversations and runs, kept in each tenant's own schema."""

from django.apps import AppConfig
from django.core.checks import register

from assistant.checks import check_models


class AssistantApp(AppConfig):
    name = "assistant"
    label = "assistant"

    def ready(self) -> None:
        register(check_models)
