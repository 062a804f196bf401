"""What `manage.py check` says about the models before the first question does."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from assistant.llm.configuration import model_settings


def check_models(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        model_settings()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="assistant.E001")]
    return []
