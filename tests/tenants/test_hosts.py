"""The host decides: how it is read, how long the answer is kept, and who hears of a change."""

import threading
import time

import pytest
from django.test import Client

from tenants import hosts
from tenants.base import valkey
from tenants.base.context import REGISTRY, scope
from tenants.base.roles import OWNER_ALIAS
from tenants.hosts import HostCache, TenantRef, canonical_host, forget_hosts, resolve_host
from tenants.models import Tenant, TenantState


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("demo.localhost", "demo.localhost"),
        ("demo.localhost:8000", "demo.localhost"),
        ("DEMO.LocalHost", "demo.localhost"),
        ("demo.localhost.", "demo.localhost"),
        ("demo.localhost.:80", "demo.localhost"),
        ("xn--mnchen-3ya.localhost", "xn--mnchen-3ya.localhost"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("", None),
        (".", None),
        (":80", None),
        ("demo..localhost", None),
        ("demo.localhost..", None),
        ("demo.localhost:80:90", None),
        ("demo.localhost:port", None),
        ("demo.localhost, evil.localhost", None),
        ("demo.localhost evil", None),
        ("demo.localhost\n", None),
        ("demo.localhost/", None),
        ("user@demo.localhost", None),
        ("münchen.localhost", None),
        ("ＤＥＭＯ.localhost", None),
        ("[::1]:8000", None),
        ("-demo.localhost", None),
        ("a" * 254, None),
        ("demo.localhost\x00", None),
    ],
)
def test_ten_04_a_host_is_read_in_one_way(header: str, host: str | None) -> None:
    assert canonical_host(header) == host


@pytest.mark.parametrize(
    "header",
    [
        "nobody.localhost",
        "www.{host}",
        "{host}.evil.example",
        "127.0.0.1",
        "[::1]",
        "{host}, {host}",
        "",
        "x" * 5000,
    ],
)
def test_ten_04_an_unknown_host_is_a_plain_404(tenant: TenantRef, header: str) -> None:
    answer = Client(headers={"host": header.format(host=tenant.host)}).get("/")

    assert (answer.status_code, answer.content) == (404, b"Nothing is here.\n")
    assert not answer.cookies


def test_ten_04_a_forwarded_host_is_not_believed(
    tenant: TenantRef, other_tenant: TenantRef
) -> None:
    forwarded = {"x-forwarded-host": other_tenant.host, "forwarded": f"host={other_tenant.host}"}
    stranger = Client(headers={"host": "nobody.localhost", **forwarded}).get("/")
    assert stranger.status_code == 404


def test_the_public_host_is_the_platforms() -> None:
    found = resolve_host("localhost:8000")
    assert found is not None
    assert found.slug == "platform"


def test_a_known_host_is_asked_for_once(tenant: TenantRef, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    look_up = hosts._look_up

    def noted(host: str) -> TenantRef | None:
        asked.append(host)
        return look_up(host)

    monkeypatch.setattr(hosts, "_look_up", noted)
    forget_hosts()
    time.sleep(0.2)

    for _number in range(3):
        assert resolve_host(tenant.host) == tenant
        assert resolve_host("nobody.localhost") is None
    assert asked == [tenant.host, "nobody.localhost"]


def test_a_suspended_tenant_has_no_host(tenant: TenantRef) -> None:
    assert resolve_host(tenant.host) == tenant
    with scope(REGISTRY):
        Tenant.objects.using(OWNER_ALIAS).filter(id=tenant.id).update(state=TenantState.SUSPENDED)
    forget_hosts()

    assert resolve_host(tenant.host) is None


def test_what_another_process_changed_is_heard(tenant: TenantRef) -> None:
    assert resolve_host(tenant.host) == tenant
    with scope(REGISTRY):
        Tenant.objects.using(OWNER_ALIAS).filter(id=tenant.id).update(name="Renamed")
    ends = time.monotonic() + 5
    # Said as another process would say it, without touching the answers kept in this one.
    while resolve_host(tenant.host) == tenant and time.monotonic() < ends:
        valkey.client().publish(hosts._channel(), "changed")
        time.sleep(0.1)

    found = resolve_host(tenant.host)
    assert found is not None
    assert found.name == "Renamed"


def test_answers_end_and_make_room(tenant: TenantRef) -> None:
    cache = HostCache()
    cache.put("a", tenant, now=0.0, edition=cache.edition)
    assert cache.get("a", now=hosts.KEPT_SECONDS - 1) == (True, tenant)
    assert cache.get("a", now=hosts.KEPT_SECONDS)[0] is False
    for number in range(hosts.HOSTS_MAX + 10):
        cache.put(str(number), None, now=0.0, edition=cache.edition)
    assert cache.get("0", now=1.0)[0] is False
    assert cache.get(str(hosts.HOSTS_MAX + 9), now=1.0) == (True, None)


def test_old_news_does_not_survive_a_change(tenant: TenantRef) -> None:
    cache = HostCache()
    edition = cache.edition
    thread = threading.Thread(target=cache.clear)
    thread.start()
    thread.join()
    cache.put("a", tenant, now=0.0, edition=edition)
    assert cache.get("a", now=1.0)[0] is False
