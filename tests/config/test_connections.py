"""The check that counts connections to the database before they run out."""

from django.core import checks
from django.test import override_settings

from config.connections import check_connections, connections_allowed, connections_needed


def test_every_thread_that_may_hold_a_connection_is_counted() -> None:
    needed = connections_needed()
    with override_settings(PAGE_THREADS=10, LANE_THREADS=11):
        assert connections_needed()["web"] == needed["web"] + 2 + 3


def test_the_check_says_how_many_are_needed_of_how_many() -> None:
    [said] = check_connections(None, databases=["default"])

    assert said.level == checks.INFO
    assert f"{sum(connections_needed().values())} connections" in said.msg
    assert f"of {connections_allowed()} allowed" in said.msg


def test_too_few_are_an_error_before_they_are_an_outage() -> None:
    with override_settings(LANE_THREADS=connections_allowed()):
        [said] = check_connections(None, databases=["default"])

    assert (said.level, said.id) == (checks.ERROR, "config.E001")


def test_nothing_is_asked_of_a_database_that_is_not_named() -> None:
    assert check_connections(None, databases=None) == []
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    assert "config.I001" in [each.id for each in found]
