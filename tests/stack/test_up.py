"""`manage.py up` in a clone of its own: it serves, heals, and takes everything with it."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.stack.places import default_state_dir
from config.stack.processes import LOOPBACK, free_port
from config.stack.services import RESTARTS_MAX, Service
from tests.stack.processes import ROOT, is_running, wait_for

READY = "stop       Ctrl-C"
READY_SECONDS = 300
SERVED = {"postgres", "valkey-server", "uvicorn", "celery"}


class Up:
    """One run of the command in the clone, and what it has printed."""

    def __init__(self, clone: Path, port: int) -> None:
        self.clone = clone
        self.log = clone / "up.log"
        self.environ = {
            "PATH": os.defpath,
            "HOME": str(clone),
            "LOCAL_MODEL": "quote",
            "EMBEDDINGS": "scripted",
            "DRAWBRIDGE_PORT": str(port),
        }
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=clone,
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_for_words(self, words: str) -> None:
        def has_come() -> bool:
            assert self.process.poll() is None, self.printed
            return words in self.printed

        wait_for(has_come, seconds=READY_SECONDS)

    @property
    def printed(self) -> str:
        return self.log.read_text()

    @property
    def children(self) -> dict[int, str]:
        """Return the processes it has started, by the words of their command lines."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid): _command_line(int(pid)) for pid in path.read_text().split()}

    def child(self, name: str) -> int:
        return next((pid for pid, words in self.children.items() if name in words), 0)


@pytest.fixture
def clone(empty: Path) -> Iterator[Path]:
    """Copy what is tracked, and what will be; its data lie where a real clone's would."""
    target = empty / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    yield target
    state = default_state_dir(target)
    if state.exists():
        shutil.rmtree(state)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_up_serves_heals_and_takes_everything_with_it(clone: Path) -> None:
    port = free_port()
    first = Up(clone, port)
    first.wait_for_words(READY)
    assert {name for name in SERVED if first.child(name)} == SERVED
    assert _status(port, "demo.localhost") == 302
    assert "? How many weeks" in first.printed

    # Killed workers come back and answer a command that attaches from outside.
    for pid in [pid for pid, words in first.children.items() if "celery" in words]:
        os.kill(pid, signal.SIGKILL)
    for name in ("answers", "files"):
        first.wait_for_words(f"{name} ended; starting it again")
    answer = _ask(first)
    assert answer["error"] is None, answer
    assert answer["citations"], answer

    pids = list(first.children)
    first.process.kill()
    first.process.wait()
    wait_for(lambda: not any(is_running(pid) for pid in pids))

    second = Up(clone, port)
    second.wait_for_words(READY)
    pids = list(second.children)
    second.process.send_signal(signal.SIGINT)
    status = second.process.wait(timeout=40)

    assert status == 0
    assert [pid for pid in pids if is_running(pid)] == []
    # It is asked on the first start only.
    assert "? How many weeks" not in second.printed


def test_a_service_that_keeps_ending_is_given_up(empty: Path) -> None:
    lines: list[str] = []
    command = [sys.executable, "-c", "print('cannot')"]
    service = Service("web", command, log=empty / "web.log", environ={}, say=lines.append)
    starts = 0

    while True:
        service.start()
        starts += 1
        wait_for(lambda: service.is_dead)
        if not service.may_restart():
            break
    service.stop()

    assert starts == RESTARTS_MAX + 1
    wait_for(lambda: lines == ["web     cannot"] * starts)
    assert (empty / "web.log").read_text() == "cannot\n" * starts


def _ask(up: Up) -> dict[str, object]:
    question = "How many weeks of parental leave do parents get?"
    done = subprocess.run(
        [sys.executable, "manage.py", "ask", question, "--tenant", "demo", "--json"],
        cwd=up.clone,
        env=up.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def _status(port: int, host: str) -> int:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    connection.request("GET", "/", headers={"Host": f"{host}:{port}"})
    status = connection.getresponse().status
    connection.close()
    return status


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
