"""Where the servers keep their data, their sockets and their secrets."""

import errno
import hashlib
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.stack.errors import StackError

NOBODY = 65534
SYSTEM_FOLDER = Path("/var/lib/drawbridge")
SOCKET_PATH_BYTES_MAX = 107
FREE_BYTES_MIN = 300 * 1024 * 1024
_LONGEST_SOCKET = ".s.PGSQL.65535.lock"
# Anything else would have to be quoted differently in each of three kinds of address.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


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
    return SYSTEM_FOLDER / name


def prepare(root: Path, state_dir: Path | None) -> Places:
    """Make the folders with the modes they need, and leave the pointer in `.run/`."""
    state = (state_dir or default_state_dir(root)).resolve()
    places = Places(state, _short_folder(state))
    try:
        _make_state(state)
        if state_dir is None:
            run = root / ".run"
            run.mkdir(exist_ok=True)
            (run / "pointer").write_text(f"{state}\n")
        for folder in (places.logs, places.files):
            folder.mkdir(exist_ok=True, mode=0o700)
        give_to_servers(places.sockets)
    except OSError as error:
        raise failure_at(error, state) from error
    return places


def failure_at(error: OSError, fallback: Path) -> StackError:
    """Turn what the system says about a file into one clear line."""
    path = error.filename or fallback
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StackError(f"the disk that holds {path} is full; free some space and try again")
    return StackError(f"{path} cannot be used: {error.strerror}")


def give_to_servers(folder: Path) -> None:
    """Make a folder that only the servers' user, and root, may enter."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _refuse_foreign(folder)
    folder.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)


def copy_for_servers(source: Path, target: Path) -> None:
    """Copy programs so that everybody may read and run them, whatever the umask was."""
    unfinished = target.with_name(f"{target.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished, symlinks=True)
    for path in (target.parent, unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def reachable_by_servers(path: Path) -> Path | None:
    """Return the first folder on the way that the servers' user may not pass, if any."""
    if os.geteuid() != 0:
        return None
    for folder in reversed(path.resolve().parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def remove(root: Path) -> None:
    """Delete what a stopped stack has kept, the pointer included.

    Raises: StackError.
    """
    state = default_state_dir(root).resolve()
    try:
        for folder in (_short_folder(state), state, root / ".run"):
            if folder.exists():
                shutil.rmtree(folder)
    except OSError as error:
        raise failure_at(error, state) from error


def _short_folder(state: Path) -> Path:
    folder = state / "sockets"
    is_short = len(os.fsencode(folder / _LONGEST_SOCKET)) <= SOCKET_PATH_BYTES_MAX
    if is_short and _PLAIN_PATH.fullmatch(str(folder)):
        return folder
    name = hashlib.sha256(str(state).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"drawbridge-{os.geteuid()}-{name}"


def _make_state(state: Path) -> None:
    state.mkdir(parents=True, exist_ok=True)
    # Root's servers run as nobody, who must pass through but not list, whatever the umask is.
    state.chmod(0o711 if os.geteuid() == 0 else 0o700)
    if state.parent == SYSTEM_FOLDER:
        SYSTEM_FOLDER.chmod(0o711)
    _refuse_full_disk(state)


def _refuse_foreign(folder: Path) -> None:
    """Somebody else may have made a folder of that name under /tmp before us."""
    found = folder.lstat()
    mine = {os.geteuid()} | ({NOBODY} if os.geteuid() == 0 else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in mine:
        raise StackError(f"{folder} belongs to somebody else; remove it and try again")


def _refuse_full_disk(state: Path) -> None:
    free = shutil.disk_usage(state).free
    if free < FREE_BYTES_MIN:
        raise StackError(
            f"only {free // 2**20} MB are free under {state}; the servers need "
            f"{FREE_BYTES_MIN // 2**20} MB. Nothing was started; free some space and try again."
        )
