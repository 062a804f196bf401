"""A Valkey of one trial's own, to be killed, frozen, flushed and starved."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Self

import redis

from config.stack.valkey import reachable_binary
from tests.harness import servers


class OwnValkey:
    """Keeps an append-only file, as the one of an installation does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "v"
        self._process: subprocess.Popen[bytes] | None = None
        folder.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(folder, servers.NOBODY, servers.NOBODY)

    @property
    def url(self) -> str:
        return f"unix://{self._socket}?db=0"

    def start(self) -> None:
        self._socket.unlink(missing_ok=True)
        options = {
            "port": 0,
            "unixsocket": self._socket,
            "save": "",
            "dir": self._folder,
            "appendonly": "yes",
        }
        words = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        self._process = servers._spawn(
            [reachable_binary(servers.located().state), *words],
            servers.located().state / "own-valkey.log",
        )
        with self.client() as client:
            servers._until(client.ping, redis.ConnectionError)

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self._socket))

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait(10)

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()

    def limit_memory(self, size_bytes: int) -> None:
        with self.client() as client:
            client.config_set("maxmemory", size_bytes)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
