"""An ordinary page view leaves no line in the log: what is said there is read."""

import re

from django.conf import settings

from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.documents import put_document
from tests.harness.processes import LiveServer
from tests.harness.web import WebClient

# As the formatter of the settings writes them; the server's own access log is off on `make up`.
LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ (\w+) (\S+) .*$", re.MULTILINE)
PAGES = (
    *("/", "/documents/", "/policy/", "/account/keys/", "/account/login/", "/conversations"),
    *("/static/css/base.css", "/api/docs/", "/api/schema/", "/healthz"),
)


def test_page_views_are_not_logged(tenant: TenantRef, owner: Person) -> None:
    put_document(tenant, "The gardener gets thirty days of leave.")
    web = WebClient(tenant)
    web.sign_in(owner)
    cookie = f"{settings.SESSION_COOKIE_NAME}={web.cookies[settings.SESSION_COOKIE_NAME].value}"

    # As on a machine of its own, where nobody answers for Ollama.
    alone = {"LOCAL_MODEL": "auto", "OLLAMA_URL": "http://127.0.0.1:1"}
    with LiveServer(**alone) as server:
        for path in PAGES * 2:
            answer = server.request(tenant, "GET", path, headers={"Cookie": cookie})
            assert answer.status_code in {200, 302}, path

    # That it starts and stops is said by the server itself.
    said = [line for line in LINE.findall(server.log.read_text()) if line[1] != "uvicorn.error"]
    assert said == []
