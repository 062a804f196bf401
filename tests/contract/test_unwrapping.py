"""POL-03: what is encoded, twice encoded, turned round or pulled apart is found, or held as unreadable."""

import base64
import codecs
import gzip
import json
import uuid
from collections.abc import Callable

import pytest

from edge_agent.contract.decoding import DECODED_BYTES_MAX
from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.levels import Level
from edge_agent.contract.readings import plain_reading
from tests.contract.documents import NOW, found_in, policy
from tests.contract.test_windows import resident_id

Change = Callable[[str], str]

SECRETS = {
    "resident id": resident_id("110105", "19880214", "321"),
    "mobile": "13800138000",
    "card": "4111111111111111",
    "mail": "alice.smith@example.com",
    "iban": "DE89370400440532013000",
    "key": "sk-proj-" + "aB3dE5fG7hJ9kL1mN3pQ5r",
    "abroad": "+442083661177",
    "credit code": "91350100M000100Y43",
}
FRAMES = ["{}", "看看这个 {} 谢谢", "The thing is {}, please note."]


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def each_byte(form: str) -> Change:
    return lambda text: "".join(form.format(byte) for byte in text.encode())


def lines(text: str) -> str:
    return "\n".join(text[at : at + 12] for at in range(0, len(text), 12))


ENCODINGS: dict[str, Change] = {
    "base64": coded,
    "base64 without its end": lambda text: coded(text).rstrip("="),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 in lines": lambda text: lines(coded(text)),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base85": lambda text: base64.b85encode(text.encode()).decode(),
    "ascii85": lambda text: base64.a85encode(text.encode()).decode(),
    "framed ascii85": lambda text: base64.a85encode(text.encode(), adobe=True).decode(),
    "hex": each_byte("{:02x}"),
    "hex in capitals": each_byte("{:02X}"),
    "hex with spaces": lambda text: text.encode().hex(" "),
    "hex with prefixes": lambda text: " ".join(f"0x{byte:02x}" for byte in text.encode()),
    "escaped bytes": each_byte("\\x{:02x}"),
    "octal": each_byte("\\{:03o}"),
    "percent": each_byte("%{:02X}"),
    "quoted-printable": each_byte("={:02X}"),
    "entities": each_byte("&#{};"),
    "hexadecimal entities": each_byte("&#x{:x};"),
    "escaped characters": each_byte("\\u{:04x}"),
    "packed": lambda text: base64.b64encode(gzip.compress(text.encode())).decode(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "backwards": lambda text: text[::-1],
    "pulled apart": " ".join,
    "with dots": ".".join,
    "with tags": lambda text: "".join(f"<b>{letter}</b>" for letter in text),
    "with stars": lambda text: "".join(f"**{letter}**" for letter in text),
    "over a line end": lambda text: f"{text[: len(text) // 2]}\n{text[len(text) // 2 :]}",
    "hex in base64": lambda text: coded(text.encode().hex()),
    "base64 twice": lambda text: coded(coded(text)),
    "base64 in percent": lambda text: "".join(f"%{byte:02x}" for byte in coded(text).encode()),
    "base64, packed": lambda text: base64.b64encode(gzip.compress(coded(text).encode())).decode(),
    "escapes in entities": lambda text: "".join(
        f"&#{ord(letter)};" for letter in "".join(f"\\u{ord(each):04x}" for each in text)
    ),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("frame", FRAMES)
def test_pol_03_an_encoded_secret_is_found_whole(encoding: str, secret: str, frame: str) -> None:
    hidden = ENCODINGS[encoding](SECRETS[secret])
    text = frame.format(hidden)
    start = text.index(hidden)

    findings = found_in(text)

    assert findings, text
    left = set(range(start, start + len(hidden))).difference(
        *(range(each.start, each.end) for each in findings)
    )
    # What is left beside the masks does not hold the half of it.
    assert len(left) <= len(hidden) // 2


def test_pol_03_the_words_beside_an_encoded_password_are_read_with_it() -> None:
    [finding] = found_in(f"The password: {coded('blue-Harbour7!x')}")

    assert finding.kind is Kind.PASSWORD


def test_pol_03_a_reason_says_how_it_was_encoded() -> None:
    judgement = judge([Part(coded("4111111111111111"))], policy(), now=NOW)

    assert any("base64" in reason.rule for reason in judgement.reasons)


def test_pol_03_what_cannot_be_read_is_held() -> None:
    noise = base64.b64encode(bytes((each * 167 + each**3) % 251 for each in range(90))).decode()

    judgement = judge([Part(f"Please keep {noise}")], policy(), now=NOW)

    assert judgement.level is Level.L2
    assert {reason.what for reason in judgement.reasons} == {Kind.OPAQUE}


def test_pol_03_a_bomb_is_not_unpacked_whole() -> None:
    bomb = base64.b64encode(gzip.compress(b"a" * (DECODED_BYTES_MAX * 50))).decode()

    assert judge([Part(bomb)], policy(), now=NOW).level in Level


@pytest.mark.parametrize(
    "text",
    [
        "The build is 1f0c9a4be3d25a7788c1f0c9a4be3d25a7788c1f, tag v2.10.3.",
        f"Request {uuid.UUID(int=0x1F0C9A4BE3D25A7788C1F0C9A4BE3D25)} took 12 ms.",
        "See https://example.com/docs/getting-started/installation-and-configuration.html#step-2",
        "Save 50% on 20% of the items; a=10, b=41 &amp; c &lt; 7.",
        "The internationalization of AdministrationDepartmentResponsibilities is done.",
        coded("The canteen opens at noon and closes at two. Bicycles must stay outside."),
        json.dumps({"name": "chair", "price": 49.9, "tags": ["oak", "four legs"]}),
        "第3章第12节，共480页，2024年10月5日出版，定价59.80元。",
    ],
)
def test_pol_03_ordinary_text_is_not_raised(text: str) -> None:
    assert judge([Part(text)], policy(), now=NOW).level is Level.L0


def test_pol_03_what_is_packed_and_not_read_to_its_end_is_no_text() -> None:
    words = "".join(
        f"word {number} of many, and the library opens at nine; " for number in range(9000)
    )
    packed = base64.b64encode(gzip.compress(f"{words} mail li@example.org".encode())).decode()

    kinds = {finding.kind for finding in found_in(f"See {packed} here.")}

    assert kinds == {Kind.OPAQUE}


@pytest.mark.parametrize(
    ("run", "is_strange"),
    [
        ("(505)498-8487x683-Fax", False),
        ("06-10446904-Office\\,001-748-088-2851x818-Fax", False),
        ("11/2026,page.4", False),
        ("xoxb-123456789012-abcdefghijkl", True),
        ("cGFzc3dvcmQ=", True),
        ("a1b2-c3d4-e5f6", True),
    ],
)
def test_numbers_and_short_words_are_no_code(run: str, *, is_strange: bool) -> None:
    assert bool(plain_reading(run).strange_runs) is is_strange
