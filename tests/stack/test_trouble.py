"""What stands in the way of a start: each is one clear line, and nothing is left running."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.stack import places
from config.stack.errors import StackError
from config.stack.processes import free_port
from config.stack.records import guest_of, wait_for_guests
from config.stack.stack import Stack
from tests.stack.processes import (
    OTHER_USER,
    ROOT,
    copy_packages,
    copy_sources,
    give_to_other_user,
    is_running,
    start_elsewhere,
)


def test_kill_9_of_the_starter_leaves_nothing_and_the_next_start_works(state: Path) -> None:
    starter = start_elsewhere(state)
    pids = starter.told["pids"]
    assert all(is_running(pid) for pid in pids)

    starter.process.kill()
    starter.process.wait()
    # Started at once, while the orphans are still ending.
    with Stack(state, state_dir=state, want_model=False) as address:
        with psycopg.connect(address.environ["DATABASE_OWNER_URL"]) as connection:
            answer = connection.execute("SELECT 1").fetchone()
        left = [pid for pid in pids if is_running(pid)]

    assert len(pids) == 2
    assert left == []
    assert answer == (1,)


def test_a_second_stack_in_the_same_folder_is_refused(state: Path) -> None:
    starter = start_elsewhere(state)

    with pytest.raises(StackError) as refused:
        Stack(state, state_dir=state, want_model=False).start()
    starter.end()

    assert str(starter.process.pid) in str(refused.value)
    assert "already runs" in str(refused.value)
    assert starter.process.returncode == 0


def test_a_stale_pid_that_somebody_else_has_now_is_no_obstacle(state: Path) -> None:
    with Stack(state, state_dir=state, want_model=False):
        pass
    stranger = subprocess.Popen(["sleep", "60"])
    (state / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n/elsewhere\n")
    (state / "sockets" / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")

    with Stack(state, state_dir=state, want_model=False) as address:
        psycopg.connect(address.environ["DATABASE_OWNER_URL"]).close()
    survived = stranger.poll() is None
    stranger.kill()
    stranger.wait()

    assert survived


def test_a_full_disk_is_said_before_anything_starts(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(empty)._replace(free=10 * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)

    with pytest.raises(StackError, match=r"only 10 MB are free under .*; the servers need 300 MB"):
        Stack(empty, state_dir=empty, want_model=False).start()

    assert not (empty / "postgres").exists()


def test_a_disk_that_fills_during_the_start_is_one_line(state: Path) -> None:
    error = OSError(28, "No space left on device", "/data/passwords")

    assert str(places.failure_at(error, state)) == (
        "the disk that holds /data/passwords is full; free some space and try again"
    )


def test_a_folder_that_cannot_be_made_is_one_line(empty: Path) -> None:
    (empty / "file").write_text("in the way")

    with pytest.raises(StackError, match=r"cannot be used: Not a directory"):
        Stack(empty, state_dir=empty / "file" / "state", want_model=False).start()


@pytest.mark.parametrize("name", ["d" * 120, "with spaces + 百分号%20"], ids=["long", "odd"])
def test_paths_too_long_or_too_odd_for_a_socket_work(empty: Path, name: str) -> None:
    folder = empty / name
    with Stack(folder, state_dir=folder, want_model=False) as address:
        with psycopg.connect(address.environ["DATABASE_URL"]) as connection:
            host = connection.info.host
        sockets = Path(host)
    shutil.rmtree(sockets)

    assert sockets.parent == Path("/tmp")
    assert len(os.fsencode(sockets / places._LONGEST_SOCKET)) <= places.SOCKET_PATH_BYTES_MAX


def test_a_server_that_will_not_start_is_explained_and_the_rest_stopped(state: Path) -> None:
    with Stack(state, state_dir=state, want_model=False):
        pass
    (state / "postgres" / "postgresql.conf").write_text("nonsense = 12\n")

    with pytest.raises(StackError) as refused:
        Stack(state, state_dir=state, want_model=False).start()

    assert "PostgreSQL ended at once" in str(refused.value)
    assert "nonsense" in str(refused.value)
    assert "\n" not in str(refused.value)
    (state / "postgres" / "postgresql.conf").write_text("")
    with Stack(state, state_dir=state, want_model=False) as address:
        assert address.environ["DATABASE_URL"]


def test_a_taken_port_gives_the_next_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        found = free_port(taken)

    assert taken < found <= taken + 50


def test_another_user_starts_a_stack_in_a_private_folder(empty: Path) -> None:
    private = empty / "home"
    private.mkdir(mode=0o700)
    copy_packages(private / "packages")
    copy_sources(private / "clone")
    give_to_other_user(private)

    starter = start_elsewhere(
        private / "clone" / ".run",
        user=OTHER_USER,
        packages=private / "packages",
        root=private / "clone",
    )
    assert "pids" in starter.told, starter.told
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in starter.told["pids"]}
    starter.end()

    assert starter.process.returncode == 0
    assert owners == {OTHER_USER if os.geteuid() == 0 else os.geteuid()}


def test_root_copies_programs_that_the_servers_cannot_reach(empty: Path) -> None:
    """A clone under a private folder, made under a strict umask."""
    private = empty / "private"
    packages = private / "packages"
    private.mkdir(mode=0o700)
    copy_packages(packages)
    for path in packages.rglob("*"):
        path.chmod(0o700 if path.is_dir() or os.access(path, os.X_OK) else 0o600)

    starter = start_elsewhere(empty / "state", packages=packages, umask=0o077)
    assert "pids" in starter.told, starter.told
    programs = {Path(f"/proc/{pid}/exe").readlink() for pid in starter.told["pids"]}
    starter.end()

    home = empty / "state" if os.geteuid() == 0 else packages
    assert len(programs) == 2
    assert all(program.is_relative_to(home) for program in programs)


def test_clean_removes_everything_but_never_under_a_running_stack(empty: Path) -> None:
    clone = empty / "clone"
    clone.mkdir()
    command = [sys.executable, "-m", "config.stack.clean"]
    stack = Stack(clone, want_model=False)
    address = stack.start()
    state = Path(address.environ["DRAWBRIDGE_STATE"])
    pointer = (clone / ".run" / "pointer").read_text()

    options: dict[str, Any] = {"cwd": clone, "env": {"PYTHONPATH": str(ROOT)}}
    refused = subprocess.run(command, **options, check=False, capture_output=True, text=True)
    is_still_there = (state / "postgres" / "PG_VERSION").exists()
    stack.stop()
    subprocess.run(command, **options, check=True)

    assert pointer == f"{state}\n"
    assert (refused.returncode, refused.stderr) == (
        1,
        "error: the stack is running; stop it first\n",
    )
    assert is_still_there
    assert not state.exists()
    assert list(clone.iterdir()) == []


def test_a_guest_is_waited_for(state: Path) -> None:
    wait_for_guests(state)
    with guest_of(state):
        waiting = threading.Thread(target=wait_for_guests, args=[state])
        waiting.start()
        waiting.join(0.3)
        has_waited = waiting.is_alive()
    waiting.join(5)

    assert has_waited
    assert not waiting.is_alive()
