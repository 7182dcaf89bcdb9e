"""What must always hold between texts and decisions, refused by PostgreSQL itself.

The triggers on the tables of `stories` are made here, so that imports keep their one direction.
"""

from django.db import migrations

CASES = """
CREATE FUNCTION moderation_case_open() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    hour timestamptz := date_trunc('hour', now());
    wait double precision := coalesce(nullif(current_setting('fernway.queue_wait_minutes', true), ''), '30');
BEGIN
    INSERT INTO moderation_case (id, revision_id, cause, opened_hour, enters_at, due_at, closing)
    SELECT gen_random_uuid(), NEW.id,
        CASE WHEN EXISTS (SELECT 1 FROM stories_publication WHERE contribution_id = NEW.contribution_id)
            THEN 'edit' ELSE 'new' END,
        hour,
        CASE WHEN wait > 0 THEN now() + random() * wait * interval '1 minute' ELSE hour END,
        hour + interval '72 hours',
        '';
    RETURN NULL;
END $$;
CREATE TRIGGER case_open AFTER UPDATE OF state ON stories_revision
    FOR EACH ROW WHEN (OLD.state <> 'waiting' AND NEW.state = 'waiting')
    EXECUTE FUNCTION moderation_case_open();

CREATE FUNCTION moderation_case_moot() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE moderation_case
        SET closing = 'moot', lease_by_id = NULL, lease_token = NULL, lease_until = NULL
        WHERE revision_id = NEW.id AND closing = '';
    RETURN NULL;
END $$;
CREATE TRIGGER case_moot AFTER UPDATE OF state ON stories_revision
    FOR EACH ROW WHEN (
        OLD.state = 'waiting' AND NEW.state IN ('taken_back', 'withdrawn')
        OR OLD.state = 'approved' AND NEW.state IN ('superseded', 'withdrawn')
    ) EXECUTE FUNCTION moderation_case_moot();

CREATE FUNCTION moderation_case_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a case is not deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.closing <> '' OR NOT EXISTS (
            SELECT 1 FROM stories_revision
            WHERE id = NEW.revision_id AND state = CASE NEW.cause WHEN 'report' THEN 'approved' ELSE 'waiting' END
        ) THEN
            RAISE EXCEPTION 'a case is opened for a waiting revision, or for a report on a live one'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.closing <> '' THEN
        RAISE EXCEPTION 'a closed case stays as it is' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.revision_id, NEW.cause, NEW.opened_hour)
        IS DISTINCT FROM (OLD.id, OLD.revision_id, OLD.cause, OLD.opened_hour) THEN
        RAISE EXCEPTION 'a case keeps its revision' USING ERRCODE = 'check_violation';
    END IF;
    -- Against a slip, not against an intruder: who may write this table can give a case back and take it.
    -- A minute is allowed, here and below, for clocks of the web server and the database that differ.
    IF OLD.lease_until > clock_timestamp() + interval '1 minute' AND NEW.lease_by_id <> OLD.lease_by_id THEN
        RAISE EXCEPTION 'a running lease is nobody else''s' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closing = 'decided' AND NOT EXISTS (SELECT 1 FROM moderation_decision WHERE case_id = NEW.id) THEN
        RAISE EXCEPTION 'a case closes with its decision' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closing = 'moot' AND EXISTS (
        SELECT 1 FROM stories_revision WHERE id = NEW.revision_id AND state = 'waiting'
    ) THEN
        RAISE EXCEPTION 'a waiting text keeps its case' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closing <> '' THEN  -- a closed case keeps how long it took and the week, no hour and no moment
        NEW.opened_hour := date_trunc('week', now());
        NEW.enters_at := NEW.opened_hour;
        NEW.due_at := NEW.opened_hour;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_guard_write BEFORE INSERT OR DELETE ON moderation_case
    FOR EACH ROW EXECUTE FUNCTION moderation_case_guard();
CREATE TRIGGER case_guard_change BEFORE UPDATE ON moderation_case
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION moderation_case_guard();
"""
CASES_BACK = """
DROP TRIGGER case_guard_change ON moderation_case;
DROP TRIGGER case_guard_write ON moderation_case;
DROP FUNCTION moderation_case_guard();
DROP TRIGGER case_moot ON stories_revision;
DROP FUNCTION moderation_case_moot();
DROP TRIGGER case_open ON stories_revision;
DROP FUNCTION moderation_case_open();
"""

