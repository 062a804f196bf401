"""The app that carries the project's own commands, pages' static files and translations."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "config"
    label = "config"
