"""The app that carries the project's own commands, pages' static files and translations."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from config import celery
from config.connections import check_connections


class ConfigApp(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        # Else whoever wakes a worker would speak to Celery's default broker.
        celery.app.set_default()
        register(check_connections, Tags.database)
