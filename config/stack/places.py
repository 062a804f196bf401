"""Where the servers keep their data, their sockets and their secrets."""

import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.stack.errors import StackError

NOBODY = 65534
SOCKET_PATH_BYTES_MAX = 107
FREE_BYTES_MIN = 300 * 1024 * 1024
_LONGEST_SOCKET = ".s.PGSQL.65535.lock"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one stack; `sockets` is short enough for a Unix socket."""

    state: Path
    sockets: Path

    @property
    def secrets(self) -> Path:
        return self.state / "secrets.json"

    @property
    def record(self) -> Path:
        return self.state / "stack.json"

    @property
    def lock(self) -> Path:
        return self.state / "lock"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def files(self) -> Path:
        return self.state / "files"


def default_state_dir(root: Path) -> Path:
    """Return the state folder of a project.

    As root it lies where the user PostgreSQL is dropped to can reach it, whatever folder the
    clone is in; `.run/` keeps the pointer to it.
    """
    run = root / ".run"
    if os.geteuid() != 0:
        return run / "state"
    name = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]
    return Path("/var/lib/drawbridge") / name


def prepare(root: Path, state_dir: Path | None) -> Places:
    """Make the folders with the modes they need, and leave the pointer in `.run/`."""
    state = (state_dir or default_state_dir(root)).resolve()
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StackError(f"the state folder {state} cannot be made: {error.strerror}") from error
    # Root's servers run as nobody, who must pass through but not list.
    state.chmod(0o711 if os.geteuid() == 0 else 0o700)
    _refuse_full_disk(state)
    if state_dir is None:
        run = root / ".run"
        run.mkdir(exist_ok=True)
        (run / "pointer").write_text(f"{state}\n")
    places = Places(state, _short_folder(state))
    for folder in (places.logs, places.files):
        folder.mkdir(exist_ok=True, mode=0o700)
    give_to_servers(places.sockets)
    return places


def give_to_servers(folder: Path) -> None:
    """Make a folder that only the servers' user, and root, may enter."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)


def reachable_by_servers(path: Path) -> Path | None:
    """Return the first folder on the way that the servers' user may not pass, if any."""
    if os.geteuid() != 0:
        return None
    for folder in reversed(path.resolve().parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def remove(root: Path) -> None:
    """Delete what a stopped stack has kept, the pointer included."""
    state = default_state_dir(root)
    shutil.rmtree(_short_folder(state.resolve()), ignore_errors=True)
    shutil.rmtree(state, ignore_errors=True)
    shutil.rmtree(root / ".run", ignore_errors=True)


def _short_folder(state: Path) -> Path:
    folder = state / "sockets"
    if len(os.fsencode(folder / _LONGEST_SOCKET)) <= SOCKET_PATH_BYTES_MAX:
        return folder
    name = hashlib.sha256(str(state).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"drawbridge-{os.geteuid()}-{name}"


def _refuse_full_disk(state: Path) -> None:
    free = shutil.disk_usage(state).free
    if free < FREE_BYTES_MIN:
        raise StackError(
            f"only {free // 2**20} MB are free under {state}; the servers need "
            f"{FREE_BYTES_MIN // 2**20} MB. Nothing was started; free some space and try again."
        )
