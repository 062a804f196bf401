"""The owner's policy page: who sees it, what it publishes, what it asks first."""

from typing import Any

import pytest
from lxml import html as parser

from edge_agent.contract.findings import Kind
from edge_agent.contract.levels import Level
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tenants.policies.draft import posted_of
from tenants.policies.models import PolicyVersion
from tenants.policies.standing import document_in_force, policy_in_force
from tests.face.reading import text_of
from tests.harness.web import WebClient

# The example of GB 11643, of nobody alive.
ID_NUMBER = "11010519491231002X"
Posted = dict[str, Any]


def form_of(tenant: TenantRef, **changes: Any) -> Posted:
    """Return what a browser posts from the page, with some fields filled anew."""
    with scope(platform_scope(tenant.schema, "tests")):
        document = document_in_force()
    changed = {name.replace("__", "."): value for name, value in changes.items()}
    return {**posted_of(document), "based_on": document["version"], "note": "because", **changed}


def word(name: str, text: str, level: str = "L2") -> Posted:
    return {
        "word__name": [name],
        "word__form": ["word"],
        "word__text": [text],
        "word__level": [level],
    }


def version_of(tenant: TenantRef) -> int:
    with scope(platform_scope(tenant.schema, "tests")):
        return policy_in_force().version


def tree_of(response: Any) -> Any:
    return parser.fromstring(response.content.decode())


def test_policy_is_published_and_in_force(web: WebClient, tenant: TenantRef, owner: Person) -> None:
    web.sign_in(owner)

    answer = web.post("/policy/", form_of(tenant, kind__PHONE="L2", **word("falcon", "Falcon")))

    assert (answer.status_code, answer["Location"]) == (302, "/policy/")
    with scope(platform_scope(tenant.schema, "tests")):
        policy = policy_in_force()
        stored = PolicyVersion.objects.get()
    assert policy.version == 2
    assert policy.level_of(Kind.PHONE) is Level.L2
    assert [each.pattern for each in policy.words] == ["Falcon"]
    assert (stored.note, stored.author_id) == ("because", owner.pk)
    page = text_of(web.get("/policy/"))
    assert "Version 2 is in force" in page
    assert "because" in page


def test_policy_page_posts_what_the_document_says(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    web.post(
        "/policy/",
        form_of(tenant, **word("a name", "Falcon"), path__name=["*/pay/*"], path__level=["L2"]),
    )

    form = tree_of(web.get("/policy/")).get_element_by_id("policy-form")

    # A browser drops the line end that a textarea begins with; the parser here keeps it.
    posted: dict[str, list[str]] = {}
    for name, value in form.form_values():
        posted.setdefault(name, []).append(value.removeprefix("\n"))
    wanted = form_of(tenant)
    assert posted["word.name"] == ["a name", "", "", ""]
    assert posted["path.level"] == ["L2", "L1", "L1", "L1"]
    for name in set(wanted) - {"based_on", "note"}:
        length = len(wanted[name])
        assert posted.get(name, [])[:length] == wanted[name]
    assert posted["based_on"] == ["2"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/policy/"),
        ("post", "/policy/"),
        ("post", "/policy/try"),
        ("post", "/policy/yaml"),
        ("get", "/policy/policy.yaml"),
    ],
)
def test_policy_is_for_owners(
    web: WebClient, tenant: TenantRef, member: Person, method: str, path: str
) -> None:
    visitor = getattr(web, method)(path)
    web.sign_in(member)
    posted = {**form_of(tenant, kind__PHONE="L2"), "text": ID_NUMBER}
    refused = getattr(web, method)(path, posted if method == "post" else None)

    assert visitor.status_code == 302
    assert visitor["Location"].startswith("/account/login/")
    assert refused.status_code == 403
    assert "Ask an owner if you should." in text_of(refused)
    assert version_of(tenant) == 1


def test_policy_row_is_shown_to_owners_only(web: WebClient, owner: Person, member: Person) -> None:
    web.sign_in(member)
    for_member = web.get("/documents/").content.decode()
    web.sign_in(owner)
    for_owner = web.get("/documents/").content.decode()

    assert 'href="/policy/"' not in for_member
    assert 'href="/policy/"' in for_owner


def test_policy_of_another_tenant_is_not_seen(
    web: WebClient,
    tenant: TenantRef,
    owner: Person,
    other_tenant: TenantRef,
    other_owner: Person,
) -> None:
    web.sign_in(owner)
    web.post("/policy/", form_of(tenant, note="kept-among-us", **word("canary", "Canary-word")))
    abroad = WebClient(other_tenant)
    abroad.sign_in(other_owner)

    page = abroad.get("/policy/").content.decode()
    file = abroad.get("/policy/policy.yaml").content.decode()
    tried = text_of(abroad.post("/policy/try", {**form_of(other_tenant), "text": "Canary-word"}))

    assert "kept-among-us" not in page
    assert "canary" not in (page + file + tried).lower().replace("canary-word", "")
    assert version_of(other_tenant) == 1
    assert abroad.get("/policy/", headers={"host": tenant.host}).status_code == 302


