"""The whole stack: what is started in which order, and what replaces a part of it."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, unquote, urlsplit

import psycopg
from psycopg.pq import Ping

from config.stack.bootstrap import APP, DATABASE, OWNER, bootstrap, bootstrap_within
from config.stack.errors import StackError
from config.stack.model import ModelServer, chosen_model
from config.stack.places import Places, failure_at, prepare
from config.stack.postgres import RECOVERING, Postgres, in_one_line, ping
from config.stack.progress import Wait
from config.stack.records import secrets_of, take_lock, write_private
from config.stack.valkey import Valkey

# Away is told from slow: one that is starting says so itself.
GIVEN_CONNECT_SECONDS = 15
_PASSED_ON = ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL", "LOCAL_MODEL")


@dataclass(frozen=True, slots=True)
class StackAddress:
    """The environment with which a process reaches the stack."""

    environ: Mapping[str, str]


class Stack:
    """Servers of one project; those given by the environment are used and never touched."""

    def __init__(
        self, root: Path, *, state_dir: Path | None = None, want_model: bool = True
    ) -> None:
        self._root = root
        self._state_dir = state_dir
        self._want_model = want_model
        self._running: list[Postgres | Valkey | ModelServer] = []
        self._lock: IO[str] | None = None

    def start(self) -> StackAddress:
        """Start what is missing, in order; on trouble stop what was started.

        Raises: StackError.
        """
        places = prepare(self._root, self._state_dir)
        self._lock = take_lock(places)
        # Of an earlier run; whoever wants to attach waits until there is a new one.
        places.record.unlink(missing_ok=True)
        try:
            environ = self._start(places)
            write_private(places.record, json.dumps({"pid": os.getpid(), "environ": environ}))
        except OSError as error:
            self.stop()
            raise failure_at(error, places.state) from error
        except BaseException:
            self.stop()
            raise
        return StackAddress(environ)

    def stop(self) -> None:
        """Stop what this stack started, in the opposite order."""
        while self._running:
            self._running.pop().stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def pids(self) -> list[int]:
        return [server.child.pid for server in self._running if server.child is not None]

    def dead_servers(self) -> list[str]:
        """Name the servers that have ended by themselves, and where their log is."""
        return [
            f"{type(server).__name__} ended (status {server.child.returncode}); see {server.log}"
            for server in self._running
            if server.child is not None and server.child.poll() is not None
        ]

    def revive(self) -> None:
        """Start again what has ended, at the same address.

        Raises: StackError.
        """
        for server in self._running:
            if server.child is not None and server.child.poll() is not None:
                server.start()

    def __enter__(self) -> StackAddress:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _start(self, places: Places) -> dict[str, str]:
        passwords = secrets_of(places)
        environ = {
            "DRAWBRIDGE_STATE": str(places.state),
            "DRAWBRIDGE_FILES": os.environ.get("DRAWBRIDGE_FILES", str(places.files)),
            "DRAWBRIDGE_SECRET_KEY": os.environ.get(
                "DRAWBRIDGE_SECRET_KEY", passwords["secret_key"]
            ),
        }
        environ |= {name: os.environ[name] for name in _PASSED_ON if os.environ.get(name)}
        environ |= self._start_database(places, passwords)
        environ |= self._start_valkey(places, passwords)
        environ |= self._start_model(places, passwords)
        return environ

    def _start_database(self, places: Places, passwords: dict[str, str]) -> dict[str, str]:
        given, owner = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
        if given and owner:
            return {"DATABASE_URL": given, "DATABASE_OWNER_URL": owner}
        if given:
            return _bootstrapped(given, passwords)
        server = Postgres(places, passwords["superuser"])
        self._begin(server)
        bootstrap(server.connect, owner_password=passwords["owner"], app_password=passwords["app"])
        return {
            "DATABASE_URL": server.url(APP, passwords["app"], DATABASE),
            "DATABASE_OWNER_URL": server.url(OWNER, passwords["owner"], DATABASE),
        }

    def _start_valkey(self, places: Places, passwords: dict[str, str]) -> dict[str, str]:
        given = os.environ.get("REDIS_URL")
        if given:
            return {"REDIS_URL": given}
        server = Valkey(places, passwords["valkey"])
        self._begin(server)
        return {"REDIS_URL": server.url}

    def _start_model(self, places: Places, passwords: dict[str, str]) -> dict[str, str]:
        choice = chosen_model() if self._want_model else None
        if choice is None:
            return {}
        server = ModelServer(places, self._root, passwords["model"], choice)
        self._begin(server)
        return server.environ

    def _begin(self, server: Postgres | Valkey | ModelServer) -> None:
        # Listed first, so that a server that starts but never answers is stopped as well.
        self._running.append(server)
        server.start()


def _bootstrapped(url: str, passwords: dict[str, str]) -> dict[str, str]:
    """Make both logins in a database that somebody else runs; `url` may create roles."""
    parts = urlsplit(url)
    database = unquote(parts.path.lstrip("/"))
    if not database:
        raise StackError("DATABASE_URL names no database")
    try:
        _wait_while_it_recovers(url)
        with psycopg.connect(
            url, autocommit=True, connect_timeout=GIVEN_CONNECT_SECONDS
        ) as connection:
            owner, app = bootstrap_within(
                connection,
                database,
                owner_password=passwords["owner"],
                app_password=passwords["app"],
            )
    except psycopg.Error as error:
        raise StackError(
            f"the database of DATABASE_URL cannot be prepared: {in_one_line(error)}"
        ) from error
    place = parts.netloc.rpartition("@")[2]

    def login(name: str, password: str) -> str:
        return parts._replace(netloc=f"{quote(name)}:{quote(password)}@{place}").geturl()

    return {
        "DATABASE_URL": login(app, passwords["app"]),
        "DATABASE_OWNER_URL": login(owner, passwords["owner"]),
    }


def _wait_while_it_recovers(url: str) -> None:
    # Its own word that it recovers is the sign of life.
    wait = Wait("the database of DATABASE_URL", time.monotonic)
    while ping(url) == Ping.REJECT:
        wait.look_and_rest(RECOVERING)
