"""The demo tenant is made once, also without a worker, and a second time costs nothing."""

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from config.management.commands import seed_demo
from config.management.commands.seed_demo import SLUG, progress_of, sample_files
from rag.models import Document, DocumentState
from tenants.base.context import platform_scope, scope
from tenants.people.models import ApiKey, KeyScope, Person
from tenants.provisioning import schema_of

SECOND_TIME_SECONDS = 1.0


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(seed_demo, "_IDLE_SECONDS", 0.0)
    monkeypatch.setattr(seed_demo, "_LOOK_SECONDS", 0.01)
    with override_settings(STATE_DIR=tmp_path):
        yield


def seed() -> str:
    said = io.StringIO()
    call_command("seed_demo", wait=True, stdout=said)
    return said.getvalue()


def test_demo_is_made_without_a_worker_and_only_once(tmp_path: Path) -> None:
    said = seed()
    started = time.perf_counter()
    said_again = seed()
    seconds = time.perf_counter() - started

    assert "made the tenant demo" in said
    assert (said_again, seconds < SECOND_TIME_SECONDS) == ("", True)
    with scope(platform_scope(schema_of(SLUG), "tests")):
        states = dict(Document.objects.values_list("name", "state"))
        assert states == {path.name: DocumentState.READY for path in sample_files()}
        [person] = Person.objects.all()
        [key] = ApiKey.objects.all()
    kept = json.loads((tmp_path / "demo-signin.json").read_text())
    assert (person.email, person.check_password(kept["password"])) == (kept["email"], True)
    assert sorted(key.scopes) == sorted(KeyScope.values)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"demo-signin.json": 0o600, "demo-key": 0o600}


@pytest.mark.parametrize(
    ("totals", "speed", "end"),
    [
        ([(0, 0)], 0.0, "0 of 0 passages"),
        ([(2, 10), (0, 0)], 4.0, "2 of 10 passages"),
        ([(2, 10), (0, 4)], 4.0, "2 of 14 passages, about 3 s"),
    ],
)
def test_time_left_is_told_once_it_can_be_known(
    totals: list[tuple[int, int]], speed: float, end: str
) -> None:
    waiting = [Document(chunks_done=done, chunks_total=total) for done, total in totals]

    assert progress_of(waiting, passages_per_second=speed).endswith(end)
