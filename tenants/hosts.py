"""Which tenant a request is for: the host decides, and nothing else.

The answer is kept in the process for a short while; whoever changes the registry says so
through Valkey and every process forgets. Without Valkey, the short while is the bound.
"""

import logging
import os
import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tenants.base import valkey
from tenants.base.claims import know_host
from tenants.base.context import REGISTRY, scope
from tenants.base.listener import Listener
from tenants.base.loops import watch
from tenants.models import Domain, TenantState

logger = logging.getLogger(__name__)

KEPT_SECONDS = 30.0
# Strangers can invent hosts without end; the oldest answers make room.
HOSTS_MAX = 4096

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_PORT = re.compile(r":[0-9]{1,5}\Z")


@dataclass(frozen=True, slots=True)
class TenantRef:
    """What a request needs to know of its tenant: `host` was asked, `primary_host` is its own."""

    id: str
    schema: str
    slug: str
    name: str
    host: str
    primary_host: str

    @property
    def authority(self) -> str:
        """The tenant's own host, with the port where the site does not stand at the usual one."""
        port = f":{settings.SITE_PORT}" if settings.SITE_PORT else ""
        return f"{self.primary_host}{port}"

    @property
    def origin(self) -> str:
        """How every address begins that leaves with a mail, a citation or a description."""
        return f"{settings.SITE_SCHEME}://{self.authority}"


class HostCache:
    """Answers of the registry with an end date, a bound and a lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, tuple[float, TenantRef | None]] = OrderedDict()
        # Counted up by every forgetting, so that a slow lookup cannot bring old news back.
        self.edition = 0

    def get(self, host: str, now: float) -> tuple[bool, TenantRef | None]:
        with self._lock:
            ends, found = self._answers.get(host, (0.0, None))
            return now < ends, found

    def put(self, host: str, found: TenantRef | None, *, now: float, edition: int) -> None:
        with self._lock:
            if edition != self.edition:
                return
            self._answers[host] = (now + KEPT_SECONDS, found)
            self._answers.move_to_end(host)
            while len(self._answers) > HOSTS_MAX:
                self._answers.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self.edition += 1
            self._answers.clear()


_cache = HostCache()


def resolve_host(host_header: str) -> TenantRef | None:
    """Return the tenant that the Host header names, or None for anything unknown."""
    host = canonical_host(host_header)
    if host is None:
        return None
    _ears.listen()
    now = time.monotonic()
    is_known, found = _cache.get(host, now)
    if not is_known:
        edition = _cache.edition
        found = _look_up(host)
        if found is not None:
            know_host(host, found.schema)
        _cache.put(host, found, now=now, edition=edition)
    return found


def canonical_host(host_header: str) -> str | None:
    """Return the host in small letters without port and final dot, or None if it is no name."""
    host = _PORT.sub("", host_header.lower())
    host = host.removesuffix(".")
    return host if _HOST.fullmatch(host) and ".." not in host else None


def forget_hosts() -> None:
    """Drop the answers of this process and tell the others to drop theirs."""
    _cache.clear()
    try:
        valkey.client().publish(_channel(), "changed")
    except redis.RedisError:
        logger.warning("host_invalidation_not_sent")


def _look_up(host: str) -> TenantRef | None:
    primary = Domain.objects.filter(tenant=OuterRef("tenant"), is_primary=True)
    with scope(REGISTRY):
        domain = (
            Domain.objects.select_related("tenant")
            .filter(host=host, tenant__state=TenantState.ACTIVE)
            # A tenant without a primary host is known by the one that was asked.
            .annotate(primary_host=Coalesce(Subquery(primary.values("host")[:1]), F("host")))
            .first()
        )
    if domain is None:
        return None
    tenant = domain.tenant
    return TenantRef(
        str(tenant.id),
        tenant.schema_name,
        tenant.slug,
        tenant.name,
        domain.host,
        domain.primary_host,
    )


def _channel() -> str:
    return valkey.channel("hosts")


class _Ears:
    """Begins to listen for changes once a process; a fork begins anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process_id = 0

    def listen(self) -> None:
        if self._process_id == os.getpid():
            return
        with self._lock:
            if self._process_id != os.getpid():
                self._process_id = os.getpid()
                # Whatever was said while nobody listened is made good by forgetting once.
                listener = Listener("hosts", _channel, _forget, subscribed=_cache.clear)
                watch.keep(listener.loop)


def _forget(_said: str) -> None:
    _cache.clear()


_ears = _Ears()
