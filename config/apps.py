"""The app that carries the project's own commands, pages' static files and translations."""

from django.apps import AppConfig

from config import celery


class ConfigApp(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        # Else whoever wakes a worker would speak to Celery's default broker.
        celery.app.set_default()
