"""A tenant copied as it stands: rows, ids and moments, promises and files."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS
from tenants.cloning import clone_schema
from tenants.grants import grant_tenant
from tenants.hosts import TenantRef
from tenants.models import WorkItem


def copy_tenant(source: TenantRef, target: TenantRef) -> None:
    """Put into `target` what `source` holds, and nothing else."""
    with (
        scope(platform_scope(source.schema, "tests")),
        transaction.atomic(using=OWNER_ALIAS),
        connections[OWNER_ALIAS].cursor() as cursor,
    ):
        cursor.execute(f"DROP SCHEMA {target.schema} CASCADE")
        clone_schema(cursor, source.schema, target.schema)
        grant_tenant(cursor, target.schema)
    with scope(REGISTRY):
        WorkItem.objects.filter(schema=target.schema).delete()
        for item in WorkItem.objects.filter(schema=source.schema):
            item.pk, item.schema = None, target.schema
            item.save(using=OWNER_ALIAS, force_insert=True)
    root = Path(settings.FILES_ROOT)
    shutil.rmtree(root / target.schema, ignore_errors=True)
    if (root / source.schema).exists():
        shutil.copytree(root / source.schema, root / target.schema)
