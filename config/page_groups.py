"""Which group of threads answers an address of Django's, and how wide each group is.

The three never wait for each other: pages; files, which load while pages are slow; and probes,
which must be answered while every thread of a page is busy.
"""

from enum import Enum

from django.conf import settings

from tenants.base.fair_line import Bounds

# Load balancers and supervisors ask these.
_PROBES = frozenset({"/healthz", "/readyz"})


class Group(Enum):
    PAGES = "pages"
    FILES = "files"
    PROBES = "probes"


def group_of(path: str) -> Group:
    if path in _PROBES:
        return Group.PROBES
    return Group.FILES if path.startswith(settings.STATIC_URL) else Group.PAGES


def bounds_of(group: Group) -> Bounds:
    if group is Group.PROBES:
        return Bounds(slots=2, tenant_slots=2, person_slots=1, waiting=64, tenant_waiting=64)
    if group is Group.FILES:
        return Bounds(slots=4, tenant_slots=3, person_slots=2, waiting=256, tenant_waiting=128)
    return Bounds(
        slots=settings.PAGE_THREADS,
        tenant_slots=settings.PAGE_THREADS_PER_TENANT,
        person_slots=settings.PAGE_THREADS_PER_PERSON,
        waiting=settings.PAGES_WAITING_MAX,
        tenant_waiting=settings.PAGES_WAITING_PER_TENANT,
    )
