"""CLD-08: the disk under PostgreSQL and the files is full: refused clearly, nothing accepted lost."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from config.stack.stack import Stack
from tests.harness.processes import LiveServer, LiveWorker
from tests.harness.servers import ROOT

DISK = "400m"
HEAL_SECONDS = 120.0
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DRAWBRIDGE_STATE", "DRAWBRIDGE_FILES")
HOST = "full.localhost"
# Long enough that some dozens need another segment of the write-ahead log.
QUESTION = "Why is the disk full? " * 200


class FullHouse:
    """A stack, web and worker on a small disk of their own."""

    def __init__(self, stack: Stack, disk: Path, environ: Mapping[str, str]) -> None:
        self.stack = stack
        self.ballast = disk / "ballast"
        self._environ = {**os.environ, **environ}
        self.server = LiveServer(**environ)
        self.worker = LiveWorker()
        self.worker.environment |= {**environ, "DRAWBRIDGE_QUESTIONS_PER_PERSON": "8"}
        self.key = ""

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self._environ,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def call(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Host": HOST, "Authorization": f"Bearer {self.key}"}
        return requests.request(
            method, self.server.url + path, headers=headers, timeout=60, **options
        )

    def fill(self) -> None:
        """Leave not a byte on the disk."""
        with self.ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError:
                    continue

    def states(self, run_ids: list[str]) -> list[str]:
        answers = [self.call("GET", f"/api/v1/runs/{run_id}") for run_id in run_ids]
        return [answer.json().get("state", "") if answer.ok else "" for answer in answers]


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[FullHouse]:
    if os.geteuid() != 0:
        pytest.skip("a disk of one's own needs root")
    with tempfile.TemporaryDirectory(prefix="dbf-", dir="/tmp") as folder:
        disk = Path(folder)
        disk.chmod(0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", disk], check=True)
        stack = Stack(ROOT, state_dir=disk / "s", want_model=False)
        try:
            with monkeypatch.context() as bare:
                for name in GIVEN:
                    bare.delenv(name, raising=False)
                environ = stack.start().environ
            made = FullHouse(stack, disk, environ)
            made.manage("migrate_tenants")
            owner = "owner@full.example"
            made.manage("create_tenant", "full", "--name", "Full", "--owner-email", owner)
            words = ("--tenant", "full", "--email", owner, "--name", "trial")
            made.key = made.manage("create_key", *words).strip()
            with made.server, made.worker:
                yield made
        finally:
            stack.stop()
            subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_cld_08_a_full_disk_is_refused_and_nothing_accepted_is_lost(house: FullHouse) -> None:
    statuses: list[int] = []
    accepted: list[str] = []

    def ask() -> None:
        answer = house.call("POST", "/api/v1/runs", json={"question": QUESTION})
        statuses.append(answer.status_code)
        if answer.status_code == 202:
            accepted.append(answer.json()["id"])

    for _ in range(5):
        ask()
    house.fill()
    ends_at = time.monotonic() + HEAL_SECONDS
    while 503 not in statuses and time.monotonic() < ends_at:
        ask()
    upload = house.call("POST", "/api/v1/documents", files={"file": ("a.md", b"# Full\n" * 9999)})
    assert set(statuses) == {202, 503}
    assert (upload.status_code in {503, 507}, upload.headers["content-type"]) == (
        True,
        "application/problem+json",
    )

    house.ballast.unlink()
    ends_at = time.monotonic() + HEAL_SECONDS
    while set(house.states(accepted)) != {"DONE"} and time.monotonic() < ends_at:
        # What the supervisor does in its own loop.
        house.stack.revive()
        time.sleep(0.3)
    print(f"CLD-08: {len(accepted)} accepted, {len(statuses) - len(accepted)} refused")
    assert set(house.states(accepted)) == {"DONE"}
    again = house.call("POST", "/api/v1/runs", json={"question": "And now?"})
    assert (again.status_code, json.loads(again.text)["state"]) == (202, "QUEUED")
