"""The live counts: kept by triggers on what they count, so they are true after any write.

Counter rows are upserted, since a test's flush empties them; a change is notified once a transaction.
"""

from django.db import migrations

COUNTS = """
CREATE FUNCTION community_count(counted text, step bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO community_counter (name, value) VALUES (counted, step)
    ON CONFLICT (name) DO UPDATE SET value = community_counter.value + excluded.value
$$;

CREATE FUNCTION community_count_members() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before int := 0;
    after int := 0;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := (OLD.role = 'member' AND OLD.is_active AND OLD.codes_confirmed)::int;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := (NEW.role = 'member' AND NEW.is_active AND NEW.codes_confirmed)::int;
    END IF;
    IF after <> before THEN
        PERFORM community_count('members', after - before);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_members AFTER INSERT OR UPDATE OR DELETE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION community_count_members();

CREATE FUNCTION community_count_stories() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    text_id uuid;
    step int;
BEGIN
    IF TG_OP = 'INSERT' THEN text_id := NEW.contribution_id; step := 1;
    ELSE text_id := OLD.contribution_id; step := -1;
    END IF;
    IF TG_TABLE_NAME = 'stories_suppression' THEN
        step := -step;
        IF NOT EXISTS (SELECT 1 FROM stories_publication WHERE contribution_id = text_id) THEN RETURN NULL; END IF;
    ELSIF EXISTS (SELECT 1 FROM stories_suppression WHERE contribution_id = text_id) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM stories_contribution WHERE id = text_id AND NOT is_example AND parent_id IS NULL) THEN
        PERFORM community_count('stories', step);
        PERFORM community_count('shared_moves', 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_stories AFTER INSERT OR DELETE ON stories_publication
    FOR EACH ROW EXECUTE FUNCTION community_count_stories();
CREATE TRIGGER count_suppressed AFTER INSERT OR DELETE ON stories_suppression
    FOR EACH ROW EXECUTE FUNCTION community_count_stories();

CREATE FUNCTION community_tell_counts() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('counts', '');
    RETURN NULL;
END $$;
CREATE TRIGGER tell_counts AFTER INSERT OR UPDATE ON community_counter
    FOR EACH ROW WHEN (NEW.name <> 'shared_moves') EXECUTE FUNCTION community_tell_counts();
"""
COUNTS_BACK = """
DROP TRIGGER tell_counts ON community_counter;
DROP FUNCTION community_tell_counts();
DROP TRIGGER count_suppressed ON stories_suppression;
DROP TRIGGER count_stories ON stories_publication;
DROP FUNCTION community_count_stories();
DROP TRIGGER count_members ON accounts_user;
DROP FUNCTION community_count_members();
DROP FUNCTION community_count(text, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0001_initial"),
        ("stories", "0002_guards"),
        ("accounts", "0002_limits"),
    ]

    operations = [migrations.RunSQL(COUNTS, COUNTS_BACK)]
