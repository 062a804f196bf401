"""Offers the fixtures of `driving`, which name models and so must wait for the settings."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    # The process that only hands out tests to workers never sets Django up.
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        config.pluginmanager.import_plugin("tests.browser.driving")
