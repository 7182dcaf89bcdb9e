"""What the nightly mix needs: a mark for each table, and the right to put a table's rows in the order of their ids.

The site's own role may not rewrite a table. One function may, as the owner, and does nothing else: no row is changed
by it, and it takes only tables that are mixed. Another looks at such a table anew, while readers go on. Both work alike
on every version of PostgreSQL that the site runs on, and ask for no further privilege.
"""

from django.db import migrations, models

ORDER = """
CREATE FUNCTION community_mixed(name text) RETURNS regclass LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here regclass := (SELECT format('public.%I', m.name) FROM public.community_mix AS m WHERE m.name = $1)::regclass;
BEGIN
    IF here IS NULL THEN
        RAISE EXCEPTION 'this table is not mixed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN here;
END $$;
CREATE FUNCTION community_in_order(name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
-- Readers stand behind whoever waits to have a table alone, so that wait is short.
SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '400ms' AS $$
DECLARE
    here regclass := public.community_mixed(name);
    key regclass := (SELECT indexrelid FROM pg_index WHERE indrelid = here AND indisprimary);
BEGIN
    EXECUTE format('CLUSTER %s USING %I', here, (SELECT relname FROM pg_class WHERE oid = key));
END $$;
CREATE FUNCTION community_looked_at(name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
-- Nobody stands behind this one: readers and writers go on.
SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
    EXECUTE format('ANALYZE %s', public.community_mixed(name));
END $$;
"""
# Above a size tables are not rewritten. Then old rows are to be cleared away at once, and not when a fifth has changed.
CLEARING = """
DO $$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY ARRAY[
        'accounts_user', 'accounts_recoverycode', 'accounts_consent', 'accounts_session', 'stories_contribution',
        'stories_revision', 'stories_publication', 'stories_searchentry', 'stories_reaction', 'stories_saveditem',
        'moderation_case', 'moderation_decision'
    ] LOOP
        EXECUTE format(
            'ALTER TABLE %I SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)', name
        );
    END LOOP;
END $$;
"""
CLEARING_BACK = CLEARING.replace("SET (", "RESET (").replace(" = 0", "").replace(" = 500", "")
ORDER_BACK = """
DROP FUNCTION community_looked_at(text); DROP FUNCTION community_in_order(text); DROP FUNCTION community_mixed(text);
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0002_counts"), ("moderation", "0003_record")]

    operations = [
        migrations.CreateModel(
            name="Mix",
            fields=[
                ("name", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("oldest", models.BigIntegerField()),
                ("xid", models.BigIntegerField()),
                ("done_on", models.DateField(null=True)),
                ("rewritten_on", models.DateField(null=True)),
            ],
        ),
        migrations.RunSQL(ORDER, ORDER_BACK),
        migrations.RunSQL(CLEARING, CLEARING_BACK),
    ]
