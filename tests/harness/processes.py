"""The web server and the worker of a test run, each a real process that dies with it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, ClassVar, Self

import requests

from config.stack.services import web_command
from tenants.hosts import TenantRef
from tests.harness.databases import worker_number
from tests.harness.servers import ROOT, die_with_parent, located

START_SECONDS = 60


class Process:
    """A child of the test run; what it says goes to a log file beside the databases."""

    def __init__(self, name: str, module: str, **environment: str) -> None:
        self.command = [sys.executable, "-m", *module.split()]
        self.log = located().state / f"{name}-{worker_number()}.log"
        self.environment = environment
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._child is not None, "not started"
        return self._child.pid

    def start(self) -> None:
        with self.log.open("wb") as output:
            self._child = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - pytest forks from its main thread
            )

    def stop(self, stop_signal: int = signal.SIGTERM) -> None:
        if self._child is None:
            return
        self._child.send_signal(stop_signal)
        try:
            self._child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(timeout=5)
        self._child = None

    def signal(self, number: signal.Signals) -> None:
        assert self._child is not None, "not started"
        self._child.send_signal(number)

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def has_ended(self) -> bool:
        return self._child is None or self._child.poll() is not None

    def fail_if_dead(self) -> None:
        if self._child is None or self._child.poll() is not None:
            raise RuntimeError(f"{self.command[2]} ended:\n{_tail(self.log)}")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


class LiveServer(Process):
    """The site as it is served, on a free port of the loopback."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        # As the stack starts it, so that trials meet the server that people meet.
        _python, _option, *module = web_command(self.port, grace_seconds=2)
        super().__init__("web", " ".join(module), DRAWBRIDGE_PORT=str(self.port), **environment)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url_of(self, tenant: TenantRef, path: str = "/") -> str:
        """Return an address for a browser, which resolves `*.localhost` by itself."""
        return f"http://{tenant.host}:{self.port}{path}"

    def host_of(self, tenant: TenantRef) -> str:
        return f"{tenant.host}:{self.port}"

    def request(self, tenant: TenantRef, method: str, path: str, **options: Any) -> Any:
        """Send one request to a tenant's host and return the response of `requests`."""
        headers = {"Host": self.host_of(tenant), **options.pop("headers", {})}
        options.setdefault("timeout", 60)
        options.setdefault("allow_redirects", False)
        return requests.request(method, self.url + path, headers=headers, **options)

    def start(self) -> None:
        super().start()
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            self.fail_if_dead()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError(f"the web server does not listen:\n{_tail(self.log)}")


class LiveWorker(Process):
    """A Celery worker; `-P threads` as in a local installation."""

    # Those of this test process that were started and not yet stopped.
    at_work: ClassVar[set["LiveWorker"]] = set()

    def __init__(
        self,
        pool: str = "threads",
        concurrency: int = 4,
        include: str = "",
        queue: str = "celery",
        **environment: str,
    ) -> None:
        super().__init__(
            f"worker-{pool}-{queue}",
            f"celery -A config.celery worker -P {pool} -c {concurrency} --queues {queue}"
            " --loglevel INFO --without-mingle --without-gossip"
            + (f" --include {include}" if include else ""),
            **environment,
        )

    def start(self) -> None:
        super().start()
        self.at_work.add(self)
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            self.fail_if_dead()
            if b" ready." in self.log.read_bytes():
                return
            time.sleep(0.05)
        raise TimeoutError(f"the worker is not ready:\n{_tail(self.log)}")

    def stop(self, stop_signal: int = signal.SIGTERM) -> None:
        self.at_work.discard(self)
        super().stop(stop_signal)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tail(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