DECISIONS = """
CREATE FUNCTION moderation_decision_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a decision is written once' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM moderation_case AS c JOIN stories_revision AS r ON r.id = c.revision_id
        WHERE c.id = NEW.case_id AND c.revision_id = NEW.revision_id
        AND c.closing = '' AND r.state = 'waiting'
        AND c.lease_by_id = NEW.moderator_id
        AND c.lease_until > clock_timestamp() - interval '1 minute'
        FOR UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a decision needs a running lease on an open case of that revision'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM accounts_user
        WHERE id = NEW.moderator_id AND is_active AND role IN ('moderator', 'lead')
    ) THEN
        RAISE EXCEPTION 'a decision is made by a moderator' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.outcome <> 'approve' AND NOT EXISTS (
        SELECT 1 FROM stories_statement WHERE id = NEW.statement AND revision_id = NEW.revision_id
        AND outcome = NEW.outcome AND text ~ '[^[:space:]]' AND rules = NEW.rules AND '' <> ALL (rules)
    ) THEN
        RAISE EXCEPTION 'a refusal tells its reason' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_guard_write BEFORE INSERT OR DELETE ON moderation_decision
    FOR EACH ROW EXECUTE FUNCTION moderation_decision_guard();
CREATE TRIGGER decision_guard_change BEFORE UPDATE ON moderation_decision
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION moderation_decision_guard();

CREATE FUNCTION moderation_decision_effect() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM moderation_case AS c JOIN stories_revision AS r ON r.id = c.revision_id
        WHERE c.id = NEW.case_id AND (c.closing <> 'decided' OR r.state = 'waiting')
    ) THEN
        RAISE EXCEPTION 'a decision closes its case and moves its revision' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER decision_takes_effect AFTER INSERT ON moderation_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION moderation_decision_effect();

CREATE FUNCTION moderation_move_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM moderation_decision AS d JOIN moderation_case AS c ON c.id = d.case_id
        WHERE d.revision_id = NEW.id AND c.closing = 'decided' AND d.outcome = CASE NEW.state
            WHEN 'approved' THEN 'approve' WHEN 'refused' THEN 'refuse'
            WHEN 'changes_asked' THEN 'ask_changes' WHEN 'removed' THEN 'remove' END
    ) THEN
        RAISE EXCEPTION 'no decision moves this revision to %', NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_moved_by_decision BEFORE UPDATE OF state ON stories_revision
    FOR EACH ROW WHEN (
        OLD.state <> NEW.state AND NEW.state IN ('approved', 'refused', 'changes_asked', 'removed')
    ) EXECUTE FUNCTION moderation_move_guard();
"""
DECISIONS_BACK = """
DROP TRIGGER revision_moved_by_decision ON stories_revision;
DROP FUNCTION moderation_move_guard();
DROP TRIGGER decision_takes_effect ON moderation_decision;
DROP FUNCTION moderation_decision_effect();
DROP TRIGGER decision_guard_change ON moderation_decision;
DROP TRIGGER decision_guard_write ON moderation_decision;
DROP FUNCTION moderation_decision_guard();
"""

