"""TEN-08: nothing kept for one tenant is served to another, and every key says whose it is."""

import asyncio
import re

import pytest
from django.urls import get_resolver

from tenants.base import valkey
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.errors import ScopeMissing
from tenants.models import Tenant
from tests.harness.processes import LiveWorker
from tests.harness.web import WebClient
from tests.harness.world import SHARED, World
from tests.trials.isolation.aims import aims_of, fire
from tests.trials.isolation.sending import shots
from tests.trials.isolation.table import known_routes

# What belongs to no tenant: the queues of Celery, which only ring, and how the processes do.
PUBLIC = re.compile(r"celery|unacked\w*|_kombu\..*|.*\.pidbox|p:probe:.*|p:processes")


def keys() -> list[str]:
    return sorted(str(key) for key in valkey.client().scan_iter(count=1000))


def stranger_keys() -> list[str]:
    """Return the keys that begin with no tenant of the registry and are not public."""
    with scope(REGISTRY):
        schemas = list(Tenant.objects.values_list("schema_name", flat=True))
    owned = re.compile(rf"t:(?:{'|'.join(map(re.escape, schemas))}):.+")
    return [key for key in keys() if not owned.fullmatch(key) and not PUBLIC.fullmatch(key)]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ten_08_every_key_names_its_tenant(home: World, abroad: World, worker: LiveWorker) -> None:
    routes = known_routes(get_resolver().url_patterns)
    for world in (home, abroad):
        owners = [each for each in world.credentials if each.who == "owner"]
        own = aims_of(world) | SHARED
        planned = [shot for shot in shots(routes, owners, own, own) if shot.aim.is_foreign is False]
        seen = asyncio.run(fire(planned, world, own))
        other = abroad if world is home else home
        leaks = [str(shot) for shot, answer in seen if other.canary.encode() in answer.everything]
        assert leaks == []
        _fail_to_sign_in(world)

    worker.fail_if_dead()
    found = keys()
    print(f"TEN-08: {len(found)} keys, {len([key for key in found if key.startswith('t:')])} owned")
    assert stranger_keys() == []
    for schema in (home.tenant.schema, abroad.tenant.schema):
        assert any(key.startswith(f"t:{schema}:") for key in found), schema


def _fail_to_sign_in(world: World) -> None:
    """Leave what a rate limit keeps."""
    body = {"login": f"owner@{world.tenant.slug}.example", "password": "not the password"}
    assert WebClient(world.tenant).post("/account/login/", body).status_code == 200


def test_ten_08_a_key_without_a_tenant_is_noticed(home: World) -> None:
    valkey.client().set("session:1", "x")
    valkey.client().set(f"t:{home.tenant.schema}x:1", "x")
    try:
        assert stranger_keys() == [
            "session:1",
            f"t:{home.tenant.schema}x:1",
        ]
    finally:
        valkey.client().delete("session:1", f"t:{home.tenant.schema}x:1")


def test_ten_08_no_scope_no_key() -> None:
    with pytest.raises(ScopeMissing):
        valkey.key("run", "1")
    with pytest.raises(ScopeMissing):
        valkey.cache_key("raw", "", 1)


def test_ten_08_two_lists_of_parts_are_two_keys(home: World) -> None:
    with scope(platform_scope(home.tenant.schema)):
        assert len({valkey.key("a:b", "c"), valkey.key("a", "b:c"), valkey.key("a%3Ab", "c")}) == 3


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    valkey.client().flushdb()
