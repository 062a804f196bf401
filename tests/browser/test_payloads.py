"""Answers, names and quotes that attack the page, shown in a real browser without its policy.

The pages' own policy would stop most of this as well; here it is switched off, so that what
holds is the sanitiser alone.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.models import Citation, Conversation, Message, MessageRole, Run, RunMode, RunState
from rag.models import Chunk, Document
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS
from tenants.hosts import TenantRef, forget_hosts
from tenants.models import Tenant
from tenants.people.models import Person
from tests.browser.driving import WIDE, Site, note_hosts, sign_in
from tests.face.payloads import SCRIPTS, payloads
from tests.harness.documents import put_document
from tests.harness.provider_replies import Reply

# One worker keeps one site and one browser for all of them.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

COUNT = "window.ran = 0; window.pwn = () => { window.ran += 1; };"
POKE = """() => {
  for (const element of document.querySelectorAll("[data-turns] *, [data-list] *, [data-sheet] *")) {
    for (const kind of ["mouseover", "mouseenter", "focus", "error", "load", "toggle", "pointerdown"]) {
      element.dispatchEvent(new Event(kind));
    }
  }
}"""
PER_ANSWER = 40


@pytest.fixture
def bare_page(browser: Browser, site: Site, tenant: TenantRef, owner: Person) -> Iterator[Page]:
    """Offer a page whose policy is off and that counts scripts of the payloads."""
    context = browser.new_context(viewport=WIDE, locale="en-GB", bypass_csp=True)
    note_hosts(context, site)
    context.add_init_script(COUNT)
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a script spoke: {dialog.message}"))
    sign_in(page, site, tenant, owner)
    yield page
    context.close()


def assert_nothing_happened(page: Page, site: Site, tenant: TenantRef) -> None:
    page.evaluate(POKE)
    # A picture or a style sheet is asked for a little later than it is drawn.
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") == 0
    assert site.hosts_asked == {site.server.host_of(tenant)}


def test_llm_01_02_stored_payloads_stay_words(
    bare_page: Page, site: Site, tenant: TenantRef, owner: Person
) -> None:
    _rename(tenant, SCRIPTS[6])
    document = put_document(tenant, f"{SCRIPTS[6]} {SCRIPTS[13]}", name=f"{SCRIPTS[8]}.md")
    conversation = _told(tenant, owner, document)

    bare_page.goto(site.server.url_of(tenant, f"/c/{conversation.id}"))
    expect(bare_page.locator("[data-turn]")).to_have_count(-(-len(payloads()) // PER_ANSWER))
    assert_nothing_happened(bare_page, site, tenant)

    bare_page.locator("a.cite").first.click()
    expect(bare_page.locator("[data-sheet] h2")).to_have_text(f"{SCRIPTS[8]}.md")
    assert_nothing_happened(bare_page, site, tenant)

    bare_page.goto(site.server.url_of(tenant, "/documents/"))
    expect(bare_page.locator(".file")).to_contain_text("onerror")
    assert_nothing_happened(bare_page, site, tenant)


def test_llm_01_05_streamed_payloads_stay_words(
    bare_page: Page, site: Site, tenant: TenantRef
) -> None:
    text = "\n\n".join(payloads()[::3])
    # Cut everywhere, also inside tags and entities.
    words = [text[at : at + 7] for at in range(0, len(text), 7)]
    site.provider.script(Reply(words=words))

    bare_page.get_by_label("Your question").fill(f"Hello {SCRIPTS[6]}")
    bare_page.get_by_label("Your question").press("Enter")

    expect(bare_page.locator(".receipt")).to_be_visible(timeout=90_000)
    assert_nothing_happened(bare_page, site, tenant)


def _rename(tenant: TenantRef, name: str) -> None:
    with scope(REGISTRY):
        Tenant.objects.using(OWNER_ALIAS).filter(slug=tenant.slug).update(name=name)
    forget_hosts()


def _told(tenant: TenantRef, owner: Person, document: Document) -> Conversation:
    """Store a conversation whose answers are all payloads, each with a citation of its kind."""
    texts = [
        "\n\n".join(payloads()[at : at + PER_ANSWER])
        for at in range(0, len(payloads()), PER_ANSWER)
    ]
    with scope(platform_scope(tenant.schema, "tests")):
        chunk = Chunk.objects.get(document=document)
        Chunk.objects.filter(id=chunk.id).update(heading=SCRIPTS[14])
        conversation = Conversation.objects.create(owner=owner, title=SCRIPTS[6])
        for number, text in enumerate(texts):
            _turn(conversation, chunk, number, text)
    return conversation


def _turn(conversation: Conversation, chunk: Chunk, number: int, text: str) -> None:
    question = Message.objects.create(
        conversation=conversation, position=2 * number, role=MessageRole.USER, text=SCRIPTS[number]
    )
    answer = Message.objects.create(
        conversation=conversation, position=2 * number + 1, role=MessageRole.ASSISTANT, text=text
    )
    Run.objects.create(
        conversation=conversation,
        question=question,
        answer=answer,
        state=RunState.DONE,
        partial_text=text,
        model=SCRIPTS[number],
        mode=RunMode.CHAT,
        passages_seen=1,
        passages_used=1,
    )
    Citation.objects.create(
        message=answer,
        ordinal=1,
        chunk=chunk,
        document_id=chunk.document_id,
        document_name=SCRIPTS[number],
        start=0,
        end=text.index("\n"),
        quote=SCRIPTS[6],
        score=1.0,
    )
