"""Every page: who may see it, what it holds, how it is walked through."""

import re
import uuid
from pathlib import Path

import pytest
from lxml import html as parser

from tenants.people.models import Person
from tests.face.reading import text_of
from tests.harness.web import WebClient

ID = uuid.UUID("00000000-0000-4000-8000-000000000001")
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/"),
        ("get", f"/c/{ID}"),
        ("get", "/conversations"),
        ("post", "/ask"),
        ("get", f"/runs/{ID}/turn"),
        ("post", f"/runs/{ID}/stop"),
        ("post", f"/runs/{ID}/retry"),
        ("post", f"/c/{ID}/rename"),
        ("post", f"/c/{ID}/delete"),
        ("get", "/documents/"),
        ("get", "/documents/ticket"),
        ("post", f"/documents/{ID}/delete"),
        ("post", f"/documents/{ID}/retry"),
        ("get", "/passages/1"),
    ],
)
def test_pages_ask_visitors_to_sign_in(web: WebClient, method: str, path: str) -> None:
    response = getattr(web, method)(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", f"/c/{ID}"),
        ("get", f"/runs/{ID}/turn"),
        ("post", f"/runs/{ID}/stop"),
        ("post", f"/runs/{ID}/retry"),
        ("post", f"/c/{ID}/delete"),
        ("post", f"/documents/{ID}/retry"),
        ("post", f"/documents/{ID}/delete"),
        ("get", "/passages/999999"),
        ("get", "/nowhere"),
    ],
)
def test_pages_know_nothing_of_what_is_not_there(
    web: WebClient, owner: Person, method: str, path: str
) -> None:
    web.sign_in(owner)

    assert getattr(web, method)(path).status_code == 404


def test_language_is_chosen_and_leads_back_only_here(web: WebClient) -> None:
    chosen = web.post("/language", {"language": "zh-hans", "next": "/account/login/"})
    elsewhere = web.post("/language", {"language": "xx", "next": "https://canary.example/"})

    assert chosen["Location"] == "/account/login/"
    assert "登录" in text_of(web.get("/account/login/"))
    assert elsewhere["Location"] == "/"
    assert "language" not in elsewhere.cookies


@pytest.mark.parametrize(
    "path",
    ["/", "/documents/", "/account/keys/", "/account/password/change/", "/account/logout/", "/x"],
)
def test_pages_hold_no_script_or_style_of_their_own(
    web: WebClient, owner: Person, path: str
) -> None:
    web.sign_in(owner)
    response = web.get(path)
    tree = parser.fromstring(response.content.decode())

    assert not [script for script in tree.iter("script") if not script.get("src")]
    assert not list(tree.iter("style"))
    assert not [
        (element.tag, name)
        for element in tree.iter()
        for name in element.attrib
        if name.startswith("on") or name == "style"
    ]
    addresses = [each.get("src") or each.get("href") for each in tree.iter("script", "link", "img")]
    assert all(address.startswith("/static/") for address in addresses if address)
    assert "script-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/documents/", "/account/keys/", "/account/login/"])
def test_pages_can_be_walked_without_seeing(web: WebClient, owner: Person, path: str) -> None:
    if path != "/account/login/":
        web.sign_in(owner)
    tree = parser.fromstring(web.get(path).content.decode())

    assert tree.get("lang") == "en"
    assert len(list(tree.iter("main"))) == 1
    assert len(list(tree.iter("h1"))) == 1
    for field in tree.iter("input", "textarea", "select"):
        if field.get("type") in {"hidden", "submit"}:
            continue
        labels = tree.xpath("//label[@for=$id]", id=field.get("id") or "-")
        assert (
            labels
            or field.get("aria-label")
            or next(field.iterancestors("label"), None) is not None
        )
    for button in tree.iter("button"):
        assert button.text_content().strip() or button.get("aria-label")


def test_no_template_marks_anything_safe_but_help_texts() -> None:
    unsafe = [
        f"{path.relative_to(TEMPLATES)}: {line.strip()}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for line in path.read_text().splitlines()
        if re.search(r"\|\s*safe\b|autoescape off", line) and "help_text" not in line
    ]

    assert unsafe == []
