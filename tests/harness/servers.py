"""PostgreSQL and Valkey of one test run: started once, found by every xdist worker."""

import ctypes
import hashlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import redis

from config.stack.postgres import reachable_binaries
from config.stack.valkey import reachable_binary

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
START_SECONDS = 60
STOP_SECONDS = 60
OWNER, APP = "drawbridge_owner", "drawbridge_app"

_PR_SET_PDEATHSIG = 1
_BOOTSTRAP = f"""
CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE NOSUPERUSER;
ALTER ROLE {OWNER} SET createrole_self_grant = 'set';
CREATE ROLE {APP} LOGIN NOINHERIT NOSUPERUSER;
ALTER ROLE {APP} SET search_path = '';
"""
# In template1, so that every database of the run has the extensions in their own schema.
_EXTENSIONS = """
CREATE SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION vector SCHEMA extensions;
CREATE EXTENSION pg_trgm SCHEMA extensions;
CREATE EXTENSION unaccent SCHEMA extensions;
"""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers of this run listen; Unix sockets only."""

    state: Path
    postgres_port: int
    valkey_socket: Path

    @property
    def postgres_dir(self) -> Path:
        return self.state / "s"

    def database_url(self, login: str, database: str) -> str:
        return (
            f"postgresql://{login}@/{database}?host={self.postgres_dir}&port={self.postgres_port}"
        )

    def redis_url(self, number: int) -> str:
        return f"unix://{self.valkey_socket}?db={number}"


def state_dir() -> Path:
    """Return the folder of the test run, reachable for the user PostgreSQL runs as."""
    given = os.environ.get("DRAWBRIDGE_TEST_STATE")
    if given:
        return Path(given).resolve()
    if os.geteuid() != 0:
        return ROOT / ".run" / "test"
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"drawbridge-test-{name}"


def located() -> Servers:
    """Return the servers that another process of this run has started."""
    state = state_dir()
    return Servers(state, 5432, state / "s" / "valkey")


class Running:
    """The server processes, stopped in the order opposite to their start."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self._processes: list[tuple[subprocess.Popen[bytes], int]] = []

    def add(self, process: subprocess.Popen[bytes], stop_signal: int) -> None:
        self._processes.append((process, stop_signal))

    def stop(self) -> None:
        for process, stop_signal in reversed(self._processes):
            process.send_signal(stop_signal)
        for process, _stop_signal in reversed(self._processes):
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                # The last checkpoint takes long on a busy machine; nothing here is worth it.
                process.kill()
                process.wait()


def start() -> Running:
    servers = located()
    servers.state.mkdir(parents=True, exist_ok=True)
    running = Running(servers)
    _start_postgres(running)
    _start_valkey(running)
    return running


def _start_postgres(running: Running) -> None:
    servers = running.servers
    data, sockets = servers.state / "pg", servers.postgres_dir
    for folder in (data, sockets):
        folder.mkdir(exist_ok=True, mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
    # A clone in a folder of its owner alone is out of reach for the servers' user.
    binaries = reachable_binaries(servers.state)
    is_new = not (data / "PG_VERSION").exists()
    if is_new:
        _initdb(binaries, data)
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = {
        "unix_socket_directories": sockets,
        "listen_addresses": "",
        "port": servers.postgres_port,
        # Tests do without; benches do not.
        "fsync": os.environ.get("DRAWBRIDGE_TEST_FSYNC", "off"),
        "full_page_writes": "off",
        "max_connections": 200,
        "max_locks_per_transaction": 512,
        "recovery_init_sync_method": "syncfs",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    running.add(
        _spawn([binaries / "postgres", "-D", data, *options], servers.state / "postgres.log"),
        signal.SIGINT,
    )
    with _superuser(servers, "template1") as connection:
        if is_new:
            connection.execute(_BOOTSTRAP)
            connection.execute(_EXTENSIONS)


def _initdb(binaries: Path, data: Path) -> None:
    locale = ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command: list[Path | str] = [binaries / "initdb", "-D", data]
    command += ["-U", "postgres", "--auth=trust"]
    subprocess.run(
        [*command, "--encoding=UTF8", *locale, "--no-sync"],
        check=True,
        capture_output=True,
        cwd="/",
        **_identity(),
    )


def _superuser(servers: Servers, database: str) -> psycopg.Connection[Any]:
    url = servers.database_url("postgres", database)
    return _until(lambda: psycopg.connect(url, autocommit=True), psycopg.OperationalError)


def _start_valkey(running: Running) -> None:
    socket = running.servers.valkey_socket
    socket.unlink(missing_ok=True)
    settings = {"port": 0, "unixsocket": socket, "save": "", "dir": socket.parent}
    options = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    running.add(
        _spawn(
            [reachable_binary(running.servers.state), *options],
            running.servers.state / "valkey.log",
        ),
        signal.SIGTERM,
    )
    client = redis.Redis(unix_socket_path=str(socket))
    _until(client.ping, redis.ConnectionError)
    client.close()


def _spawn(command: list[Path | str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - pytest forks from its main thread
            **_identity(),
        )


def die_with_parent() -> None:
    """Ask the kernel to stop this child when the test run is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _until(ask: Callable[[], T], error: type[Exception]) -> T:
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            return ask()
        except error:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
