"""The road as a person walks it: sign in, upload, ask, read, stop, come back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tenants.hosts import TenantRef
from tests.browser.driving import Site
from tests.harness.documents import put_document
from tests.harness.provider_replies import Fault, Reply

# One worker keeps one site and one browser for all of them.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

HANDBOOK = """# Parental leave

Employees on part-time contracts are entitled to eighteen weeks of parental leave.

The line manager approves the leave within five working days.
"""
WORDS = ("Parental", " leave", " is", " eighteen", " weeks", ".")


def ask(page: Page, question: str) -> None:
    # Before the scripts are there, Enter is a line end like in any field.
    page.wait_for_load_state()
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")


def test_browser_a_document_is_uploaded_and_answers_with_its_passage(
    page: Page, site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "handbook.md"
    file.write_text(HANDBOOK)
    site.provider.script(Reply(words=("Part-time staff get eighteen weeks of parental leave.",)))

    page.get_by_role("link", name="Documents", exact=True).click()
    page.locator("[data-files]").set_input_files(file)
    expect(page.locator("[data-state=READY]")).to_contain_text("handbook.md", timeout=60_000)
    page.get_by_role("link", name="New question").click()
    ask(page, "How many weeks of parental leave do part-time employees get?")
    page.locator("a.cite").first.click()

    expect(page.locator("[data-sheet] h2")).to_have_text("handbook.md")
    expect(page.locator("[data-sheet] mark")).to_contain_text("eighteen weeks")
    expect(page.locator(".receipt")).to_contain_text("scripted")
    page.keyboard.press("Escape")
    expect(page.locator("[data-sheet]")).to_be_hidden()


def test_browser_each_word_is_seen_before_the_next_is_released(page: Page, site: Site) -> None:
    site.provider.script(Reply(words=WORDS, is_gated=True))

    ask(page, "Hello, what is it?")

    for count in range(1, len(WORDS) + 1):
        site.provider.release()
        expect(page.locator("[data-answer]")).to_have_text("".join(WORDS[:count]))
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator("[data-answer] .prose")).to_have_text("".join(WORDS))
    expect(page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}$"))
    expect(page.locator("[data-conversations] [aria-current]")).to_have_text("Hello, what is it?")


def test_browser_a_reload_in_the_middle_goes_on(page: Page, site: Site) -> None:
    site.provider.script(Reply(words=WORDS, is_gated=True))
    ask(page, "Hello, what is it?")
    site.provider.release(2)
    expect(page.locator("[data-answer]")).to_have_text("Parental leave")

    page.reload()

    expect(page.locator("[data-answer]")).to_have_text("Parental leave")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    site.provider.release(len(WORDS) - 2)
    expect(page.locator("[data-answer] .prose")).to_have_text("".join(WORDS))
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_browser_stop_stops_and_keeps_the_words(page: Page, site: Site) -> None:
    site.provider.script(Reply(words=WORDS, is_gated=True))
    ask(page, "Hello, what is it?")
    site.provider.release(2)
    expect(page.locator("[data-answer]")).to_have_text("Parental leave")

    page.get_by_role("button", name="Stop").click()

    expect(page.locator("[data-answer]")).to_contain_text("Stopped. The words so far are kept.")
    expect(page.locator("[data-answer] .prose")).to_have_text("Parental leave")
    site.provider.wait_for_no_connection()
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_browser_a_failed_answer_says_why_and_is_retried(page: Page, site: Site) -> None:
    site.provider.script(Reply(words=WORDS, fault=Fault.RESET_MID_STREAM))
    site.provider.script(Reply(words=WORDS))
    ask(page, "Hello, what is it?")
    expect(page.locator("[data-answer]")).to_contain_text(
        "The language model stopped in the middle of its answer."
    )

    page.get_by_role("button", name="Retry").click()

    expect(page.locator("[data-answer] .prose")).to_have_text("".join(WORDS))
    expect(page.locator("[data-answer] .receipt")).to_be_visible()


def test_browser_a_question_while_another_is_answered_is_kept(page: Page, site: Site) -> None:
    site.provider.script(Reply(words=WORDS, is_gated=True))
    ask(page, "Hello, what is it?")
    site.provider.release()
    expect(page.locator("[data-answer]")).to_have_text("Parental")

    ask(page, "And then?")
    site.provider.release(len(WORDS))

    expect(page.locator(".receipt")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value("And then?")
    expect(page.locator("[data-question]")).to_have_count(1)


def test_browser_starters_come_from_the_tenants_documents(
    page: Page, site: Site, tenant: TenantRef
) -> None:
    expect(page.get_by_text("No documents yet")).to_be_visible()

    put_document(tenant, HANDBOOK)
    page.reload()

    expect(page.get_by_text("What would you like to know?")).to_be_visible()


def test_browser_the_interface_speaks_chinese(page: Page) -> None:
    page.locator(".me > summary").click()
    page.get_by_role("button", name="中文").click()

    expect(page.get_by_placeholder("就文档提问，或把文件拖到这里")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_browser_the_theme_is_kept_over_a_reload(page: Page) -> None:
    page.locator(".me > summary").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_browser_the_keyboard_reaches_the_content_first(page: Page) -> None:
    # The chat page puts the caret into the composer; here nothing has the focus yet.
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()
