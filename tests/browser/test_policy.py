"""The owner's policy as a person uses it: type, see, change a rule, see again, publish."""

import pytest
from playwright.sync_api import Page, expect

from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.policies.standing import policy_in_force
from tests.browser.driving import Site

# One worker keeps one site and one browser for all of them.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

# The example of GB 11643, of nobody alive.
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def policy(page: Page, site: Site, tenant: TenantRef) -> Page:
    """Offer the policy page; what the browser complains of fails the trial."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Security Policy" in said.text else None,
    )
    page.goto(site.server.url_of(tenant, "/policy/"))
    page.wait_for_load_state()
    assert complaints == []
    return page


def test_policy_is_judged_while_one_types(policy: Page, site: Site, tenant: TenantRef) -> None:
    box, result = policy.get_by_role("textbox", name="Try a text"), policy.locator("#try-result")

    box.press_sequentially("The number is ")
    expect(result).to_contain_text("L0 · public")
    box.press_sequentially(ID_NUMBER)

    expect(result.locator("mark")).to_contain_text(ID_NUMBER)
    expect(result.locator("[data-travels]")).to_have_text("The number is [RESIDENT_ID]")
    expect(policy.locator("[data-said]")).to_contain_text("Found: an identity card number.")

    policy.get_by_label("An identity card number").select_option("L2")
    expect(result).to_contain_text("L2 · secret")
    expect(result).to_contain_text("Judged by the draft below")
    assert site.hosts_asked == {site.server.host_of(tenant)}


def test_policy_words_are_added_and_published_by_keyboard(policy: Page, tenant: TenantRef) -> None:
    policy.get_by_role("textbox", name="Try a text").fill("About Falcon.")
    words = policy.get_by_role("group", name="Words of your own")
    expect(words.locator("li")).to_have_count(0)

    words.get_by_role("button", name="Add a row").press("Enter")
    expect(words.get_by_label("Name")).to_be_focused()
    policy.keyboard.type("falcon")
    words.get_by_label("Word or pattern").last.fill("Falcon")
    expect(policy.locator("#try-result mark")).to_contain_text("a word on your list")

    # Enter in a field publishes nothing.
    words.get_by_label("Name").press("Enter")
    policy.get_by_label("What changed and why").first.fill("our project")
    policy.get_by_role("button", name="Publish", exact=True).press("Enter")

    expect(policy.get_by_role("status").first).to_have_text("Version 2 is in force.")
    with scope(platform_scope(tenant.schema, "tests")):
        assert [word.name for word in policy_in_force().words] == ["falcon"]

    words.get_by_role("button", name="Remove falcon").press("Enter")
    policy.get_by_role("button", name="Publish", exact=True).click()
    expect(policy.get_by_role("heading", name="This version lets more out")).to_be_focused()
    policy.get_by_role("button", name="Publish all the same").click()
    expect(policy.get_by_role("status").first).to_have_text("Version 3 is in force.")


def test_policy_says_politely_what_cannot_be_judged(policy: Page) -> None:
    result = policy.locator("#try-result")

    policy.route("**/policy/try-file", lambda route: route.fulfill(status=404, body="<html>"))
    policy.get_by_label("Drop a file, or choose one").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"}
    )
    expect(result).to_contain_text("Files cannot be tried here yet.")

    policy.route("**/policy/try", lambda route: route.abort())
    policy.get_by_role("textbox", name="Try a text").press_sequentially("words")
    expect(result).to_contain_text("No connection.")
    expect(policy.get_by_role("textbox", name="Try a text")).to_have_value("words")
