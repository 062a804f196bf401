"""Offers the fixtures of `driving`, which name models and so must wait for the settings."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("tests.browser.driving")
