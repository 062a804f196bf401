"""Build what the first release left behind: its tables, three tenants and 500 promises.

    python -m tests.trials.old_state

It works in the database of DATABASE_OWNER_URL, which must be empty. Only migrations of that
release are applied, and rows are written in plain SQL, for today's models know other columns.
"""

import os
import uuid
from pathlib import Path
from typing import Any

import django
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from tenants.base.context import REGISTRY, Scope, person_scope, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS, TEMPLATE_SCHEMA, role_of
from tenants.cloning import clone_schema

LAST_MIGRATIONS = [
    ("tenants", "0002_work_functions"),
    ("people", "0001_initial"),
    ("policies", "0001_initial"),
    ("rag", "0003_document_level"),
    ("assistant", "0003_boundary"),
]
LIBRARIES = {"account", "auth", "contenttypes", "sessions"}
TENANTS = ("old-a", "old-b", "old-c", "old-d")
RUNS, UPLOADS, DELETIONS = 80, 20, 24
ITEMS = len(TENANTS) * (RUNS + UPLOADS + DELETIONS + 1)
# Of each kind, those a worker had begun when it was stopped for the upgrade.
INTERRUPTED = 4
TEXT = "# Leave\n\nPart-time staff get {0} weeks of parental leave in this house.\n"

_TENANT_MAY = """
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};
REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}
"""
_REGISTRY_MAY = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT ON tenants_tenant, tenants_domain, django_content_type, django_migrations TO {role};
GRANT SELECT, UPDATE, DELETE ON work_item TO {role};
GRANT SELECT ON django_content_type TO PUBLIC
"""
_TENANT = """
INSERT INTO tenants_tenant (id, schema_name, slug, name, state, created_at)
VALUES (%(id)s, %(schema)s, %(slug)s, %(slug)s, 'ACTIVE', now());
INSERT INTO tenants_domain (host, tenant_id, is_primary)
VALUES (%(slug)s || '.localhost', %(id)s, true)
"""
_PERSON = """
INSERT INTO people_person (id, email, password, role, created_at)
VALUES (%(id)s, 'owner@old.example', '!', 'OWNER', now());
INSERT INTO rag_collection (name, is_default, created_at) VALUES ('Documents', true, now())
"""
_RUN = """
INSERT INTO assistant_conversation (id, owner_id, title, collection_ids, created_at, updated_at)
VALUES (%(id)s, %(person)s, 'Leave', '{}', now(), now());
INSERT INTO assistant_message (id, conversation_id, position, role, text, created_at)
VALUES (%(id)s, %(id)s, 1, 'USER', 'How long is parental leave?', now());
INSERT INTO assistant_run (id, conversation_id, question_id, state, attempt, lease_expires_at,
                           actor_kind, actor_id, created_at)
VALUES (%(id)s, %(id)s, %(id)s, %(state)s, %(attempt)s, now() - interval '1 minute',
        'PERSON', %(person)s, now())
"""
_DOCUMENT = """
INSERT INTO rag_document (id, collection_id, uploaded_by_id, name, media_type, size_bytes, sha256,
                          storage_key, state, attempt, lease_expires_at, created_at, updated_at)
SELECT %(id)s, id, %(person)s, %(name)s, 'text/markdown', %(size)s, repeat('0', 64), %(key)s,
       %(state)s, %(attempt)s, now() - interval '1 minute', now(), now()
FROM rag_collection WHERE is_default
"""


def main() -> None:
    django.setup()
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {TEMPLATE_SCHEMA}")
    _migrate(REGISTRY)
    _migrate(platform_scope(TEMPLATE_SCHEMA, "migrating"))
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(_REGISTRY_MAY.format(role=_new_role(cursor, "public")))
    for slug in TENANTS:
        _make_tenant(slug)


def _migrate(wanted: Scope) -> None:
    with scope(wanted):
        executor = MigrationExecutor(connections[OWNER_ALIAS])
        leaves = [key for key in executor.loader.graph.leaf_nodes() if key[0] in LIBRARIES]
        executor.migrate([*leaves, *LAST_MIGRATIONS])


def _new_role(cursor: Any, schema: str) -> str:
    quote = connections[OWNER_ALIAS].ops.quote_name
    role = quote(role_of(connections[OWNER_ALIAS].settings_dict["NAME"], schema))
    login = quote(connections["default"].settings_dict["USER"])
    cursor.execute(
        f"CREATE ROLE {role} NOLOGIN; GRANT {role} TO {login} WITH INHERIT FALSE, SET TRUE"
    )
    return role


def _make_tenant(slug: str) -> None:
    schema, person = f"t_{slug.replace('-', '_')}", str(uuid.uuid4())
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(_TENANT, {"id": uuid.uuid4(), "schema": schema, "slug": slug})
    with (
        scope(platform_scope(schema)),
        transaction.atomic(using=OWNER_ALIAS),
        connections[OWNER_ALIAS].cursor() as cursor,
    ):
        clone_schema(cursor, TEMPLATE_SCHEMA, schema)
        cursor.execute(_TENANT_MAY.format(schema=schema, role=_new_role(cursor, schema)))
        cursor.execute(_PERSON, {"id": person})
        promised = [
            *_runs(cursor, person),
            *_documents(cursor, schema, person, UPLOADS, "INGEST_DOCUMENT"),
            *_documents(cursor, schema, person, DELETIONS, "DELETE_FILES"),
            ("JUDGE_DOCUMENTS", "1"),
        ]
    with scope(person_scope(schema, person)), connection.cursor() as cursor:
        for kind, object_id in promised:
            cursor.execute("SELECT public.enqueue_work(%s, %s, now())", [kind, object_id])


def _runs(cursor: Any, person: str) -> list[tuple[str, str]]:
    ids = [str(uuid.uuid4()) for _number in range(RUNS)]
    for number, run in enumerate(ids):
        begun = number < INTERRUPTED
        state = "RUNNING" if begun else "QUEUED"
        cursor.execute(_RUN, {"id": run, "person": person, "state": state, "attempt": int(begun)})
    return [("RUN_TURN", run) for run in ids]


def _documents(
    cursor: Any, schema: str, person: str, count: int, kind: str
) -> list[tuple[str, str]]:
    ids = [str(uuid.uuid4()) for _number in range(count)]
    for number, document in enumerate(ids):
        begun = number < INTERRUPTED
        text = TEXT.format(number)
        states = ("PARSING", "QUEUED") if kind == "INGEST_DOCUMENT" else ("DELETING", "DELETING")
        cursor.execute(
            _DOCUMENT,
            {
                "id": document,
                "person": person,
                "name": f"leave-{kind}-{number}.md",
                "size": len(text),
                "key": _keep(schema, text),
                "state": states[0] if begun else states[1],
                "attempt": int(begun),
            },
        )
    return [(kind, document) for document in ids]


def _keep(schema: str, text: str) -> str:
    key = uuid.uuid4().hex
    path = Path(os.environ["DRAWBRIDGE_FILES"]) / schema / key[:2] / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return key


if __name__ == "__main__":
    main()
