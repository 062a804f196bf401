"""Where uploaded files lie: `<files>/<schema>/…`, under names of our own making."""

import hashlib
import os
import shutil
import tempfile
import uuid
from pathlib import Path, PurePosixPath

from django.conf import settings

from rag.errors import StorageFull
from tenants.base.context import current_scope

NAME_CHARS_MAX = 255
# Room left for the database's own growth while the file is indexed.
RESERVE_BYTES = 256 * 1024 * 1024
_READ_BYTES = 1024 * 1024
_INCOMING = "incoming"


def check_free_space(size_bytes: int) -> None:
    """Raise StorageFull before anything is promised."""
    reserve = getattr(settings, "STORAGE_RESERVE_BYTES", RESERVE_BYTES)
    if shutil.disk_usage(_tenant_folder()).free < size_bytes + reserve:
        raise StorageFull


def new_temp_path() -> Path:
    """Return a fresh empty file on the same disk, so that keeping it is only a rename."""
    folder = _tenant_folder() / _INCOMING
    folder.mkdir(mode=0o700, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    return Path(name)


def keep(temp_path: Path) -> str:
    """Move the file to its place and return its key."""
    key = uuid.uuid4().hex
    path = path_of(key)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.move(temp_path, path)
    path.chmod(0o600)
    return key


def path_of(storage_key: str) -> Path:
    """Return the path of a key made by `keep`; any other string is refused."""
    key = uuid.UUID(hex=storage_key).hex
    return _tenant_folder() / key[:2] / key


def remove(storage_key: str) -> None:
    path_of(storage_key).unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_READ_BYTES):
            digest.update(part)
        # What was accepted must survive a power cut.
        os.fsync(file.fileno())
    return digest.hexdigest()


def shown_name(name: str) -> str:
    """Return the last part of a file's name, fit to be shown; it is never used as a path."""
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(character for character in last if character.isprintable()).strip(" .")
    stem, dot, ending = printable.rpartition(".")
    if dot and len(printable) > NAME_CHARS_MAX:
        printable = f"{stem[: NAME_CHARS_MAX - 1 - len(ending[:20])]}.{ending[:20]}"
    return printable[:NAME_CHARS_MAX] or "document"


def _tenant_folder() -> Path:
    folder: Path = settings.FILES_ROOT / current_scope().schema
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
