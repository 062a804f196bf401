"""Conversations and runs, kept in each tenant's own schema."""

from django.apps import AppConfig


class AssistantApp(AppConfig):
    name = "assistant"
    label = "assistant"
