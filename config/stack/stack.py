"""The whole stack, started and stopped in order."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from config.stack.bootstrap import Logins, bootstrap_embedded, bootstrap_external
from config.stack.children import Child
from config.stack.errors import StackError
from config.stack.folders import Folders, failure_at, folders_of, make_folders
from config.stack.given import given_environ, secret_of
from config.stack.model import (
    ModelServer,
    Say,
    launch_model,
    say_on_stderr,
    wait_for_model,
    wanted_model,
)
from config.stack.passwords import Passwords, passwords_in
from config.stack.postgres import start_postgres, wait_for_postgres
from config.stack.running import StackAddress, StackLock, attached, publish, withdraw
from config.stack.valkey import start_valkey, valkey_url, wait_for_valkey

__all__ = ["Stack", "StackAddress", "attached"]


class Stack:
    """The servers of one project folder, children of this process.

    `want_model` False starts no language model, whatever LOCAL_MODEL says.
    """

    def __init__(
        self, root: Path, state_dir: Path, want_model: bool, *, say: Say = say_on_stderr
    ) -> None:
        self.root = root.resolve()
        self.folders: Folders = folders_of(state_dir)
        self.want_model = want_model
        self.say = say
        self.children: list[Child] = []
        self._waits: dict[str, Callable[[], None]] = {}
        self._lock = StackLock(self.folders.state)

    def start(self) -> StackAddress:
        """Start what is not given from outside and wait until all of it answers.

        Raises: StackError; whatever was started by then is stopped again.
        """
        make_folders(self.folders)
        self._lock.take()
        try:
            address = self._start_all()
            publish(self.folders.state, address)
        except OSError as error:
            self.stop()
            raise failure_at(error, self.folders.state) from error
        except BaseException:
            self.stop()
            raise
        return address

    def stop(self) -> None:
        """Stop everything, the last started first; harmless when nothing runs."""
        withdraw(self.folders.state)
        for child in reversed(self.children):
            child.signal_stop()
        for child in reversed(self.children):
            child.wait_stopped()
        self.children.clear()
        self._lock.release()

    def revive(self, child: Child) -> None:
        """Start a child that died once more, at the same address.

        Raises: StackError.
        """
        child.start()
        self._waits[child.name]()

    def __enter__(self) -> StackAddress:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _start_all(self) -> StackAddress:
        environ = given_environ(self.root)
        passwords = passwords_in(self.folders.data)
        # The weights take longest, so they load while the other servers start.
        model = self._launch_model(environ, passwords)
        logins = self._database(environ, passwords)
        redis_url = secret_of(environ, "REDIS_URL") or self._valkey(passwords)
        if model is not None:
            self._await_model(model, environ, passwords)
        state = self.folders.state
        environ["DATABASE_URL"] = logins.app_url
        environ["DATABASE_OWNER_URL"] = logins.owner_url
        environ["REDIS_URL"] = redis_url
        environ["DRAWBRIDGE_STATE"] = str(state)
        environ.setdefault("DRAWBRIDGE_FILES", str(state / "files"))
        if not secret_of(environ, "DRAWBRIDGE_SECRET_KEY"):
            environ["DRAWBRIDGE_SECRET_KEY"] = passwords.secret_key
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
            environ.pop(f"{name}_FILE", None)
        return StackAddress(environ, {child.name: child.pid for child in self.children})

    def _database(self, environ: dict[str, str], passwords: Passwords) -> Logins:
        app_url = secret_of(environ, "DATABASE_URL")
        owner_url = secret_of(environ, "DATABASE_OWNER_URL")
        if app_url and owner_url:
            return Logins(app_url, owner_url)
        if app_url:
            return bootstrap_external(app_url, passwords)
        child = start_postgres(self.folders, passwords)
        self._keep(child, lambda: wait_for_postgres(child, self.folders, passwords))
        return bootstrap_embedded(self.folders, passwords)

    def _valkey(self, passwords: Passwords) -> str:
        child = start_valkey(self.folders, passwords)
        self._keep(child, lambda: wait_for_valkey(child, self.folders, passwords))
        return valkey_url(self.folders, passwords)

    def _launch_model(self, environ: dict[str, str], passwords: Passwords) -> ModelServer | None:
        file = wanted_model(environ, self.say) if self.want_model else None
        if file is None:
            return None
        server = launch_model(file, self.folders, passwords, self.root)
        self._keep(server.child, lambda: wait_for_model(server))
        return server

    def _await_model(
        self, server: ModelServer, environ: dict[str, str], passwords: Passwords
    ) -> None:
        """A model that will not start costs its answers, not the whole stack."""
        try:
            wait_for_model(server)
        except StackError as error:
            self.say(f"{error}; answers are quotations")
            server.child.signal_stop()
            server.child.wait_stopped()
            self.children.remove(server.child)
            return
        environ["LOCAL_MODEL_URL"] = server.url
        environ["LOCAL_MODEL_KEY"] = passwords.model
        environ["LOCAL_MODEL_NAME"] = server.name

    def _keep(self, child: Child, wait: Callable[[], None]) -> None:
        self.children.append(child)
        self._waits[child.name] = wait
