"""Fixtures that name models: offered once the settings are there, and only where tests run."""

import os

import pytest


def offer_fixtures(config: pytest.Config, module: str) -> None:
    # The process that only hands out tests to workers never sets Django up.
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        config.pluginmanager.import_plugin(module)
