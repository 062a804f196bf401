"""Offers the fixtures of `talking`, which name models and so must wait for the settings."""

import pytest

from tests.harness.late import offer_fixtures


def pytest_configure(config: pytest.Config) -> None:
    offer_fixtures(config, "tests.assistant.talking")
