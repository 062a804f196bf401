"""POL-09: a policy that is pushed may only take away."""

from typing import Any

import pytest

from edge_agent.contract.errors import PolicyInvalid
from edge_agent.contract.tightening import check_tighter
from tests.contract.documents import document, policy

OLD = policy(
    words=[{"name": "project", "word": "Falcon", "level": "L2"}],
    terms={"MEDICAL": ["hiv"]},
    paths={"*/payroll/*": "L2"},
    collections={"HR": "L1"},
)


def newer(**changes: Any) -> dict[str, Any]:
    return {
        "version": 2,
        "words": [{"name": "project", "word": "Falcon", "level": "L2"}],
        "terms": {"MEDICAL": ["hiv"]},
        "paths": {"*/payroll/*": "L2"},
        "collections": {"HR": "L1"},
        **changes,
    }


def test_pol_09_a_stricter_policy_is_taken() -> None:
    kinds = {**document()["kinds"], "EMAIL": {"level": "L2", "score_min": 0.3}}

    check_tighter(policy(**newer()), OLD)
    check_tighter(policy(**newer(default="L1", kinds=kinds, collections={"HR": "L2"})), OLD)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"version": 1}, "version"),
        ({"tenant": "school"}, "tenant"),
        ({"kinds": {**document()["kinds"], "API_KEY": "L1"}}, "kinds.API_KEY"),
        (
            {"kinds": {**document()["kinds"], "PHONE": {"level": "L1", "score_min": 0.9}}},
            "kinds.PHONE",
        ),
        ({"words": []}, "words"),
        ({"terms": {}}, "terms.MEDICAL"),
        ({"paths": {}}, "paths.*/payroll/*"),
        ({"collections": {"HR": "L0"}}, "collections.HR"),
        ({"labels": {}}, "labels.internal"),
    ],
)
def test_pol_09_a_looser_policy_is_refused_by_the_line(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(PolicyInvalid, match="looser than version 1") as refusal:
        check_tighter(policy(**newer(**changes)), OLD)

    assert named in str(refusal.value).partition(": ")[2].split(", ")
