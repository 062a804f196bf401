"""The whole policy as a file: given out, taken back, refused with a reason."""

from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from edge_agent.contract.findings import Kind
from edge_agent.contract.levels import Level
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tenants.policies.standing import policy_in_force
from tests.face.reading import text_of
from tests.face.test_policy_page import tree_of, version_of
from tests.harness.web import WebClient


def downloaded(web: WebClient) -> str:
    return web.get("/policy/policy.yaml").content.decode()


def test_policy_yaml_goes_out_and_comes_back(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    file = web.get("/policy/policy.yaml")
    text = file.content.decode()

    assert file["Content-Disposition"] == 'attachment; filename="policy-1.yaml"'
    assert [*yaml.safe_load(text)][:3] == ["schema", "tenant", "version"]
    assert "诊断为" in text
    stricter = text.replace("PHONE: L1", "PHONE: L2")
    answer = web.post("/policy/yaml", {"yaml": stricter, "based_on": 1, "note": "by file"})

    assert answer.status_code == 302
    with scope(platform_scope(tenant.schema, "tests")):
        assert policy_in_force().level_of(Kind.PHONE) is Level.L2
    again = downloaded(web)
    assert again == stricter.replace("version: 1", "version: 2")


def test_policy_yaml_is_taken_as_a_file_with_bare_dates(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    text = downloaded(web).replace("'2026", "2026").replace("00'", "00")
    text = text.replace("EMAIL: L1", "EMAIL: L2").replace("'2036", "2036")
    assert "valid_from: 2026-01-01T00:00:00+00:00" in text
    file = SimpleUploadedFile("policy.yaml", text.encode("utf-8-sig"))

    answer = web.post("/policy/yaml", {"file": file, "based_on": 1})

    assert (answer.status_code, version_of(tenant)) == (302, 2)


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        (("PHONE: L1", "PHOEN: L1"), 422, "kinds.PHOEN"),
        (("default: L0", "defualt: L2"), 422, "default"),
        (("PHONE: L1", "PHONE: L7"), 422, "kinds.PHONE"),
        (("PHONE: L1", "PHONE: L1\n  PHONE: L0"), 422, "PHONE: stands there twice"),
        (("drawbridge-policy/1", "drawbridge-policy/9"), 422, "schema"),
        (("PHONE: L1", "PHONE: [L1"), 400, "This is no YAML"),
        (("PHONE: L1", 'PHONE: "\\0"'), 422, ""),
        (("words: []", 'words: [{name: "a\\0", word: b, level: L1}]'), 422, "cannot be stored"),
        (("words: []", "words: &a []\nlabels2: *a"), 422, "anchors"),
        (("words: []", "words: " + "[" * 50_000), 422, "nested too deeply"),
        (("words: []", "words: !!python/object:os.system {}"), 400, "This is no YAML"),
        (("words: []", "words: 2026-99-99T00:00:00Z"), 400, "This is no YAML"),
    ],
)
def test_policy_yaml_that_says_nothing_is_refused_by_the_line(
    web: WebClient,
    tenant: TenantRef,
    owner: Person,
    change: tuple[str, str],
    status: int,
    named: str,
) -> None:
    web.sign_in(owner)
    text = downloaded(web)
    assert change[0] in text

    answer = web.post("/policy/yaml", {"yaml": text.replace(*change), "based_on": 1})

    assert answer.status_code == status
    assert named in text_of(answer)
    assert version_of(tenant) == 1


@pytest.mark.parametrize("text", ["", "- a", "42", "\x07", "a: 1", "!!binary x"])
def test_policy_yaml_of_nonsense_is_refused(
    web: WebClient, tenant: TenantRef, owner: Person, text: str
) -> None:
    web.sign_in(owner)

    answer = web.post("/policy/yaml", {"yaml": text, "based_on": 1})

    assert 400 <= answer.status_code < 500
    assert version_of(tenant) == 1


def test_policy_yaml_has_a_size(web: WebClient, tenant: TenantRef, owner: Person) -> None:
    web.sign_in(owner)
    large = downloaded(web) + "#" * 1024 * 1024

    pasted = web.post("/policy/yaml", {"yaml": large, "based_on": 1})
    file: Any = SimpleUploadedFile("policy.yaml", large.encode())
    uploaded = web.post("/policy/yaml", {"file": file, "based_on": 1})

    assert (pasted.status_code, uploaded.status_code) == (413, 413)
    assert version_of(tenant) == 1


def test_policy_yaml_becomes_looser_only_when_it_was_shown(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    text = downloaded(web).replace("PHONE: L1", "PHONE: L0")
    looser = {"yaml": text, "based_on": 1}

    asked = web.post("/policy/yaml", looser)
    tree = tree_of(asked)
    [button] = tree.xpath("//button[@name='confirmed']")

    assert (asked.status_code, version_of(tenant)) == (200, 1)
    assert "A phone number: restricted → public" in text_of(asked)
    assert button.get("form") == "yaml-form"
    assert tree.get_element_by_id("yaml").text_content().strip() == text.strip()
    done = web.post("/policy/yaml", {**looser, "confirmed": button.get("value")})
    assert (done.status_code, version_of(tenant)) == (302, 2)


def test_policy_yaml_of_an_old_version_is_not_taken(
    web: WebClient, tenant: TenantRef, owner: Person
) -> None:
    web.sign_in(owner)
    stricter = downloaded(web).replace("PHONE: L1", "PHONE: L2")
    web.post("/policy/yaml", {"yaml": stricter, "based_on": 1})

    late = web.post("/policy/yaml", {"yaml": stricter, "based_on": 1})

    assert late.status_code == 409
    assert version_of(tenant) == 2
