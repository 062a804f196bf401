"""The app that carries the project's own commands, pages' static files and translations."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules

from config.connections import check_connections


class ConfigApp(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        # Whoever does a job says so in its app's `tasks`.
        autodiscover_modules("tasks")
        register(check_connections, Tags.database)
