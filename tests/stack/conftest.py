"""A folder for a stack of one's own, and an environment in which nothing is given."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.stack.stack import Stack

GIVEN = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "OPENAI_BASE_URL",
    "DRAWBRIDGE_STATE",
    "DRAWBRIDGE_FILES",
    "DRAWBRIDGE_SECRET_KEY",
)


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


@pytest.fixture
def empty() -> Iterator[Path]:
    """Return a short folder that the servers' user can reach; pytest's own is neither."""
    with _folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def started_before() -> Iterator[Path]:
    with _folder() as folder:
        # What is given comes back before the first test: other tests live on it.
        with pytest.MonkeyPatch.context() as given:
            for name in GIVEN:
                given.delenv(name, raising=False)
            with Stack(folder, state_dir=folder, want_model=False):
                pass
        yield folder


@pytest.fixture
def state(empty: Path, started_before: Path) -> Path:
    """Return a copy of the folder of a stack that was started once, and stopped."""
    subprocess.run(["cp", "-a", f"{started_before}/.", str(empty)], check=True)
    return empty


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="dbs-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