def test_policy_that_changed_meanwhile_is_not_overwritten(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    mine = form_of(tenant, **word("mine", "Kestrel"))
    web.post("/policy/", form_of(tenant, note="theirs", **word("theirs", "Falcon")))

    answer = web.post("/policy/", mine)

    assert answer.status_code == 409
    assert version_of(tenant) == 2
    assert "Somebody published another version" in text_of(answer)
    assert "What you typed is still below" in text_of(answer)
    assert "Kestrel" in answer.content.decode()
    [based_on] = tree_of(answer).xpath("//form[@id='policy-form']//input[@name='based_on']/@value")
    assert based_on == "2"


def test_policy_that_is_not_understood_keeps_what_was_typed(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)

    answer = web.post("/policy/", form_of(tenant, **word("falcon", " "), score__PERSON="7"))

    assert answer.status_code == 422
    tree = tree_of(answer)
    said = "What is found by its kind, a person's name: must be a number above 0, at most 1"
    assert said in text_of(answer)
    assert tree.xpath("//*[@role='alert']//a/@href") == ["#kinds"]
    assert tree.xpath("//input[@name='word.name']/@value")[0] == "falcon"
    assert tree.xpath("//input[@name='score.PERSON']/@value") == ["7"]
    assert tree.xpath("//input[@name='note']/@value")[0] == "because"
    assert version_of(tenant) == 1


@pytest.mark.parametrize("text", ["a\x00b", "\x00"])
def test_policy_refuses_what_no_store_can_keep(
    web: WebClient, tenant: TenantRef, owner: Person, text: str
) -> None:
    web.sign_in(owner)

    answer = web.post("/policy/", form_of(tenant, **word("falcon", text)))

    assert answer.status_code == 400
    assert version_of(tenant) == 1


def test_policy_becomes_looser_only_when_it_was_shown(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    looser = form_of(tenant, kind__PHONE="L0", score__PERSON="0.9", label__level=["L0", "L0", "L2"])

    asked = web.post("/policy/", looser)

    assert asked.status_code == 200
    assert version_of(tenant) == 1
    shown = text_of(asked)
    assert "A phone number: restricted → public" in shown
    assert "found from 75 % on → found from 90 % on" in shown
    assert "The label “internal”: restricted → public" in shown
    [token] = tree_of(asked).xpath("//button[@name='confirmed']/@value")

    # What was confirmed is what was shown, and nothing else.
    other = web.post("/policy/", {**looser, "kind.EMAIL": "L0", "confirmed": token})
    assert (other.status_code, version_of(tenant)) == (200, 1)

    done = web.post("/policy/", {**looser, "confirmed": token})
    assert (done.status_code, version_of(tenant)) == (302, 2)


def test_policy_explaining_a_label_is_looser(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    names, levels = ["internal", "new"], ["L1", "L0"]

    asked = web.post("/policy/", form_of(tenant, label__name=names, label__level=levels))

    assert "The label “new”: not named → public" in text_of(asked)
    assert version_of(tenant) == 1


def test_policy_posts_need_their_token(tenant: TenantRef, owner: Person) -> None:
    strict = WebClient(tenant, enforce_csrf_checks=True)
    strict.sign_in(owner)

    answers = [
        strict.post(path, {**form_of(tenant, kind__PHONE="L2"), "text": "x", "yaml": "x"})
        for path in ("/policy/", "/policy/try", "/policy/yaml")
    ]

    assert [each.status_code for each in answers] == [403, 403, 403]
    assert version_of(tenant) == 1


def test_policy_page_can_be_walked_without_seeing(web: WebClient, owner: Person) -> None:
    web.sign_in(owner)
    tree = tree_of(web.get("/policy/"))

    fields = [
        each for each in tree.iter("input", "textarea", "select") if each.get("type") != "hidden"
    ]
    nameless = [
        each.get("name")
        for each in fields
        if not each.get("aria-label")
        and not tree.xpath("//label[@for=$id]", id=each.get("id") or "-")
        and next(each.iterancestors("label"), None) is None
    ]
    assert nameless == []
    assert len(list(tree.iter("main"))) == len(list(tree.iter("h1"))) == 1
    # The policy of the page forbids scripts and styles of its own.
    assert not [
        each for each in tree.iter("script") if not each.get("src", "").startswith("/static/")
    ]
    assert not tree.xpath("//style | //*[@style] | //@*[starts-with(name(), 'on')]")