PUBLICATION = """
CREATE FUNCTION moderation_publication_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.contribution_id <> OLD.contribution_id THEN
        RAISE EXCEPTION 'a publication keeps its text' USING ERRCODE = 'check_violation';
    END IF;
    -- The lock makes a withdrawal of this moment come first: then the revision is no longer approved.
    PERFORM 1 FROM moderation_decision AS d JOIN stories_revision AS r ON r.id = d.revision_id
        WHERE d.revision_id = NEW.revision_id AND d.outcome = 'approve' AND r.state = 'approved'
        AND r.contribution_id = NEW.contribution_id
        AND NEW.parent_id IS NOT DISTINCT FROM (
            SELECT parent_id FROM stories_contribution WHERE id = NEW.contribution_id
        )
        AND NEW.warnings @> r.warnings AND NEW.warnings @> d.warnings
        AND (r.consents @> '{index}' OR NEW.engine_place IS NULL)
        AND (r.consents @> '{quote}' OR NEW.quote_place IS NULL)
        FOR SHARE OF r;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing is public without an approval of that very revision'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_approved BEFORE INSERT ON stories_publication
    FOR EACH ROW EXECUTE FUNCTION moderation_publication_guard();
CREATE TRIGGER publication_stays_approved BEFORE UPDATE ON stories_publication
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION moderation_publication_guard();
"""
PUBLICATION_BACK = """
DROP TRIGGER publication_stays_approved ON stories_publication;
DROP TRIGGER publication_approved ON stories_publication;
DROP FUNCTION moderation_publication_guard();
"""

LETTERS = """
CREATE FUNCTION moderation_letter_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM moderation_decision
        WHERE statement = NEW.id AND revision_id = NEW.revision_id AND outcome = NEW.outcome
    ) THEN
        RAISE EXCEPTION 'a statement tells a decision' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER statement_of_decision AFTER INSERT ON stories_statement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION moderation_letter_guard();

CREATE FUNCTION moderation_suppression_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what hides a text stays with that text' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER suppression_kept BEFORE UPDATE ON stories_suppression
    FOR EACH ROW WHEN (OLD.contribution_id IS DISTINCT FROM NEW.contribution_id)
    EXECUTE FUNCTION moderation_suppression_guard();
"""
LETTERS_BACK = """
DROP TRIGGER suppression_kept ON stories_suppression;
DROP FUNCTION moderation_suppression_guard();
DROP TRIGGER statement_of_decision ON stories_statement;
DROP FUNCTION moderation_letter_guard();
"""

REPORTS = """
CREATE FUNCTION moderation_report_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a report is written once' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM stories_publication WHERE revision_id = NEW.revision_id) THEN
        RAISE EXCEPTION 'a report is about what readers see' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_about_live BEFORE INSERT ON moderation_report
    FOR EACH ROW EXECUTE FUNCTION moderation_report_guard();
CREATE TRIGGER report_unchanged BEFORE UPDATE ON moderation_report
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION moderation_report_guard();

CREATE FUNCTION moderation_report_case() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    hour timestamptz := date_trunc('hour', now());
BEGIN
    INSERT INTO moderation_case (id, revision_id, cause, opened_hour, enters_at, due_at, closing)
    VALUES (gen_random_uuid(), NEW.revision_id, 'report', hour, hour, hour + interval '24 hours', '')
    ON CONFLICT (revision_id) WHERE closing = '' DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER report_opens_case AFTER INSERT ON moderation_report
    FOR EACH ROW EXECUTE FUNCTION moderation_report_case();
"""
REPORTS_BACK = """
DROP TRIGGER report_opens_case ON moderation_report;
DROP FUNCTION moderation_report_case();
DROP TRIGGER report_unchanged ON moderation_report;
DROP TRIGGER report_about_live ON moderation_report;
DROP FUNCTION moderation_report_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial"), ("stories", "0002_guards")]

    operations = [
        migrations.RunSQL(CASES, CASES_BACK),
        migrations.RunSQL(DECISIONS, DECISIONS_BACK),
        migrations.RunSQL(PUBLICATION, PUBLICATION_BACK),
        migrations.RunSQL(LETTERS, LETTERS_BACK),
        migrations.RunSQL(REPORTS, REPORTS_BACK),
    ]
