"""The web server and the workers: started, watched, started again, and heard."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.stack.processes import spawn, stop
from config.stack.progress import Say

STOP_SECONDS = 12.0
RESTARTS_MAX = 5
RESTARTS_WINDOW_SECONDS = 60.0
_BACK_OFF_SECONDS = 0.5
# What a process takes from the list of work (see config.settings.work); a server takes nothing.
_QUEUES = "DRAWBRIDGE_WORKER_QUEUES"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a service runs, and what it is told beside what all of them are told."""

    name: str
    command: list[str]
    environ: Mapping[str, str] = field(default_factory=dict)


class Service:
    """One child of ours; `say` gets each line it prints, and its log file gets them all."""

    def __init__(
        self, name: str, command: list[str], *, log: Path, environ: Mapping[str, str], say: Say
    ) -> None:
        self.name = name
        self._command = command
        self._log = log
        self._environ = environ
        self._say = say
        self._starts: list[float] = []
        self._child: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._starts.append(time.monotonic())
        self._child = spawn(
            self._command, environ=self._environ, cwd=Path(__file__).resolve().parents[2]
        )
        threading.Thread(target=self._listen, args=(self._child,), daemon=True).start()

    @property
    def pid(self) -> int:
        """Return its process, or 0 while there is none."""
        return self._child.pid if self._child is not None and not self.is_dead else 0

    @property
    def log(self) -> Path:
        return self._log

    @property
    def is_dead(self) -> bool:
        return self._child is not None and self._child.poll() is not None

    def may_restart(self) -> bool:
        """Tell whether another start is worth trying, after waiting a little longer each time."""
        since = time.monotonic() - RESTARTS_WINDOW_SECONDS
        self._starts = [moment for moment in self._starts if moment > since]
        if len(self._starts) > RESTARTS_MAX:
            return False
        time.sleep(_BACK_OFF_SECONDS * len(self._starts))
        return True

    def stop(self) -> None:
        if self._child is not None:
            stop(self._child, with_signal=signal.SIGTERM, seconds=STOP_SECONDS)

    def _listen(self, child: subprocess.Popen[str]) -> None:
        if child.stdout is None:
            return
        with self._log.open("a") as log:
            for line in child.stdout:
                log.write(line)
                log.flush()
                self._say(f"{self.name:7} {line.rstrip()}")


def plans(port: int) -> tuple[Plan, ...]:
    """Return what `make up` runs beside the servers, in the order it is started."""
    return (
        Plan("web", web_command(port), {_QUEUES: ""}),
        Plan("answers", worker_command("answers"), {_QUEUES: "ANSWERS"}),
        Plan("files", worker_command("files"), {_QUEUES: "INGESTION"}),
    )


def web_command(port: int, *, grace_seconds: int = 5) -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "config.asgi:application"),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--http", "config.http_protocol:HttpProtocol", "--timeout-keep-alive", "5"),
        *("--timeout-graceful-shutdown", str(grace_seconds), "--no-access-log"),
        # Who is before a proxy is read in one place, by DRAWBRIDGE_PROXIES, and never believed here.
        "--no-proxy-headers",
    ]


def worker_command(name: str) -> list[str]:
    # Celery only rings here: what is done runs in the pollers' own slots.
    return [
        *(sys.executable, "-m", "celery", "--app", "config.celery", "worker"),
        *("--hostname", f"{name}@%h"),
        *("--pool", "threads", "--concurrency", "1", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
