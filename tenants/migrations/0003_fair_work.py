"""Whose work it is, whether it is being done, and in which order the waiting is begun.

The line is a function of the list alone: tenants in turn, the one with the least running first,
and inside a tenant its people likewise. Moments are PostgreSQL's own.
"""

from django.db import migrations, models

ENQUEUE = """
CREATE OR REPLACE FUNCTION public.enqueue_work(
    work_kind text, work_object text, work_due timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO public.work_item AS item (schema, kind, object_id, due_at, attempts, actor)
    VALUES (public.working_schema(), work_kind, work_object, work_due, 0,
            coalesce(current_setting('app.actor', true), ''))
    -- It stays the work of whoever asked first: the platform only asks again in their name.
    ON CONFLICT (schema, kind, object_id)
    DO UPDATE SET due_at = excluded.due_at, attempts = 0, taken_at = NULL
$$
"""

ENQUEUE_BEFORE = """
CREATE OR REPLACE FUNCTION public.enqueue_work(
    work_kind text, work_object text, work_due timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO public.work_item AS item (schema, kind, object_id, due_at, attempts)
    VALUES (public.working_schema(), work_kind, work_object, work_due, 0)
    ON CONFLICT (schema, kind, object_id) DO UPDATE SET due_at = excluded.due_at, attempts = 0
$$
"""

HOLD = """
CREATE FUNCTION public.hold_work(work_kind text, work_object text, work_seconds double precision)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE public.work_item
    SET due_at = clock_timestamp() + make_interval(secs => work_seconds),
        taken_at = coalesce(taken_at, clock_timestamp())
    WHERE schema = public.working_schema() AND kind = work_kind AND object_id = work_object
$$
"""

# Not a definer's function: a tenant that calls it may not read the list and is refused.
LINE = """
CREATE FUNCTION public.work_line(work_kinds text[])
RETURNS TABLE (id bigint, tenant_turn bigint, person_turn bigint, place bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH running AS (
        SELECT schema, actor, count(*) AS many FROM public.work_item
        WHERE kind = ANY(work_kinds) AND taken_at IS NOT NULL AND due_at > statement_timestamp()
        GROUP BY schema, actor),
    tenant_running AS (
        SELECT schema, sum(many)::bigint AS many FROM running GROUP BY schema),
    waiting AS (
        SELECT item.id, item.schema, item.due_at,
               coalesce(running.many, 0) + row_number() OVER (
                   PARTITION BY item.schema, item.actor ORDER BY item.due_at, item.id)
               AS person_turn
        FROM public.work_item item LEFT JOIN running USING (schema, actor)
        WHERE item.kind = ANY(work_kinds) AND item.due_at <= statement_timestamp()),
    turns AS (
        SELECT waiting.id, waiting.person_turn, waiting.due_at,
               coalesce(tenant_running.many, 0) + row_number() OVER (
                   PARTITION BY waiting.schema
                   ORDER BY waiting.person_turn, waiting.due_at, waiting.id) AS tenant_turn
        FROM waiting LEFT JOIN tenant_running USING (schema))
    SELECT turns.id, turns.tenant_turn, turns.person_turn, row_number() OVER (
        ORDER BY turns.tenant_turn, turns.person_turn, turns.due_at, turns.id)
    FROM turns
$$
"""

PLACE = """
CREATE FUNCTION public.place_of_work(work_kind text, work_object text, work_kinds text[])
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce((
        SELECT line.place FROM public.work_line(work_kinds) line
        JOIN public.work_item item USING (id)
        WHERE item.schema = public.working_schema()
          AND item.kind = work_kind AND item.object_id = work_object), 0)
$$
"""

# Of one tenant, or of all; like the line it is nothing that a tenant may ask.
STATE = """
CREATE FUNCTION public.work_state(of_schema text)
RETURNS TABLE (kind text, waiting bigint, running bigint, later bigint,
               oldest_seconds double precision, longest_seconds double precision)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT item.kind,
           count(*) FILTER (WHERE item.due_at <= statement_timestamp()),
           count(*) FILTER (WHERE item.due_at > statement_timestamp() AND item.taken_at IS NOT NULL),
           count(*) FILTER (WHERE item.due_at > statement_timestamp() AND item.taken_at IS NULL),
           coalesce(max(extract(epoch FROM statement_timestamp() - item.due_at))
               FILTER (WHERE item.due_at <= statement_timestamp()), 0)::double precision,
           coalesce(max(extract(epoch FROM statement_timestamp() - item.taken_at))
               FILTER (WHERE item.due_at > statement_timestamp()), 0)::double precision
    FROM public.work_item item WHERE of_schema IS NULL OR item.schema = of_schema
    GROUP BY item.kind ORDER BY item.kind
$$
"""

# What a tenant may know of the list: its own part of it.
SUMMARY = """
CREATE FUNCTION public.work_summary()
RETURNS TABLE (kind text, waiting bigint, running bigint, later bigint,
               oldest_seconds double precision, longest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM public.work_state(public.working_schema())
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_work_functions")]

    operations = [
        migrations.AddField(
            "workitem", "actor", models.CharField(blank=True, db_default="", max_length=80)
        ),
        migrations.AddField("workitem", "taken_at", models.DateTimeField(null=True)),
        migrations.RunSQL([ENQUEUE], [ENQUEUE_BEFORE]),
        migrations.RunSQL([HOLD], ["DROP FUNCTION public.hold_work(text, text, double precision)"]),
        migrations.RunSQL([LINE], ["DROP FUNCTION public.work_line(text[])"]),
        migrations.RunSQL([PLACE], ["DROP FUNCTION public.place_of_work(text, text, text[])"]),
        migrations.RunSQL([STATE], ["DROP FUNCTION public.work_state(text)"]),
        migrations.RunSQL([SUMMARY], ["DROP FUNCTION public.work_summary()"]),
    ]
