"""Starts the servers once, gives each worker its database, then offers tenants and people."""

import io
import os

import django
import pytest
from django.core.management import call_command

from tests.harness import databases, servers, sorting

_running = pytest.StashKey[servers.Running]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        found = servers.located()
    else:
        config.stash[_running] = servers.start()
        found = config.stash[_running].servers
        if config.getoption("numprocesses", None):
            return
    databases.prepare_environment(found)
    django.setup()
    # The copy of a database has no roles of its own yet.
    call_command("migrate_tenants", stdout=io.StringIO())
    # Only now, because fixtures name models.
    config.pluginmanager.import_plugin("tests.harness.fixtures")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    sorting.sort_out(items)


def pytest_unconfigure(config: pytest.Config) -> None:
    if "DATABASE_URL" in os.environ:
        databases.drop_database(servers.located())
    if _running in config.stash:
        config.stash[_running].stop()
