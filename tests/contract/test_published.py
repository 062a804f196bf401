"""What everybody may read is not held: digests, public keys, certificates, if they are that."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from tests.contract.documents import NOW, policy

NOISE = base64.b64encode(hashlib.sha512(b"noise").digest()).decode()


def level(text: str) -> Level:
    return judge([Part(text)], policy(), now=NOW).level


def ssh_key(key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def certificate() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.org")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    made = made.not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_published_digests_are_not_held(name: str) -> None:
    digest = base64.b64encode(hashlib.new(name, b"script").digest()).decode()

    assert level(f'<script src="/a.js" integrity="{name}-{digest}"></script>') is Level.L0


def test_published_ssh_keys_are_not_held() -> None:
    for key in (ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)):
        assert level(f"{ssh_key(key)} build@ci") is Level.L0


def test_published_certificates_are_not_held() -> None:
    assert level(f"Please install this:\n{certificate()}") is Level.L0


@pytest.mark.parametrize(
    "text",
    [
        NOISE,
        f"sha512: {NOISE}",
        f"sha256-{NOISE}",
        f"sha512-{NOISE[:-2]}{NOISE[:20]}==",
        f"ssh-ed25519 {NOISE}",
        f"-----BEGIN CERTIFICATE-----\n{NOISE}\n-----END CERTIFICATE-----",
        f"-----BEGIN PUBLIC KEY-----\n{NOISE}\n-----END PUBLIC KEY-----",
    ],
)
def test_published_is_only_what_is_built_so(text: str) -> None:
    assert level(text) is Level.L2
