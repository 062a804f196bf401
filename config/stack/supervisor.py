"""`make up` and `make demo`: everything started in order, watched, and stopped again."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from config.stack.errors import StackError
from config.stack.processes import LOOPBACK, free_port
from config.stack.services import Say, Service, web_command, worker_command
from config.stack.stack import Stack
from config.stack.talk import Door, ask_aloud

READY_SECONDS = 60.0
DEMO_HOST = "demo.localhost"
ENGLISH = "How many weeks of parental leave do part-time staff get?"
CHINESE = "出差到一线城市的住宿标准是每晚多少钱？"
_LOOK_SECONDS = 0.3


class Interrupted(BaseException):
    """A signal asked us to stop; like KeyboardInterrupt it passes every other handler."""


class House:
    """The stack and the services of one project folder."""

    def __init__(self, root: Path, *, say: Say) -> None:
        self._root = root
        self._say = say
        self._stack = Stack(root)
        self._services: list[Service] = []
        self._environ: dict[str, str] = {}
        self.port = 0

    @property
    def state(self) -> Path:
        return Path(self._environ["DRAWBRIDGE_STATE"])

    def open(self) -> None:
        """Start servers, bring the schema up to date, start web and worker, fill the demo."""
        self.port = free_port(int(os.environ.get("DRAWBRIDGE_PORT", "8000")))
        self._environ = {
            **os.environ,
            **self._stack.start().environ,
            "DRAWBRIDGE_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        self.manage("migrate_tenants")
        logs = self.state / "logs"
        for name, command, queues in (
            ("web", web_command(self.port), ""),
            ("answers", worker_command("answers"), "ANSWERS"),
            ("files", worker_command("files"), "INGESTION"),
        ):
            environ = {**self._environ, "DRAWBRIDGE_WORKER_QUEUES": queues}
            service = Service(
                name, command, log=logs / f"{name}.log", environ=environ, say=self._say
            )
            self._services.append(service)
            service.start()
        self._wait_for_web()
        self.manage("seed_demo", "--wait")

    def close(self) -> None:
        for service in reversed(self._services):
            service.stop()
        self._stack.stop()

    def watch(self) -> None:
        """Keep everything alive until asked to stop.

        Raises: StackError when a child dies faster than it is worth starting it.
        """
        while True:
            time.sleep(_LOOK_SECONDS)
            for line in self._stack.dead_servers():
                print(f"{line}; starting it again", flush=True)
            self._stack.revive()
            for service in self._services:
                if service.is_dead:
                    self._restart(service)

    def manage(self, *arguments: str) -> None:
        """Run a management command and show what it prints.

        Raises: StackError.
        """
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self._root,
            env=self._environ,
            check=False,
        )
        if done.returncode:
            raise StackError(f"manage.py {' '.join(arguments)} failed; what was kept is kept")

    def demo_door(self) -> Door:
        return Door(self.port, DEMO_HOST, (self.state / "demo-key").read_text().strip())

    def sign_in(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.state / "demo-signin.json").read_text())
        return found

    def _restart(self, service: Service) -> None:
        print(f"{service.name} ended; starting it again", flush=True)
        if not service.may_restart():
            raise StackError(
                f"{service.name} keeps ending; see {self.state / 'logs' / service.name}.log"
            )
        service.start()

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not _is_healthy(self.port):
            if any(service.is_dead for service in self._services):
                raise StackError(f"the services do not start; see {self.state / 'logs'}")
            if time.monotonic() > deadline:
                raise StackError(f"the site did not answer within {READY_SECONDS:.0f} s")
            time.sleep(0.05)


def up(root: Path) -> int:
    """Serve until Ctrl-C; ask one question on the first start. Return an exit status."""

    def serve(house: House) -> None:
        begun = time.monotonic()
        house.open()
        ready_seconds = time.monotonic() - begun
        asked = house.state / "first-question-asked"
        if not asked.exists():
            ask_aloud(house.demo_door(), ENGLISH)
            asked.touch()
        house.manage("welcome", "--seconds", f"{ready_seconds:.1f}")
        house.watch()

    return _guarded(root, serve, say=lambda line: print(line, flush=True))


def demo(root: Path) -> int:
    """Ask one English and one Chinese question, stop everything. Return an exit status."""

    def show(house: House) -> None:
        house.open()
        for question in (ENGLISH, CHINESE):
            spoken = ask_aloud(house.demo_door(), question)
            if not spoken.citations:
                raise StackError(f"the answer to {question!r} cites nothing")

    return _guarded(root, show, say=lambda _line: None)


def _guarded(root: Path, work: Callable[[House], None], *, say: Say) -> int:
    # Said outright, because a shell lets its background jobs inherit an ignored SIGINT.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    house = House(root, say=say)
    try:
        work(house)
    except (KeyboardInterrupt, Interrupted):
        print("\nstopping", flush=True)
    except StackError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        return 1
    finally:
        # A second Ctrl-C must not leave servers behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        house.close()
    return 0


def _interrupt(_signal_number: int, _frame: FrameType | None) -> None:
    raise Interrupted


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
