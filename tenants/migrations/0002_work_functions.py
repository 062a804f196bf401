"""The only way from a tenant to the shared list of work, in that tenant's own name.

Inside a SECURITY DEFINER function `current_user` is the definer, so the tenant is read
from the role that the connection has taken: `<database>_<schema>`.
"""

from django.db import migrations

WORKING_SCHEMA = """
CREATE FUNCTION public.working_schema() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held text := current_setting('role');
    prefix text := current_database() || '_';
    schema_name text := substr(held, length(prefix) + 1);
BEGIN
    IF NOT starts_with(held, prefix) OR schema_name IN ('', 'public') THEN
        RAISE EXCEPTION 'work belongs to a tenant, and the role % is none', held
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN schema_name;
END $$
"""

ENQUEUE = """
CREATE FUNCTION public.enqueue_work(work_kind text, work_object text, work_due timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO public.work_item AS item (schema, kind, object_id, due_at, attempts)
    VALUES (public.working_schema(), work_kind, work_object, work_due, 0)
    ON CONFLICT (schema, kind, object_id) DO UPDATE SET due_at = excluded.due_at, attempts = 0
$$
"""

COMPLETE = """
CREATE FUNCTION public.complete_work(work_kind text, work_object text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM public.work_item
    WHERE schema = public.working_schema() AND kind = work_kind AND object_id = work_object
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunSQL([WORKING_SCHEMA], ["DROP FUNCTION public.working_schema()"]),
        migrations.RunSQL(
            [ENQUEUE], ["DROP FUNCTION public.enqueue_work(text, text, timestamptz)"]
        ),
        migrations.RunSQL([COMPLETE], ["DROP FUNCTION public.complete_work(text, text)"]),
    ]
