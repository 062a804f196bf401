"""Entering a scope in a thread that lives on: its connection is kept, but none that died or grew old."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections

from tenants.base.context import Scope, scope


@contextmanager
def entered(wanted: Scope) -> Iterator[Scope]:
    """Run the block as this scope, as a request of Django's would with its connection."""
    close_old_connections()
    try:
        with scope(wanted):
            yield wanted
    finally:
        close_old_connections()
