"""What the operator sets replaces a server of ours, and is never lost or leaked on the way."""

import os
from pathlib import Path

import psycopg
import pytest

from config.stack.errors import StackError
from config.stack.given import load_given
from config.stack.model import chosen_model
from config.stack.postgres import Postgres
from config.stack.processes import LOOPBACK
from config.stack.stack import Stack

LANDLORD = "CREATE ROLE landlord LOGIN CREATEROLE NOSUPERUSER PASSWORD 'pass word/+%'"


def test_the_env_file_fills_what_the_environment_leaves_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "# a comment\n\nexport FIRST_GIVEN='one # two'\nSECOND_GIVEN=two # why\nTHIRD_GIVEN=\n"
        'FOURTH_GIVEN="f=o=u=r"\n'
    )
    monkeypatch.setenv("SECOND_GIVEN", "of the environment")
    for name in ("FIRST_GIVEN", "THIRD_GIVEN", "FOURTH_GIVEN"):
        monkeypatch.setenv(name, "")

    load_given(tmp_path)

    found = {name: os.environ[f"{name}_GIVEN"] for name in ("FIRST", "SECOND", "THIRD", "FOURTH")}
    assert found == {
        "FIRST": "one # two",
        "SECOND": "of the environment",
        "THIRD": "",
        "FOURTH": "f=o=u=r",
    }


def test_a_line_that_says_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GOOD=1\nthis is prose\n")

    with pytest.raises(StackError, match=r"\.env, line 2: expected NAME=value"):
        load_given(tmp_path)


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "redis").write_text("redis://:secret@cache/0\n")
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("REDIS_URL_FILE", str(tmp_path / "redis"))

    load_given(tmp_path)

    assert os.environ["REDIS_URL"] == "redis://:secret@cache/0"


def test_a_secret_file_that_is_not_there_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL_FILE", str(tmp_path / "nothing"))

    with pytest.raises(StackError, match=r"REDIS_URL_FILE: .*nothing cannot be read: No such file"):
        load_given(tmp_path)


def test_given_servers_are_used_and_none_of_ours_is_started(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "DATABASE_URL": "postgresql://app:a@db.example/x",
        "DATABASE_OWNER_URL": "postgresql://owner:o@db.example/x",
        "REDIS_URL": "redis://:r@cache.example/0",
        "OPENAI_BASE_URL": "https://models.example/v1",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LOCAL_MODEL", "auto")
    stack = Stack(empty, state_dir=empty)

    address = stack.start()
    servers = list(stack._running)
    stack.stop()

    assert servers == []
    assert {name: address.environ[name] for name in given} == given


def test_a_given_cluster_gets_both_logins_from_one_that_may_make_roles(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landlord = Stack(state, state_dir=state, want_model=False)
    landlord.start()
    postgres = landlord._running[0]
    assert isinstance(postgres, Postgres)
    with postgres.connect("postgres") as connection:
        connection.execute(LANDLORD)
        connection.execute('CREATE DATABASE "other-place" OWNER landlord')
    url = postgres.url("landlord", "pass%20word%2F%2B%25", "other-place")
    monkeypatch.setenv("DATABASE_URL", url)

    # pgvector is not one of the extensions an ordinary login may create.
    with pytest.raises(StackError, match=r'run in this database: CREATE EXTENSION .*"vector"'):
        Stack(state, state_dir=state / "guest", want_model=False).start()
    with postgres.connect("other-place") as connection:
        connection.execute("CREATE EXTENSION vector SCHEMA extensions")
    # The second start finds what the first has made.
    for _start in range(2):
        with Stack(state, state_dir=state / "guest", want_model=False) as address:
            environ = dict(address.environ)
    with psycopg.connect(environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        me = owner.execute("SELECT current_user, current_database()").fetchone()
        owner.execute("CREATE SCHEMA t_one")
        owner.execute("CREATE TABLE public.registry (v extensions.halfvec(3))")
        owner.execute('CREATE ROLE "other-place_t_one"')
        owner.execute('GRANT "other-place_t_one" TO "other-place_app" WITH INHERIT FALSE, SET TRUE')
    with psycopg.connect(environ["DATABASE_URL"], autocommit=True) as app:
        app.execute('SET ROLE "other-place_t_one"')
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM public.registry")
    landlord.stop()

    assert me == ("other-place_owner", "other-place")


def test_a_given_database_that_is_away_is_one_line(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://a:b@{LOOPBACK}:1/x")

    with pytest.raises(StackError) as refused:
        Stack(empty, state_dir=empty, want_model=False).start()

    assert str(refused.value).startswith("the database of DATABASE_URL cannot be prepared: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("wish", "endpoint", "chosen"),
    [
        ("quote", "", None),
        ("auto", "https://models.example/v1", None),
        ("auto", "", "smollm2-135m-instruct"),
        ("small", "https://models.example/v1", "smollm2-135m-instruct"),
    ],
)
def test_the_model_is_the_one_wished_for(
    wish: str, endpoint: str, chosen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_MODEL", wish)
    monkeypatch.setenv("OPENAI_BASE_URL", endpoint)

    found = chosen_model()

    assert (found.model.name if found else None) == chosen


def test_a_wish_nobody_knows_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_MODEL", "huge")

    with pytest.raises(StackError, match="LOCAL_MODEL must be auto, small, standard or quote"):
        chosen_model()
