"""Which group of threads answers an address of Django's, and how wide each group is.

The two never wait for each other: pages, and files, which load while pages are slow. Probes are no
pages: they stand in the table of routes.
"""

from enum import Enum

from django.conf import settings

from tenants.base.fair_line import Bounds


class Group(Enum):
    PAGES = "pages"
    FILES = "files"


def group_of(path: str) -> Group:
    return Group.FILES if path.startswith(settings.STATIC_URL) else Group.PAGES


def bounds_of(group: Group) -> Bounds:
    if group is Group.FILES:
        return Bounds(slots=4, tenant_slots=3, person_slots=2, waiting=256, tenant_waiting=128)
    return Bounds(
        slots=settings.PAGE_THREADS,
        tenant_slots=settings.PAGE_THREADS_PER_TENANT,
        person_slots=settings.PAGE_THREADS_PER_PERSON,
        waiting=settings.PAGES_WAITING_MAX,
        tenant_waiting=settings.PAGES_WAITING_PER_TENANT,
    )
