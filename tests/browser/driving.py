"""A Chromium for the trials, a site whose model waits for the test, and a person signed in."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.people import PASSWORD
from tests.harness.processes import LiveServer, LiveWorker
from tests.harness.scripted_provider import ScriptedProvider

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE: ViewportSize = {"width": 1440, "height": 900}

expect.set_options(timeout=20_000)


@dataclass
class Site:
    """The site with its worker; both ask the scripted provider."""

    server: LiveServer
    provider: ScriptedProvider
    hosts_asked: set[str] = field(default_factory=set)

    def begin_anew(self) -> None:
        """Forget what an earlier trial left: replies nobody asked for, words nobody took."""
        self.hosts_asked = set()
        self.provider._replies.clear()
        while self.provider._gate.acquire(blocking=False):
            pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        reason = f"there is no {CHROMIUM}; `make system` installs it where it may"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright keeps its event loop in this thread; what Django does here is still synchronous.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with ScriptedProvider() as provider:
        model = {
            "OPENAI_BASE_URL": provider.base_url,
            "OPENAI_API_KEY": "scripted-key",
            "OPENAI_MODEL": "scripted",
            "LOCAL_MODEL": "auto",
        }
        with LiveServer(**model) as server, LiveWorker("threads", 4, **model):
            yield Site(server, provider)


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """Offer a fresh browser that notes which hosts it asks."""
    context = browser.new_context(viewport=WIDE, locale="en-GB")
    note_hosts(context, site)
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext, site: Site, tenant: TenantRef, owner: Person) -> Page:
    """Offer the chat page of the tenant's owner, signed in as a person does."""
    page = visitor.new_page()
    sign_in(page, site, tenant, owner)
    return page


def note_hosts(context: BrowserContext, site: Site) -> None:
    site.begin_anew()
    context.on("request", lambda request: site.hosts_asked.add(_host_of(request)))


def sign_in(page: Page, site: Site, tenant: TenantRef, person: Person) -> None:
    page.goto(site.server.url_of(tenant))
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    page.wait_for_load_state()


def _host_of(request: Request) -> str:
    return request.url.split("/")[2] if "//" in request.url else request.url.split(":")[0]
