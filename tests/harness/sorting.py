"""Which tests stay on one worker, and which `make quick` leaves out."""

import pytest

_LIVE_FOLDERS = {"browser", "stack", "trials", "samples"}
# Fixtures that start servers, workers, models or, for each test, readers of files.
_LIVE_FIXTURES = {"local_server", "look", "server", "site", "worker"}


def sort_out(items: list[pytest.Item]) -> None:
    """Mark what is live, keep modules together that share something, begin with the slow ones."""
    # Whatever takes long at the very end is waited for by every other worker.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for item in items:
        if _is_live(item):
            item.add_marker("live")
        # What a module sets up for all its tests would else be set up on every worker.
        if _shares_module(item) and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _is_live(item: pytest.Item) -> bool:
    fixtures = _LIVE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures) or not _LIVE_FOLDERS.isdisjoint(item.path.parts)


def _shares_module(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    found = item._fixtureinfo.name2fixturedefs.values()
    return any(definitions[-1].scope == "module" for definitions in found)
