"""The owner's key: made once, for its owner alone to read."""

import argparse
import errno
import os
import stat
from pathlib import Path

import pytest

from edge_agent.policy_signing import add_commands, read_private_key, read_public_key, run


def keygen(path: Path) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(dest="command", required=True))
    return run(parser.parse_args(["policy-keygen", str(path)]))


def test_policy_keygen_writes_a_key_for_its_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "owner.pem"

    assert keygen(path) == 0

    public = read_public_key(tmp_path / "owner.pem.pub")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_private_key(path).public_key() == public
    assert b"PRIVATE" not in (tmp_path / "owner.pem.pub").read_bytes()
    assert "PRIVATE" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["owner.pem", "owner.pem.pub"])
def test_policy_keygen_overwrites_nothing(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("mine")

    assert keygen(tmp_path / "owner.pem") == 1

    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"
    assert "is there already" in capsys.readouterr().err


def test_policy_keygen_does_not_write_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "owner.pem").symlink_to(tmp_path / "elsewhere")

    assert keygen(tmp_path / "owner.pem") == 1

    assert not (tmp_path / "elsewhere").exists()


def test_policy_keygen_leaves_no_key_without_its_public_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def full_later(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full_later)

    assert keygen(tmp_path / "owner.pem") == 1
    assert list(tmp_path.iterdir()) == []
