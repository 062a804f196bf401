"""The owner's key and what it signs, as the commands make and read them."""

import argparse
import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from edge_agent.contract.accepting import canonical
from edge_agent.contract.default_policy import default_document
from edge_agent.contract.policy_document import policy_of
from edge_agent.contract.signing import Purpose, sign_document, verify_document
from edge_agent.policy_signing import (
    add_commands,
    make_key,
    open_signed,
    read_private_key,
    read_public_key,
    run,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def command(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(dest="command", required=True))
    return run(parser.parse_args([str(each) for each in arguments]))


def policy_file(folder: Path, **changes: object) -> Path:
    path = folder / "policy.yaml"
    path.write_text(yaml.safe_dump({**default_document("clinic"), **changes}))
    return path


def key_file(folder: Path) -> Path:
    make_key(folder / "owner.pem")
    return folder / "owner.pem"


def test_policy_sign_writes_what_the_node_takes(tmp_path: Path) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)

    assert command("policy-sign", path, "--key", key) == 0

    signed = (tmp_path / "policy.yaml.signed").read_bytes()
    document = canonical(default_document("clinic"))
    assert signed[64:] == document
    verify_document(document, signed[:64], read_public_key(tmp_path / "owner.pem.pub"))
    opened = open_signed(signed, read_public_key(tmp_path / "owner.pem.pub"), current=None, now=NOW)
    assert opened == policy_of(default_document("clinic"))


def test_policy_sign_takes_dates_as_yaml_writes_them(tmp_path: Path) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)
    path.write_text(path.read_text().replace("'2026-01-01T00:00:00+00:00'", "2026-01-01T00:00:00Z"))
    assert isinstance(yaml.safe_load(path.read_text())["valid_from"], datetime)

    assert command("policy-sign", path, "--key", key) == 0

    assert (tmp_path / "policy.yaml.signed").read_bytes()[64:] == canonical(
        default_document("clinic")
    )


def test_policy_sign_replaces_what_it_signed_before(tmp_path: Path) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)
    command("policy-sign", path, "--key", key)
    policy_file(tmp_path, version=2)

    assert command("policy-sign", path, "--key", key) == 0

    assert b'"version":2' in (tmp_path / "policy.yaml.signed").read_bytes()
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"default": "L9"}, "default: must be L0, L1 or L2"),
        ({"zone": 1}, "unknown: zone"),
        ({"words": [{"name": "x", "pattern": "a{99999999999}", "level": "L1"}]}, "too large"),
        ({"valid_until": "2026-02-01T00:00:00+00:00"}, "is over"),
        ({"kinds": {1: "L0"}}, "kinds: must be a set of named fields"),
    ],
)
def test_policy_sign_signs_no_policy_that_would_be_refused(
    tmp_path: Path, changes: dict[str, object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path, **changes)

    assert command("policy-sign", path, "--key", key) == 1

    error = capsys.readouterr().err
    assert said in error
    assert "Nothing was signed" in error
    assert not (tmp_path / "policy.yaml.signed").exists()


def test_policy_sign_signs_ahead_what_check_refuses_until_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = {"valid_from": "2998-01-01T00:00:00+00:00", "valid_until": "2999-01-01T00:00:00+00:00"}
    key, path = key_file(tmp_path), policy_file(tmp_path, **limits)

    assert command("policy-sign", path, "--key", key) == 0
    assert command("policy-check", f"{path}.signed", "--key", f"{key}.pub") == 1

    assert "in force from 2998-01-01" in capsys.readouterr().err


def test_policy_commands_leave_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)
    before = sorted(tmp_path.iterdir())

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert command("policy-sign", path, "--key", key) == 1
    assert command("policy-keygen", tmp_path / "second.pem") == 1

    assert sorted(tmp_path.iterdir()) == before
    assert capsys.readouterr().err.count("No space left on device. Nothing was written") == 2


@pytest.mark.parametrize("data", [b"default: [", b"\xff\xfe", b"", b"a: " * 500_000])
def test_policy_sign_refuses_what_is_no_policy(tmp_path: Path, data: bytes) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)
    path.write_bytes(data)

    assert command("policy-sign", path, "--key", key) == 1

    assert not (tmp_path / "policy.yaml.signed").exists()


