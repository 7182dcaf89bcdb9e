"""What must always hold of articles, refused by PostgreSQL itself: what was signed is what readers see.

Updates that change nothing pass. Who wrote or signed may become nobody, when a staff account goes.
"""

from django.db import migrations

GUARDS = """
CREATE FUNCTION advice_today(day date) RETURNS boolean LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT day BETWEEN (now() AT TIME ZONE 'UTC')::date - 1 AND (now() AT TIME ZONE 'UTC')::date + 1
$$;

CREATE FUNCTION advice_article_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.slug, NEW.language) IS DISTINCT FROM (OLD.id, OLD.slug, OLD.language) THEN
        RAISE EXCEPTION 'an address is a promise' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER article_guard BEFORE UPDATE OR DELETE ON advice_article
    FOR EACH ROW EXECUTE FUNCTION advice_article_guard();

CREATE FUNCTION advice_version_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a version is not deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a version begins as a draft' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.article_id, NEW.number) IS DISTINCT FROM (OLD.id, OLD.article_id, OLD.number) THEN
        RAISE EXCEPTION 'a version keeps its place' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'waiting'), ('draft', 'live'), ('draft', 'discarded'),
        ('waiting', 'draft'), ('waiting', 'live'), ('live', 'superseded')
    ) THEN
        RAISE EXCEPTION 'a version does not move like this' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state <> 'draft' OR NEW.state <> 'draft') AND (
        NEW.title, NEW.short, NEW.body, NEW.sources, NEW.treatments, NEW.facets, NEW.related, NEW.aliases
    ) IS DISTINCT FROM (
        OLD.title, OLD.short, OLD.body, OLD.sources, OLD.treatments, OLD.facets, OLD.related, OLD.aliases
    ) THEN
        RAISE EXCEPTION 'only a draft can be changed' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state = 'draft' OR NEW.state = 'draft') AND EXISTS (
        SELECT 1 FROM advice_signoff WHERE version_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'what is signed is no draft' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'waiting' AND NEW.state = 'live' AND NOT EXISTS (
        SELECT 1 FROM advice_signoff WHERE version_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'what waits for a clinician goes live by a signature' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_guard BEFORE INSERT OR UPDATE OR DELETE ON advice_version
    FOR EACH ROW EXECUTE FUNCTION advice_version_guard();

CREATE FUNCTION advice_signoff_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        to_jsonb(NEW) - 'clinician_id' <> to_jsonb(OLD) - 'clinician_id'
        OR NEW.clinician_id IS NOT NULL AND NEW.clinician_id IS DISTINCT FROM OLD.clinician_id
    ) THEN
        RAISE EXCEPTION 'a signature stays as it is' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.clinician_id AND role = 'clinician' AND is_active) THEN
        RAISE EXCEPTION 'a clinician signs' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM advice_version WHERE id = NEW.version_id AND state IN ('waiting', 'live')) THEN
        RAISE EXCEPTION 'what is signed waits, or is live' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.corrects_id IS NULL AND NOT advice_today(NEW.reviewed_on) OR NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM advice_signoff AS s JOIN advice_version AS v ON v.id = s.version_id
        JOIN advice_version AS n ON n.article_id = v.article_id
        WHERE s.id = NEW.corrects_id AND n.id = NEW.version_id AND v.state = 'live' AND v.id <> n.id
        AND (s.clinician_id, s.name, s.qualification, s.reviewed_on, s.due_on)
            = (NEW.clinician_id, NEW.name, NEW.qualification, NEW.reviewed_on, NEW.due_on)
        AND NOT EXISTS (SELECT 1 FROM advice_labelend WHERE signoff_id = s.id)
    ) THEN
        RAISE EXCEPTION 'it is signed today, or carries what was signed before' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.due_on > NEW.reviewed_on + interval '3 years' THEN
        RAISE EXCEPTION 'a review is good for three years at most' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signoff_guard BEFORE INSERT OR UPDATE OR DELETE ON advice_signoff
    FOR EACH ROW EXECUTE FUNCTION advice_signoff_guard();

CREATE FUNCTION advice_labelend_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND (
        TG_OP = 'DELETE' OR to_jsonb(NEW) - 'ended_by_id' <> to_jsonb(OLD) - 'ended_by_id'
        OR NEW.ended_by_id IS NOT NULL AND NEW.ended_by_id IS DISTINCT FROM OLD.ended_by_id
    ) THEN
        RAISE EXCEPTION 'a label that ended has ended' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.why = 'gone' AND (
        EXISTS (
            SELECT 1 FROM advice_signoff AS s JOIN accounts_user AS u ON u.id = s.clinician_id
            WHERE s.id = NEW.signoff_id AND u.role = 'clinician' AND u.is_active
        ) OR NOT EXISTS (
            SELECT 1 FROM accounts_user WHERE id = NEW.ended_by_id AND role IN ('editor', 'lead') AND is_active
        )
    ) THEN
        RAISE EXCEPTION 'an editor or a lead ends it, when who signed is gone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER labelend_guard BEFORE INSERT OR UPDATE OR DELETE ON advice_labelend
    FOR EACH ROW EXECUTE FUNCTION advice_labelend_guard();

-- What goes from readers takes its label with it, and the record says so: by the end of the transaction.
CREATE FUNCTION advice_label_goes() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM advice_signoff AS s WHERE s.version_id = NEW.id
        AND NOT EXISTS (SELECT 1 FROM advice_labelend WHERE signoff_id = s.id)
    ) THEN
        RAISE EXCEPTION 'a label ends with its version' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER label_goes AFTER UPDATE OF state ON advice_version DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'superseded' AND OLD.state <> 'superseded') EXECUTE FUNCTION advice_label_goes();
"""
GUARDS_BACK = """
DROP TRIGGER label_goes ON advice_version;
DROP FUNCTION advice_label_goes();
DROP TRIGGER labelend_guard ON advice_labelend;
DROP FUNCTION advice_labelend_guard();
DROP TRIGGER signoff_guard ON advice_signoff;
DROP FUNCTION advice_signoff_guard();
DROP TRIGGER version_guard ON advice_version;
DROP FUNCTION advice_version_guard();
DROP TRIGGER article_guard ON advice_article;
DROP FUNCTION advice_article_guard();
DROP FUNCTION advice_today(date);
"""


class Migration(migrations.Migration):
    dependencies = [("advice", "0001_initial"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS, GUARDS_BACK)]
