"""The API's page works under the strict policy and asks nobody else."""

import pytest
from playwright.sync_api import Page, expect

from tenants.hosts import TenantRef
from tests.browser.driving import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_api_docs_draws_and_tries_an_operation(page: Page, site: Site, tenant: TenantRef) -> None:
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site.server.url_of(tenant, "/api/docs/"))
    operation = page.locator("#operations-collections-list_collections")
    expect(operation).to_be_visible()

    operation.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()

    expect(
        operation.locator(".live-responses-table td.response-col_status:not(.col_header)")
    ).to_contain_text("200")
    assert complaints == []
    assert site.hosts_asked == {site.server.host_of(tenant)}


def test_api_docs_writes_with_the_token_of_the_page(
    page: Page, site: Site, tenant: TenantRef
) -> None:
    page.goto(site.server.url_of(tenant, "/api/docs/"))
    operation = page.locator("#operations-collections-create_collection")
    operation.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("textarea").fill('{"name": "made in the docs"}')
    operation.get_by_role("button", name="Execute").click()

    expect(
        operation.locator(".live-responses-table td.response-col_status:not(.col_header)")
    ).to_contain_text("201")
