"""TEN-02: inside one tenant, what is the owner's alone is not there for a member."""

import asyncio

import pytest
from django.db import connection
from django.urls import get_resolver

from tenants.base.context import person_scope, scope
from tenants.people.models import ApiKey
from tests.harness.asgi import Answer
from tests.harness.web import WebClient
from tests.harness.world import PRIVATE, World
from tests.trials.isolation.aims import aims_of, fire, is_sent_to_sign_in
from tests.trials.isolation.sending import Shot, shots
from tests.trials.isolation.table import known_routes

PRIVATE_KINDS = {"conversation", "run", "key", "idempotency", "cursor", "event"}
PRIVATE_TABLES = (
    "assistant_conversation",
    "assistant_message",
    "assistant_run",
    "assistant_citation",
)
# Everything but success: not there, not allowed, or not by this way of signing in.
HIDDEN = {401, 403, 404, 405}


def private_rows(world: World) -> dict[str, str]:
    """Return a hash of what the owner sees, by what row-level security shows to the owner."""
    owner = world.people["owner"]
    with scope(person_scope(world.tenant.schema, str(owner.pk))), connection.cursor() as cursor:
        found = {}
        for table in PRIVATE_TABLES:
            cursor.execute(
                "SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))"
                f" FROM {table} t"
            )
            [found[table]] = cursor.fetchone()
        found["keys"] = str(
            list(
                ApiKey.objects.filter(person=owner)
                .order_by("id")
                .values_list("id", "name", "revoked_at")
            )
        )
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ten_02_a_member_finds_nothing_of_the_owners(home: World) -> None:
    routes = known_routes(get_resolver().url_patterns)
    members = [each for each in home.credentials if each.who == "member"]
    aims = aims_of(home)
    planned = [
        shot
        for shot in shots(routes, members, aims, aims)
        if shot.aim.is_foreign and shot.aim.slot and shot.aim.slot.kind in PRIVATE_KINDS
    ]
    listed = [shot for shot in shots(routes, members, aims, aims) if shot.aim.slot is None]
    before = private_rows(home)

    seen = asyncio.run(fire([*planned, *listed], home, aims))

    faults = [f"{shot} -> {answer.status}" for shot, answer in seen if not is_hidden(shot, answer)]
    print(f"TEN-02: {len(planned)} aimed and {len(listed)} listing requests")
    assert faults == []
    assert private_rows(home) == before


def is_hidden(shot: Shot, answer: Answer) -> bool:
    if PRIVATE.encode() in answer.everything or answer.status >= 500:
        return False
    slot = shot.aim.slot
    if slot is None or slot.place not in {"path", "json"}:
        return True
    return answer.status in HIDDEN or is_sent_to_sign_in(answer)


def test_ten_02_lists_and_counts_are_ones_own(home: World) -> None:
    member, owner = (
        next(each for each in home.credentials if (each.who, each.kind) == (who, "KEY"))
        for who in ("member", "owner")
    )
    client = WebClient(home.tenant)

    mine = client.get("/api/v1/conversations", headers=member.headers()).json()
    others = client.get("/api/v1/conversations", headers=owner.headers()).json()

    assert mine == {"items": [], "next_cursor": None}
    assert len(others["items"]) == 2


def test_ten_02_one_key_of_two_people_is_two_questions(home: World) -> None:
    """The same idempotency key never leads to another person's run."""
    runs = set()
    for who in ("owner", "member"):
        key = next(each for each in home.credentials if (each.who, each.kind) == (who, "KEY"))
        answer = WebClient(home.tenant).post(
            "/api/v1/runs",
            {"question": "How long is the leave?"},
            content_type="application/json",
            headers={**key.headers(), "Idempotency-Key": "the-same"},
        )
        assert answer.status_code == 202
        runs.add(answer.json()["id"])
    assert len(runs) == 2


def test_ten_02_a_question_cannot_join_anothers_conversation(home: World) -> None:
    key = next(each for each in home.credentials if (each.who, each.kind) == ("member", "KEY"))
    before = private_rows(home)

    answer = WebClient(home.tenant).post(
        "/api/v1/runs",
        {"question": "What did you say?", "conversation_id": home.ids["conversation"]},
        content_type="application/json",
        headers=key.headers(),
    )

    assert answer.status_code == 404
    assert private_rows(home) == before
