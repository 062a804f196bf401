"""The web server and the worker: started, watched, started again, and heard."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from config.stack.processes import spawn, stop

STOP_SECONDS = 12.0
RESTARTS_MAX = 5
RESTARTS_WINDOW_SECONDS = 60.0
_BACK_OFF_SECONDS = 0.5

Say = Callable[[str], None]


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


def web_command(port: int, *, grace_seconds: int = 5) -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "config.asgi:application"),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--http", "config.http_protocol:HttpProtocol", "--timeout-keep-alive", "5"),
        *("--timeout-graceful-shutdown", str(grace_seconds), "--no-access-log"),
    ]


def worker_command() -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "--app", "config.celery", "worker"),
        *("--pool", "threads", "--concurrency", "4", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
