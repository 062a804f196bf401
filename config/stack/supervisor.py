"""`make up` and `make demo`: everything started in order, watched, and stopped again."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from config.stack.errors import StackError
from config.stack.processes import LOOPBACK, free_port, spawn, tail
from config.stack.progress import ADVICE, Say, Wait, Work, say_aloud, wait_for_end
from config.stack.services import Service, plans
from config.stack.stack import Stack
from config.stack.talk import Door, Spoken, ask_aloud

DEMO_HOST = "demo.localhost"
ENGLISH = "How many weeks of parental leave do part-time staff get?"
CHINESE = "出差到一线城市的住宿标准是每晚多少钱？"
_LOOK_SECONDS = 0.3
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# One answer of a busy machine; the wait as a whole has no end while something moves.
_HEALTH_SECONDS = 10.0


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
        """Start servers, bring the schema up to date, start what serves.

        Raises: StackError.
        """
        self.port = free_port(int(os.environ.get("DRAWBRIDGE_PORT", "8000")))
        self._environ = {
            **os.environ,
            **self._stack.start().environ,
            "DRAWBRIDGE_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        self.manage("migrate_tenants")
        logs = self.state / "logs"
        for plan in plans(self.port):
            service = Service(
                plan.name,
                plan.command,
                log=logs / f"{plan.name}.log",
                environ={**self._environ, **plan.environ},
                say=self._say,
            )
            self._services.append(service)
            service.start()
        self._wait_for_web()

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

    def fill_demo(self) -> None:
        """Make the demo tenant and wait for its documents.

        Raises: StackError.
        """
        self.manage("seed_demo", "--wait")

    def manage(self, *arguments: str) -> None:
        """Run a management command and show what it prints.

        Raises: StackError.
        """
        command = f"manage.py {' '.join(arguments)}"
        child = spawn(
            [sys.executable, "manage.py", *arguments], environ=self._environ, cwd=self._root
        )
        wait = Wait(command, Work(lambda: [child.pid, *self.pids]))
        hearer = threading.Thread(target=_repeat, args=[child, wait], daemon=True)
        hearer.start()
        status = wait_for_end(child, wait)
        hearer.join()
        if status:
            raise StackError(f"{command} failed; {ADVICE}")

    @property
    def pids(self) -> list[int]:
        """Return the processes that work for this house: servers and services."""
        return [*self._stack.pids, *(service.pid for service in self._services if service.pid)]

    def ask(self, question: str) -> Spoken:
        """Raises: StackError."""
        return ask_aloud(self._door(), question, signs=Work(lambda: self.pids))

    def _door(self) -> Door:
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
        web = self._services[0]
        wait = Wait("the web server", Work(lambda: [web.pid], web.log), advice=f"see {web.log}")
        while not _is_healthy(self.port):
            for service in self._services:
                if service.is_dead:
                    raise StackError(
                        f"{service.name} ended before the site answered: {tail(service.log)}; "
                        f"{ADVICE}"
                    )
            wait.look_and_rest()


def up(root: Path) -> int:
    """Serve until Ctrl-C; ask one question on the first start. Return an exit status."""

    def serve(house: House) -> None:
        begun = time.monotonic()
        house.open()
        is_filled = _went_well(house.fill_demo)
        ready_seconds = time.monotonic() - begun
        asked = house.state / "first-question-asked"
        if is_filled and not asked.exists() and _went_well(lambda: house.ask(ENGLISH)):
            asked.touch()
        _went_well(lambda: house.manage("welcome", "--seconds", f"{ready_seconds:.1f}"))
        house.watch()

    return _guarded(root, serve, say=lambda line: print(line, flush=True))


def demo(root: Path) -> int:
    """Ask one English and one Chinese question, stop everything. Return an exit status."""

    def show(house: House) -> None:
        house.open()
        house.fill_demo()
        for question in (ENGLISH, CHINESE):
            if not house.ask(question).citations:
                raise StackError(f"the answer to {question!r} cites nothing")

    return _guarded(root, show, say=lambda _line: None)


def _repeat(child: subprocess.Popen[str], wait: Wait) -> None:
    """Show what a command prints; while it speaks nobody need speak for it."""
    for line in child.stdout or ():
        print(line, end="", flush=True)
        wait.hear()


def _went_well(step: Callable[[], object]) -> bool:
    """Take a step that a site can do without: what fails is said, and the site stays up."""
    try:
        step()
    except StackError as error:
        say_aloud(f"warning: {error}. The site is up all the same.")
        return False
    return True


def _guarded(root: Path, work: Callable[[House], None], *, say: Say) -> int:
    # Said outright, because a shell lets its background jobs inherit an ignored SIGINT.
    for signal_number in _STOPPING:
        signal.signal(signal_number, _interrupt)
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
        for signal_number in _STOPPING:
            signal.signal(signal_number, signal.SIG_IGN)
        house.close()
    return 0


def _interrupt(_signal_number: int, _frame: FrameType | None) -> None:
    raise Interrupted


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_HEALTH_SECONDS)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
