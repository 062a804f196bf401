"""A policy through its form and back: nothing is lost, nothing is made up."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.findings import Kind
from edge_agent.contract.policy_document import policy_of
from tenants.base.errors import BadRequest
from tenants.policies.draft import ROWS_MAX, fields_of, is_changed, posted_of
from tenants.policies.errors import PolicyRefused

OURS = {"schema", "tenant", "version"}

levels = st.sampled_from(["L0", "L1", "L2"])
# What a field of one line may hold: a browser sends no line ends from it.
texts = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
scores = st.floats(0.05, 1)
rules = levels | st.fixed_dictionaries(
    {"level": levels, "score_min": scores}, optional={"masked": st.just(value=False)}
)
words = st.fixed_dictionaries({"name": texts, "level": levels, "word": texts}) | (
    st.fixed_dictionaries({"name": texts, "level": levels, "pattern": texts.map(lambda t: f" {t}")})
)
by_name = st.dictionaries(texts, levels, max_size=5)
documents = st.fixed_dictionaries(
    {
        "valid_from": st.just("2026-01-01T00:00:00+00:00"),
        "valid_until": st.just("2036-01-01T00:00:00+00:00"),
        "default": levels,
        "kinds": st.dictionaries(st.sampled_from([kind.value for kind in Kind]), rules),
        "words": st.lists(words, max_size=5),
        "terms": st.dictionaries(
            st.sampled_from(["MEDICAL", "SALARY", "CONTRACT"]),
            st.lists(texts, min_size=1, max_size=5),
        ),
        "paths": by_name,
        "labels": by_name,
        "collections": by_name,
    }
)


def without_ours(document: Any) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in OURS}


def test_pol_draft_the_default_comes_back_as_it_went() -> None:
    document = default_document("clinic")

    fields = fields_of(posted_of(document), document)

    assert fields == without_ours(document)
    assert not is_changed(fields, document)


@given(documents)
def test_pol_draft_any_document_comes_back_as_it_went(document: dict[str, Any]) -> None:
    assert fields_of(posted_of(document), document) == document


def test_pol_draft_means_the_same_however_it_was_written() -> None:
    written = {
        **default_document("clinic"),
        "kinds": {"PHONE": {"level": "L1"}, "EMAIL": {"level": "L2", "masked": True}},
        "terms": {"MEDICAL": [], "SALARY": [" pay "]},
    }
    del written["labels"]

    fields = fields_of(posted_of(written), written)

    assert fields["kinds"] == {"PHONE": "L1", "EMAIL": "L2"}
    assert fields["terms"] == {"SALARY": ["pay"]}
    assert not is_changed(fields, written)
    policy_of({**fields, "schema": "drawbridge-policy/1", "tenant": "clinic", "version": 1})


def test_pol_draft_a_change_is_a_change() -> None:
    document = default_document("clinic")
    posted = posted_of(document)
    posted["kind.PHONE"] = ["L2"]

    fields = fields_of(posted, document)

    assert is_changed(fields, document)
    assert fields == {**without_ours(document), "kinds": {**document["kinds"], "PHONE": "L2"}}


def test_pol_draft_empty_rows_say_nothing() -> None:
    document = default_document("clinic")
    posted = posted_of(document)
    for name, value in (("name", ""), ("form", "word"), ("text", " "), ("level", "L1")):
        posted[f"word.{name}"] += [value] * 3
    posted["path.name"] += [" "]
    posted["path.level"] += ["L2"]

    assert not is_changed(fields_of(posted, document), document)


def test_pol_draft_a_half_filled_row_is_not_dropped() -> None:
    document = default_document("clinic")
    posted = posted_of(document) | {
        "word.name": ["Falcon"],
        "word.form": ["word"],
        "word.text": [""],
        "word.level": ["L2"],
    }

    assert fields_of(posted, document)["words"] == [{"name": "Falcon", "level": "L2", "word": ""}]


def test_pol_draft_a_list_too_long_for_a_form_stays() -> None:
    words = [
        {"name": f"w{number}", "word": f"word{number}", "level": "L1"}
        for number in range(ROWS_MAX["words"] + 1)
    ]
    document = {**default_document("clinic"), "words": words}
    posted = posted_of(document)

    assert sum(map(len, posted.values())) < 1000
    assert fields_of(posted, document)["words"] == words


def test_pol_draft_a_name_twice_is_refused() -> None:
    document = default_document("clinic")
    posted = posted_of(document) | {"label.name": ["a", "a "], "label.level": ["L2", "L0"]}

    with pytest.raises(PolicyRefused) as refusal:
        fields_of(posted, document)

    assert refusal.value.params["why"] == "labels.a: stands there twice"


def test_pol_draft_torn_rows_are_refused() -> None:
    document = default_document("clinic")
    posted = posted_of(document) | {"label.name": ["a", "b"], "label.level": ["L2"]}

    with pytest.raises(BadRequest):
        fields_of(posted, document)
