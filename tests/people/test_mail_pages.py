"""Pages that mail a code say so when no mail can come, and what to do instead."""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from tenants.people.models import Person
from tests.harness.web import WebClient

WAYS = {
    "/account/password/reset/": "/account/password/reset/confirm/",
    "/account/login/code/": "/account/login/code/confirm/",
}
LOGGED = "tenants.people.mail.LoggedMail"
UNSENT = "tenants.people.mail.UnsentMail"
SAYS_WHERE = {"en": "This server has no mail set up.", "zh-hans": "此服务器未配置邮件。"}
SAYS_WHOM = {"en": "Ask an owner of this place", "zh-hans": "请联系这里的所有者"}


@pytest.fixture(params=["en", "zh-hans"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("way", WAYS)
def test_a_code_that_reaches_a_log_is_said_to(
    web: WebClient, owner: Person, tmp_path: Path, way: str, language: str
) -> None:
    spoken = {"accept-language": language}
    with override_settings(EMAIL_BACKEND=LOGGED, STATE_DIR=tmp_path):
        before = web.get(way, headers=spoken).content.decode()
        web.post(way, {"email": owner.email}, headers=spoken)
        after = web.get(WAYS[way], headers=spoken).content.decode()

    log = tmp_path / "logs" / "mail.log"
    assert owner.email in log.read_text()
    for page in (before, after):
        assert SAYS_WHERE[language] in page
        assert str(log) in page
    assert owner.email not in after, "nobody was sent anything"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("email", ["{owner}", "nobody@example.org"])
def test_a_server_that_cannot_send_takes_no_address(
    web: WebClient, owner: Person, way: str, email: str, language: str
) -> None:
    with override_settings(EMAIL_BACKEND=UNSENT):
        shown = web.get(way, headers={"accept-language": language})
        form = {"email": email.format(owner=owner.email)}
        sent = web.post(way, form, headers={"accept-language": language})

    for answer in (shown, sent):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert SAYS_WHOM[language] in page
        assert 'name="email"' not in page
        assert "mail.log" not in page


@pytest.mark.parametrize("way", WAYS)
def test_with_a_mail_server_nothing_is_said_of_it(web: WebClient, owner: Person, way: str) -> None:
    web.post(way, {"email": owner.email})
    pages = web.get(way).content.decode() + web.get(WAYS[way]).content.decode()

    assert "no mail set up" not in pages
    assert owner.email in pages


@pytest.mark.parametrize(("backend", "is_said"), [(LOGGED, True), (UNSENT, False)])
def test_welcome_says_where_codes_are(tmp_path: Path, backend: str, is_said: bool) -> None:
    kept = {"email": "owner@demo.example", "password": "a b c"}
    (tmp_path / "demo-signin.json").write_text(json.dumps(kept))
    output = io.StringIO()

    with override_settings(EMAIL_BACKEND=backend, STATE_DIR=tmp_path):
        call_command("welcome", stdout=output)

    line = f"  mail       no server is set; codes are in {tmp_path}/logs/mail.log"
    assert (line in output.getvalue()) is is_said
    assert tmp_path != settings.STATE_DIR
