"""A text tried on the policy page: marked, masked, explained, and never more than words."""

from typing import Any

import pytest
from lxml import html as parser

from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.face.payloads import SCRIPTS
from tests.face.reading import FRAGMENT, text_of
from tests.face.test_policy_page import ID_NUMBER, form_of, tree_of, version_of, word
from tests.harness.web import WebClient


def test_policy_tries_a_text_by_what_is_in_force(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    text = f"身份证号 {ID_NUMBER}"

    answer = web.post("/policy/try", {**form_of(tenant), "text": text}, headers=FRAGMENT)

    tree = parser.fragment_fromstring(answer.content.decode(), create_parent="div")
    [mark] = tree.xpath("//mark")
    assert mark.text == ID_NUMBER
    assert mark.get("data-level") == "L1"
    assert "an identity card number · L1" in mark.text_content()
    [travels] = tree.xpath("//*[@data-travels]")
    assert travels.text_content() == "身份证号 [RESIDENT_ID]"
    assert [each.text_content().strip() for each in tree.xpath("//dd")] == [
        *("as it is", "as it is", "masked", "masked"),
    ]
    assert "Judged by version 1, in force." in text_of(answer)


def test_policy_tries_a_text_by_the_draft(web: WebClient, tenant: TenantRef, owner: Person) -> None:
    web.sign_in(owner)
    draft = form_of(tenant, kind__RESIDENT_ID="L2")

    shown = text_of(web.post("/policy/try", {**draft, "text": ID_NUMBER}, headers=FRAGMENT))

    assert "L2 · secret" in shown
    assert "Judged by the draft below, which is not published." in shown
    assert "Nothing. Only the node" in shown
    assert version_of(tenant) == 1


def test_policy_tries_a_text_although_the_draft_is_half_typed(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    draft = form_of(tenant, **word("half", ""))

    answer = web.post("/policy/try", {**draft, "text": ID_NUMBER}, headers=FRAGMENT)

    assert answer.status_code == 200
    assert "Words of your own, row 1: must be a text" in text_of(answer)
    assert "L1 · restricted" in text_of(answer)


def test_policy_tries_without_scripts_on_the_whole_page(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    draft = form_of(tenant, kind__RESIDENT_ID="L2", note="kept")

    answer = web.post("/policy/try", {**draft, "text": ID_NUMBER})

    tree = tree_of(answer)
    assert tree.get_element_by_id("try-text").text_content().strip() == ID_NUMBER
    assert tree.xpath("//mark/@data-level") == ["L2"]
    assert tree.xpath("//select[@name='kind.RESIDENT_ID']/option[@selected]/@value") == ["L2"]
    assert tree.get_element_by_id("note").get("value") == "kept"
    assert web.get("/policy/try")["Location"] == "/policy/"


@pytest.mark.parametrize("attack", SCRIPTS)
def test_policy_attacks_stay_words(
    web: WebClient, tenant: TenantRef, owner: Person, attack: str
) -> None:
    web.sign_in(owner)
    draft = form_of(tenant, note=attack[:200], **word(attack[:200], "Falcon", "L1"))
    harmless = form_of(tenant, note="note", **word("name", "Falcon", "L1"))
    text = f"{attack} Falcon"

    attacked = web.post("/policy/try", {**draft, "text": text})
    plain = web.post("/policy/try", {**harmless, "text": "text Falcon"})

    assert _elements(attacked) == _elements(plain)


def _elements(response: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Return every element with the names of its attributes, marks of findings aside."""
    tree = tree_of(response)
    return [
        (str(each.tag), tuple(sorted(map(str, each.attrib))))
        for each in tree.iter()
        if "found" not in each.get("class", "")
        and each.get("class") != "tag"
        and not any("reasons" in (up.get("class") or "") for up in each.iterancestors())
    ]
