"""FUZ-03: raw bytes at every door that reads a body: 4xx, and the same process lives on."""

import json
import uuid

import pytest

from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.api.calling import program_of
from tests.harness.processes import LiveServer
from tests.harness.raw_http import raw, status_of

NOBODY = str(uuid.UUID(int=7))
JSON_DOORS = {
    "ask": ("POST", "/api/v1/runs", "question"),
    "collection": ("POST", "/api/v1/collections", "name"),
    "search": ("POST", "/api/v1/search", "query"),
    "rename": ("PATCH", f"/api/v1/conversations/{NOBODY}", "title"),
    "chat": ("POST", "/v1/chat/completions", "model"),
}
BODIES = {
    "none": b"",
    "blank": b"   ",
    "number": b"7",
    "string": b'"x"',
    "null": b"null",
    "list for object": b"[]",
    "wrong type": b'{"%(field)s": {"a": [1, {}]}}',
    "list for text": b'{"%(field)s": ["a"]}',
    "true for text": b'{"%(field)s": true}',
    "10k deep lists": b"[" * 10_000 + b"]" * 10_000,
    "10k deep objects": b'{"%(field)s":' * 10_000 + b"1" + b"}" * 10_000,
    "100k open lists": b"[" * 100_000,
    "NaN": b'{"%(field)s": NaN}',
    "Infinity": b'{"%(field)s": -Infinity}',
    "10^400": b'{"%(field)s": 1' + b"0" * 400 + b"}",
    "1e400": b'{"%(field)s": 1e400}',
    "5000 digits": b'{"%(field)s": ' + b"9" * 5_000 + b"}",
    "field twice": b'{"%(field)s": "a", "%(field)s": "b"}',
    "lone surrogate": b'{"%(field)s": "\\ud800"}',
    "lone surrogate as bytes": b'{"%(field)s": "\xed\xa0\x80"}',
    "surrogate in a name": b'{"\\udfff": "x"}',
    "U+0000": b'{"%(field)s": "a\\u0000b"}',
    "bare NUL": b'{"%(field)s": "a\x00b"}',
    "bad UTF-8": b'{"%(field)s": "\xff\xfe"}',
    "UTF-16": '{"x": "y"}'.encode("utf-16"),
    "cut off": b'{"%(field)s": "a',
    "trailing words": b'{"%(field)s": "a"} and more',
    "form": b"%(field)s=a",
    "xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "more than 1 MB": b'{"%(field)s": "' + b"x" * 1_100_000 + b'"}',
}


def head(server: LiveServer, tenant: TenantRef, method: str, path: str, *lines: str) -> bytes:
    fixed = [f"{method} {path} HTTP/1.1", f"Host: {server.host_of(tenant)}", "Connection: close"]
    return "\r\n".join([*fixed, *lines, "", ""]).encode("latin-1")


@pytest.fixture
def key(tenant: TenantRef, owner: Person) -> str:
    return f"Authorization: Bearer {program_of(tenant, owner).secret}"


@pytest.mark.parametrize("door", JSON_DOORS)
def test_fuz_03_bodies(server: LiveServer, tenant: TenantRef, key: str, door: str) -> None:
    method, path, field = JSON_DOORS[door]
    pid = server.pid
    wrong = {}
    for name, template in BODIES.items():
        body = template.replace(b"%(field)s", field.encode())
        lines = (key, "Content-Type: application/json", f"Content-Length: {len(body)}")
        answer = raw(server, head(server, tenant, method, path, *lines) + body)
        if status_of(answer) not in range(400, 500):
            wrong[name] = answer[:200]

    assert wrong == {}
    server.fail_if_dead()
    assert server.pid == pid


@pytest.mark.parametrize("door", JSON_DOORS)
def test_fuz_03_framing(server: LiveServer, tenant: TenantRef, key: str, door: str) -> None:
    method, path, _field = JSON_DOORS[door]
    body = json.dumps({"x": 1}).encode()
    typed = (key, "Content-Type: application/json")
    cases = {
        "TE and CL": (
            *typed,
            "Content-Length: 8",
            "Transfer-Encoding: chunked",
        ),
        "two lengths": (*typed, "Content-Length: 8", "Content-Length: 9"),
        "length no number": (*typed, "Content-Length: eight"),
        "length below zero": (*typed, "Content-Length: -1"),
        "strange encoding": (*typed, "Transfer-Encoding: gzip, chunked"),
        "1 MB header": (*typed, f"X-Long: {'x' * 1_000_000}"),
        "10k headers": (*typed, *(f"X-{number}: x" for number in range(10_000))),
        "NUL in a header": (*typed, "X-Nul: a\x00b", "Content-Length: 8"),
        "two hosts": (*typed, "Host: localhost", "Content-Length: 8"),
    }
    wrong = {}
    for name, lines in cases.items():
        answer = raw(server, head(server, tenant, method, path, *lines) + body)
        if status_of(answer) not in range(400, 500):
            wrong[name] = answer[:200]

    assert wrong == {}


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff\xfe\x00\r\n\r\n",
        b"A" * 200_000,
        b"GET /%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ],
)
def test_fuz_03_what_is_no_request(server: LiveServer, sent: bytes) -> None:
    pid = server.pid

    assert status_of(raw(server, sent)) in range(400, 500)
    server.fail_if_dead()
    assert server.pid == pid


@pytest.mark.parametrize(
    "query", ["limit=%00", "cursor=%00", "limit=%FF", "cursor=%ED%A0%80", "limit=1&limit=2&%00=%00"]
)
def test_fuz_03_queries(server: LiveServer, tenant: TenantRef, key: str, query: str) -> None:
    for path in ("/api/v1/conversations", "/api/v1/documents"):
        answer = raw(server, head(server, tenant, "GET", f"{path}?{query}", key))

        # Repeated fields are read as the last one, and unknown fields are nobody's.
        assert status_of(answer) in {200, *range(400, 500)}


@pytest.mark.parametrize(
    "line",
    [
        "Idempotency-Key: " + "k" * 5_000,
        "Idempotency-Key: \xff\xfe",
        "Accept-Language: " + "x," * 5_000,
        "Cookie: __Host-session=" + "\xff" * 40,
        "Cookie: " + "a=b;" * 5_000,
        "Last-Event-ID: " + "9" * 5_000,
        "If-None-Match: " + '"x",' * 5_000,
        "Accept: " + "a/b;q=" + "9" * 5_000,
        "Content-Type: application/json; charset=nonsense",
        "Content-Type: multipart/form-data; boundary=" + "x" * 5_000,
        "Content-Encoding: gzip",
    ],
)
def test_fuz_03_headers(server: LiveServer, tenant: TenantRef, key: str, line: str) -> None:
    pid = server.pid
    body = b'{"nothing": 1}'
    for method, path in (("POST", "/api/v1/runs"), ("POST", "/v1/chat/completions")):
        lines = (key, line, f"Content-Length: {len(body)}")
        answer = raw(server, head(server, tenant, method, path, *lines) + body)

        assert status_of(answer) in range(400, 500), answer[:300]
    server.fail_if_dead()
    assert server.pid == pid
