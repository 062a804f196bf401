"""FUZ-03: what no store can keep, in every string of every route, by every way it can be said."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import get_resolver

from tests.harness.asgi import Answer, ask
from tests.harness.world import Credential, World, fingerprint
from tests.trials.isolation.names import names_read
from tests.trials.isolation.table import KINDS, PROBES, KnownRoute, known_routes

# Read by the library's forms, which the code does not name.
NAMES = sorted(names_read() | {"login", "password", "password1", "email", "code", "action", "next"})
BOUNDARY = "fuz"
FORM = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
# UTF-7 for the first half of a surrogate pair, which is no character alone.
HALF = "+2AA-"
WITHOUT_BODY = {"GET", "HEAD", "DELETE", "WEBSOCKET"}
BODY_UNREAD = {"api/v1/runs/<uuid:run_id>/stop"}


@dataclass(frozen=True)
class Disguise:
    """One way to say NUL or half a surrogate pair: where it stands, and how it is written."""

    name: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = ""
    body: bytes = b""
    # A file's name is cleared of what does not print before anybody sees it.
    is_refused: bool = True


def part(head: str, value: str = "x") -> bytes:
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n".encode()


def parts(*made: bytes) -> bytes:
    return b"".join(made) + f"--{BOUNDARY}--\r\n".encode()


def field(name: str, value: str) -> bytes:
    return part(f'Content-Disposition: form-data; name="{name}"', value)


def file(disposition: str, media_type: str = "text/plain") -> bytes:
    head = f'Content-Disposition: form-data; name="file"; {disposition}'
    return parts(part(f"{head}\r\nContent-Type: {media_type}"))


SURROUNDINGS = [
    Disguise("query value", query="&".join(f"{name}=a%00b" for name in NAMES)),
    Disguise("query name", query="%00=a"),
    Disguise("query in another encoding", "here=" + HALF, content_type="text/plain; charset=utf-7"),
    Disguise("session cookie", headers=(("cookie", '__Host-session="\\000' + "a" * 31 + '"'),)),
    Disguise("language cookie", headers=(("cookie", 'language="en\\000"'),)),
    Disguise("header", headers=(("accept-language", "en\0"),)),
    Disguise("key", headers=(("authorization", "Bearer dbk_\0"),)),
    Disguise("last event", headers=(("last-event-id", "1-1\0"),)),
    Disguise("idempotency", headers=(("idempotency-key", "a\0"),)),
]
FORMS = [
    Disguise(
        "form value",
        content_type=FORM,
        body="&".join(f"{name}=a%00b" for name in NAMES).encode(),
    ),
    Disguise("form name", content_type=FORM, body=b"a%00=b"),
    Disguise("part value", content_type=MULTIPART, body=parts(*(field(n, "a\0b") for n in NAMES))),
    Disguise("part name", content_type=MULTIPART, body=parts(field("a\0b", "x"))),
    Disguise(
        "part in another encoding",
        content_type=f"{MULTIPART}; charset=utf-7",
        body=parts(*(field(name, HALF) for name in NAMES)),
    ),
    Disguise("file name", "", (), MULTIPART, file('filename="a\0.md"'), is_refused=False),
    Disguise("file name by percent", "", (), MULTIPART, file("filename*=utf-8''a%00.md"), False),
    Disguise("file name by UTF-7", "", (), MULTIPART, file("filename*=utf-7''a%2B2AA-.md"), False),
    Disguise("media type", "", (), MULTIPART, file('filename="a.md"', "text/\0plain")),
    # Nobody keeps it, but pages refuse it.
    Disguise(
        "charset", "", (), MULTIPART, file('filename="a.md"', "a/b; charset=\0"), is_refused=False
    ),
]


def routes() -> Iterator[tuple[KnownRoute, str]]:
    for route in known_routes(list(get_resolver().url_patterns)):
        for method in PROBES[route.key].methods:
            yield route, method


def target_of(route: KnownRoute, world: World) -> str:
    target = route.template.replace("{rest}", "nowhere")
    for name in route.path_slots:
        if name in KINDS:
            target = target.replace(f"{{{name}}}", world.ids[KINDS[name]])
    return target


async def send(
    world: World, who: Credential, route: KnownRoute, method: str, disguise: Disguise
) -> Answer:
    headers = {"host": world.tenant.host, **who.headers()}
    if method == "WEBSOCKET":
        headers["origin"] = f"http://{world.tenant.host}"
    for name, value in disguise.headers:
        before = f"{headers['cookie']}; " if name == "cookie" and "cookie" in headers else ""
        headers[name] = before + value
    if disguise.content_type:
        headers["content-type"] = disguise.content_type
    mark = "?" if disguise.query else ""
    return await ask(
        method, f"{target_of(route, world)}{mark}{disguise.query}", headers, disguise.body
    )


def credential_for(route: KnownRoute, world: World) -> Credential:
    is_for_programs = "/v1/" in route.template
    return next(
        one
        for one in world.credentials
        if one.who == "owner" and (one.kind == "KEY") == is_for_programs
    )


async def wrong_answers(
    world: World, disguises: list[Disguise], *, only_bodies: bool = False, under: str = "/"
) -> list[str]:
    wrong = []
    for route, method in routes():
        if not route.template.startswith(under):
            continue
        if only_bodies and (method in WITHOUT_BODY or route.key in BODY_UNREAD):
            continue
        who = credential_for(route, world)
        for disguise in disguises:
            answer = await send(world, who, route, method, disguise)
            # A plain ASGI route reads no other encoding than its own, whatever a header says.
            is_deaf = " /" in route.key and "charset" in disguise.content_type
            first = 400 if disguise.is_refused and not is_deaf else 101
            if answer.status not in range(first, 500):
                wrong.append(f"{method} {route.key}: {disguise.name} → {answer.status}")
    return wrong


def test_fuz_03_no_string_beside_the_body_is_kept(home: World) -> None:
    before = fingerprint(home.tenant)

    assert asyncio.run(wrong_answers(home, SURROUNDINGS)) == []
    assert fingerprint(home.tenant) == before


def test_fuz_03_no_string_of_a_form_is_kept(home: World) -> None:
    before = fingerprint(home.tenant)

    refused = [disguise for disguise in FORMS if disguise.is_refused]
    assert asyncio.run(wrong_answers(home, refused, only_bodies=True)) == []
    assert fingerprint(home.tenant) == before
    cleared = [disguise for disguise in FORMS if not disguise.is_refused]
    assert asyncio.run(wrong_answers(home, cleared, only_bodies=True)) == []


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\udfff\ud800"])
def test_fuz_03_no_string_of_json_is_kept(home: World, text: str) -> None:
    body = json.dumps(dict.fromkeys(NAMES, text)).encode()
    disguise = Disguise("json", content_type="application/json", body=body)
    before = fingerprint(home.tenant)

    for under in ("/api/", "/v1/"):
        wrong = asyncio.run(wrong_answers(home, [disguise], only_bodies=True, under=under))
        assert wrong == []
    assert fingerprint(home.tenant) == before


@pytest.mark.parametrize("escape", ["\\0", "\\x00", "\\ud800", "\\u0000"])
def test_fuz_03_no_escape_of_yaml_is_kept(home: World, escape: str) -> None:
    who = credential_for(KnownRoute("", "/policy/", ()), home)
    page = asyncio.run(
        ask("GET", "/policy/policy.yaml", {"host": home.tenant.host, **who.headers()})
    )
    policy = re.sub(r"(?m)^words:.*$", "words:", page.body.decode())
    policy += f'- {{name: "a{escape}b", word: "c{escape}d", level: L2}}\n'
    body = parts(field("based_on", "1"), field("yaml", policy))
    before = fingerprint(home.tenant)

    route = KnownRoute("", "/policy/yaml", ())
    sent = Disguise("yaml", content_type=MULTIPART, body=body)
    answer = asyncio.run(send(home, who, route, "POST", sent))

    assert answer.status in range(400, 500), answer.body[-500:]
    assert fingerprint(home.tenant) == before
