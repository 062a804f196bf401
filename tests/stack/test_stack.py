"""What a stack does when all goes well, and when one of its servers is killed."""

import json
import os
import signal
import stat
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from config.stack.records import attached
from config.stack.stack import Stack
from tests.stack.processes import is_running, wait_for


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def command_lines() -> bytes:
    """Return what everybody on this machine can read about every process."""
    lines = b""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                lines += (folder / "cmdline").read_bytes()
    return lines


def test_second_start_finds_the_data_of_the_first(state: Path) -> None:
    with Stack(state, state_dir=state, want_model=False) as first:
        owner = first.environ["DATABASE_OWNER_URL"]
        rows(owner, "CREATE TABLE kept (word text)")
        rows(owner, "INSERT INTO kept VALUES ('会议室')")
        client = redis.Redis.from_url(first.environ["REDIS_URL"])
        client.set("kept", "yes")
        client.close()

    with Stack(state, state_dir=state, want_model=False) as second:
        found = rows(second.environ["DATABASE_OWNER_URL"], "SELECT word FROM kept")
        client = redis.Redis.from_url(second.environ["REDIS_URL"])
        kept = client.get("kept")
        client.close()

    assert dict(second.environ) == dict(first.environ)
    assert (found, kept) == ([("会议室",)], b"yes")


def test_the_two_logins_may_what_they_should_and_no_more(empty: Path) -> None:
    with Stack(empty, state_dir=empty, want_model=False) as address:
        app, owner = address.environ["DATABASE_URL"], address.environ["DATABASE_OWNER_URL"]
        roles = rows(
            owner,
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles"
            " WHERE rolname LIKE 'drawbridge%' ORDER BY 1",
        )
        owned = rows(
            owner, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'drawbridge'"
        )
        path = rows(app, "SHOW search_path")
        grants = rows(owner, "SHOW createrole_self_grant")
        extensions = rows(
            owner,
            "SELECT extname FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace"
            " WHERE nspname = 'extensions' ORDER BY 1",
        )
        trigrams = rows(app, "SELECT cardinality(extensions.show_trgm('会议室'))")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows(app, "CREATE TABLE public.mine (id int)")

    assert roles == [
        ("drawbridge_app", False, False, False, False),
        ("drawbridge_owner", False, True, False, False),
    ]
    assert owned == [("drawbridge_owner",)]
    assert path == [('""',)]
    assert grants == [("set",)]
    assert extensions == [("pg_trgm",), ("unaccent",), ("vector",)]
    assert trigrams[0][0] == 4


def test_secrets_are_for_one_pair_of_eyes(state: Path) -> None:
    with Stack(state, state_dir=state, want_model=False) as address:
        modes = {
            name: stat.S_IMODE((state / name).stat().st_mode)
            for name in ("secrets.json", "stack.json", "postgres", "valkey", "sockets", "logs")
        }
        password = str(urlsplit(address.environ["REDIS_URL"]).password)
        commands = command_lines()

    assert modes == {
        "secrets.json": 0o600,
        "stack.json": 0o600,
        "postgres": 0o700,
        "valkey": 0o700,
        "sockets": 0o700,
        "logs": 0o700,
    }
    assert len(set(json.loads((state / "secrets.json").read_text()).values())) == 6
    assert password.encode() not in commands


def test_servers_do_not_inherit_our_environment(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-in-the-environment")
    stack = Stack(state, state_dir=state, want_model=False)
    stack.start()
    pids = [server.child.pid for server in stack._running if server.child]
    environments = [Path(f"/proc/{pid}/environ").read_bytes() for pid in pids]
    stack.stop()

    assert len(environments) == 2
    assert not any(b"canary" in environment for environment in environments)


def test_others_find_the_stack_while_it_runs_and_only_then(state: Path) -> None:
    with Stack(state, state_dir=state, want_model=False) as address:
        meanwhile = attached(state, state)

    assert meanwhile == dict(address.environ)
    assert attached(state, state) is None


@pytest.mark.parametrize("which", [0, 1], ids=["postgres", "valkey"])
def test_a_killed_server_is_named_and_comes_back_with_its_data(state: Path, which: int) -> None:
    stack = Stack(state, state_dir=state, want_model=False)
    address = stack.start()
    rows(address.environ["DATABASE_OWNER_URL"], "CREATE TABLE kept AS SELECT 1 AS id")
    client = redis.Redis.from_url(address.environ["REDIS_URL"])
    client.set("kept", "yes")
    wait_for(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0)
    victim = stack._running[which].child
    assert victim is not None

    os.kill(victim.pid, signal.SIGKILL)
    wait_for(lambda: bool(stack.dead_servers()))
    named = stack.dead_servers()
    stack.revive()
    found = rows(address.environ["DATABASE_OWNER_URL"], "SELECT id FROM kept")
    kept = client.get("kept")
    client.close()
    stack.stop()

    assert len(named) == 1
    assert ["Postgres", "Valkey"][which] in named[0]
    assert "\n" not in named[0]
    assert (found, kept) == ([(1,)], b"yes")


def test_stopping_leaves_no_process(state: Path) -> None:
    stack = Stack(state, state_dir=state, want_model=False)
    stack.start()
    pids = [server.child.pid for server in stack._running if server.child]

    stack.stop()
    stack.stop()

    assert len(pids) == 2
    assert [pid for pid in pids if is_running(pid)] == []
