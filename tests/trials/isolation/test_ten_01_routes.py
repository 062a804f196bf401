"""TEN-01: every route × id slot × principal; nothing of the other tenant is seen or touched."""

import asyncio
from collections import Counter
from typing import get_args

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from tenants.base.context import ActorKind
from tenants.people.gatekeeping import Auth
from tenants.people.models.person import Role
from tests.harness.asgi import Answer
from tests.harness.world import SHARED, Credential, World, fingerprint
from tests.trials.isolation.aims import aims_of, fire, is_sent_to_sign_in
from tests.trials.isolation.names import unclassified
from tests.trials.isolation.sending import Shot, shots, slots_of, with_kind
from tests.trials.isolation.table import known_routes, unprobed

STRICT = {"path", "json"}
ANONYMOUS = Credential("anonymous", "NONE", "")
# What a stranger's id may be answered with: it is not there, or the request makes no sense.
REFUSALS = {400, 401, 403, 404, 405, 422}


def all_routes() -> list[URLPattern | URLResolver]:
    return list(get_resolver().url_patterns)


def _dummy(request: HttpRequest, thing_id: str = "") -> HttpResponse:
    return HttpResponse(thing_id)


def test_ten_01_every_route_and_slot_has_a_probe() -> None:
    assert unprobed(known_routes(all_routes())) == []


def test_ten_01_every_name_a_request_may_carry_is_judged() -> None:
    assert sorted(unclassified()) == []


@pytest.mark.parametrize(
    "dummy", [path("dummy", _dummy), path("account/dummy/<uuid:thing_id>", _dummy)]
)
def test_ten_01_a_route_without_a_probe_turns_it_red(dummy: URLPattern) -> None:
    [first, *_more] = unprobed(known_routes([*all_routes(), dummy]))
    assert first == str(dummy.pattern)


def test_ten_01_every_kind_of_principal_is_known() -> None:
    assert set(Role.values) == {"OWNER", "MEMBER"}
    assert set(ActorKind) == {"PERSON", "SERVICE", "DEVICE", "PLATFORM"}
    assert set(get_args(Auth)) == {"COOKIE", "KEY", "COOKIE_OR_KEY", "NONE"}


def shared_aims(home: World) -> dict[str, str]:
    """Return ids that both tenants have; numbers of `home` are numbers of the other too."""
    return aims_of(home) | SHARED | {"idempotency": f"key-{SHARED['run']}"}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_01_nothing_of_another_tenant_is_seen_or_touched(home: World, abroad: World) -> None:
    routes = known_routes(all_routes())
    credentials = [
        *home.credentials,
        *(with_kind(each, f"foreign-{each.who}") for each in abroad.credentials),
        ANONYMOUS,
    ]
    planned = shots(routes, credentials, aims_of(abroad), shared_aims(home))
    before = fingerprint(abroad.tenant)

    seen = asyncio.run(fire(planned, home, shared_aims(home)))

    faults = [
        f"{shot} -> {answer.status}" for shot, answer in seen if not is_sound(shot, answer, abroad)
    ]
    slots = sum(len(slots_of(route)) for route in routes)
    statuses = Counter(answer.status for _shot, answer in seen)
    print(
        f"TEN-01: {len(routes)} routes x {slots} id slots x {len(credentials)} credentials"
        f" = {len(seen)} requests, statuses {dict(sorted(statuses.items()))}"
    )
    print("\n".join(faults))
    assert faults == []
    assert fingerprint(abroad.tenant) == before
    assert {"200", "404"} <= {str(status) for status in statuses}


def test_ten_01_bites_when_a_host_leads_to_the_wrong_tenant(
    home: World, abroad: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: one wrong answer of the registry, and the same probes cry out."""
    for module in ("tenants.middleware", "tenants.people.gatekeeping"):
        monkeypatch.setattr(f"{module}.resolve_host", lambda _host: abroad.tenant)
    routes = [
        route
        for route in known_routes(all_routes())
        if route.key in {"api/v1/conversations", "c/<uuid:conversation_id>", "GET /v1/models"}
    ]
    strangers = [with_kind(each, f"foreign-{each.who}") for each in abroad.credentials]
    planned = shots(routes, strangers, aims_of(abroad), shared_aims(home))

    seen = asyncio.run(fire(planned, home, shared_aims(home)))

    faulty = {shot.route.key for shot, answer in seen if not is_sound(shot, answer, abroad)}
    assert faulty == {route.key for route in routes}


def is_sound(shot: Shot, answer: Answer, abroad: World) -> bool:
    if abroad.canary.encode() in answer.everything or answer.status >= 500:
        return False
    if shot.credential.who.startswith(("foreign", "anonymous")):
        return _is_refused_or_public(shot, answer)
    slot = shot.aim.slot
    if shot.aim.is_foreign and slot is not None and not slot.is_list and slot.place in STRICT:
        return answer.status in REFUSALS or is_sent_to_sign_in(answer)
    # A list of collections is narrowed to those that exist here; the canary tells of a leak.
    return True


PUBLIC = {
    *("language", "api/schema/", "api/docs/"),
    *("GET /healthz", "HEAD /healthz", "GET /readyz", "HEAD /readyz"),
}


def _is_refused_or_public(shot: Shot, answer: Answer) -> bool:
    """Nobody of this house: sent to the sign-in, refused, or on a page that is everybody's."""
    is_open = shot.route.key in PUBLIC or shot.route.key.startswith("account/")
    return is_open or answer.status in REFUSALS or is_sent_to_sign_in(answer)