def test_policy_sign_refuses_a_key_that_others_may_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)
    key.chmod(0o640)

    assert command("policy-sign", path, "--key", key) == 1

    assert "chmod 600" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["empty", "public", "other", "passphrase", "missing", "folder"])
def test_policy_sign_refuses_what_is_no_key(
    tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make_key(tmp_path / "owner.pem")
    path, key = policy_file(tmp_path), tmp_path / "key.pem"
    form = Encoding.PEM, PrivateFormat.PKCS8
    data = {
        "empty": b"",
        "public": (tmp_path / "owner.pem.pub").read_bytes(),
        "other": Ed448PrivateKey.generate().private_bytes(*form, NoEncryption()),
        "passphrase": Ed25519PrivateKey.generate().private_bytes(
            *form, BestAvailableEncryption(b"phrase")
        ),
    }
    if kind in data:
        key.write_bytes(data[kind])
        key.chmod(0o600)
    elif kind == "folder":
        key.mkdir()

    assert command("policy-sign", path, "--key", key) == 1

    error = capsys.readouterr().err
    assert error.startswith(f"{key}: ")
    assert "Traceback" not in error
    assert not (tmp_path / "policy.yaml.signed").exists()


def test_policy_check_tells_what_was_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path, version=7)
    command("policy-sign", path, "--key", key)
    capsys.readouterr()

    assert command("policy-check", f"{path}.signed", "--key", f"{key}.pub") == 0

    said = capsys.readouterr().out
    assert "version 7, tenant clinic" in said
    assert "valid from 2026-01-01 00:00:00+00:00 until 2036-01-01 00:00:00+00:00" in said


@pytest.mark.parametrize("place", [0, 63, 64, 200, -1])
def test_policy_check_refuses_what_was_changed(
    tmp_path: Path, place: int, capsys: pytest.CaptureFixture[str]
) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)
    command("policy-sign", path, "--key", key)
    signed = tmp_path / "policy.yaml.signed"
    changed = bytearray(signed.read_bytes())
    changed[place] ^= 1
    signed.write_bytes(changed)
    capsys.readouterr()

    assert command("policy-check", signed, "--key", f"{key}.pub") == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert "changed on the way. The node would refuse it; sign the policy again" in said.err


@pytest.mark.parametrize("cut", [0, 63, 64, 65])
def test_policy_check_refuses_what_was_cut(tmp_path: Path, cut: int) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)
    command("policy-sign", path, "--key", key)
    signed = tmp_path / "policy.yaml.signed"
    signed.write_bytes(signed.read_bytes()[:cut])

    assert command("policy-check", signed, "--key", f"{key}.pub") == 1


def test_policy_check_refuses_what_another_key_signed(tmp_path: Path) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)
    command("policy-sign", path, "--key", key)
    other = make_key(tmp_path / "other.pem")

    assert command("policy-check", f"{path}.signed", "--key", other) == 1


def test_policy_check_refuses_what_was_signed_for_something_else(tmp_path: Path) -> None:
    key = read_private_key(key_file(tmp_path))
    document = canonical(default_document("clinic"))
    signed = tmp_path / "answer.signed"
    signed.write_bytes(sign_document(document, key, purpose=Purpose.ANSWER) + document)

    assert command("policy-check", signed, "--key", tmp_path / "owner.pem.pub") == 1


def test_policy_check_refuses_a_policy_out_of_its_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = read_private_key(key_file(tmp_path))
    limits = {"valid_until": "2026-02-01T00:00:00+00:00"}
    document = canonical({**default_document("clinic"), **limits})
    signed = tmp_path / "old.signed"
    signed.write_bytes(sign_document(document, key) + document)

    assert command("policy-check", signed, "--key", tmp_path / "owner.pem.pub") == 1

    assert "until 2026-02-01" in capsys.readouterr().err


def test_policy_check_wants_the_public_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, path = key_file(tmp_path), policy_file(tmp_path)
    command("policy-sign", path, "--key", key)
    capsys.readouterr()

    assert command("policy-check", f"{path}.signed", "--key", key) == 1

    assert "Name the .pub file" in capsys.readouterr().err
