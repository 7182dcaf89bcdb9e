"""The record of everything that was decided, hidden, shown or done: written by PostgreSQL itself.

What an owner does (taking back, withdrawing) is not in it: two such rows side by side would tell that two texts
have one author. Only who owns the tables writes a row; the functions that run as the owner are those that tell of a
decision, of a closing, of what is hidden or shown, of articles and their signatures, and of other acts. So the site's
own role can add a row in these ways and in no other; nobody changes one or takes one away. The number and the link to
the row before are taken under one lock, at the end of a transaction.
"""

from django.db import migrations

RECORD = """
-- It has no powers of its own: called by the site's role, it is refused as any other write to the record is.
CREATE FUNCTION moderation_append(act text, about_case uuid, about uuid, actor uuid, details jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head record;
    entry record;
BEGIN
    INSERT INTO moderation_head (id, number, seal) VALUES (1, 0, sha256('')) ON CONFLICT (id) DO NOTHING;
    SELECT h.number + 1 AS number, h.seal INTO head FROM moderation_head AS h WHERE id = 1 FOR UPDATE;
    SELECT head.number AS number, date_trunc('month', now())::date AS month, details::text AS details, (
        SELECT sha256(convert_to(concat_ws(
            E'\\n', r.salt, r.title, r.text, r.role, r.warnings, r.consents, r.language, r.audience, r.answers,
            r.treatments, r.hope
        ), 'UTF8')) FROM stories_revision AS r WHERE r.id = about
    ) AS digest INTO entry;
    INSERT INTO moderation_entry (number, act, "case", revision, actor, digest, details, month, previous, seal)
    VALUES (
        entry.number, act, about_case, about, actor, entry.digest, entry.details, entry.month, head.seal,
        sha256(convert_to(concat_ws(
            '|', entry.number, act, coalesce(about_case::text, '-'), coalesce(about::text, '-'),
            coalesce(actor::text, '-'), coalesce(encode(entry.digest, 'hex'), '-'), entry.details,
            to_char(entry.month, 'YYYY-MM-DD'), encode(head.seal, 'hex')
        ), 'UTF8'))
    );
    UPDATE moderation_head AS h SET number = e.number, seal = e.seal
        FROM moderation_entry AS e WHERE h.id = 1 AND e.number = entry.number;
END $$;

CREATE FUNCTION moderation_tell(act text, about_case uuid, about uuid, actor uuid, details jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF act IN ('decide', 'hide', 'show', 'close', 'article', 'sign', 'unlabel') THEN
        RAISE EXCEPTION 'this is told by the act itself' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM moderation_append(act, about_case, about, actor, details);
END $$;

-- Who may make temporary tables could hang these functions on one of their own.
CREATE FUNCTION moderation_only_of(here oid, meant regclass) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF here <> meant THEN
        RAISE EXCEPTION 'the record tells of its own tables' USING ERRCODE = 'check_violation';
    END IF;
END $$;

CREATE FUNCTION moderation_record_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM moderation_only_of(TG_RELID, 'moderation_decision');
    PERFORM moderation_append('decide', NEW.case_id, NEW.revision_id, NEW.moderator_id, jsonb_build_object(
        'decision', NEW.id, 'place', NEW.place, 'outcome', NEW.outcome, 'rules', NEW.rules,
        'passages', NEW.passages, 'warnings', NEW.warnings, 'statement', NEW.statement
    ));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER decision_recorded AFTER INSERT ON moderation_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION moderation_record_decision();

CREATE FUNCTION moderation_record_closing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM moderation_only_of(TG_RELID, 'moderation_case');
    PERFORM moderation_append('close', NEW.id, coalesce(NEW.proposed_id, NEW.revision_id), NULL, jsonb_build_object(
        'closing', NEW.closing, 'cause', NEW.cause, 'outcome', NEW.outcome, 'needs', NEW.needs
    ));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_closing_recorded AFTER UPDATE OF closing ON moderation_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.closing = '' AND NEW.closing = 'decided')
    EXECUTE FUNCTION moderation_record_closing();

CREATE FUNCTION moderation_record_suppression() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM moderation_only_of(TG_RELID, 'stories_suppression');
    IF TG_OP <> 'DELETE' THEN
        PERFORM moderation_append(
            'hide', NULL, NEW.revision_id, NEW.moderator, jsonb_build_object('ground', NEW.ground)
        );
    ELSIF EXISTS (SELECT 1 FROM stories_publication WHERE revision_id = OLD.revision_id) THEN
        PERFORM moderation_append('show', NULL, OLD.revision_id, NULL, jsonb_build_object('ground', OLD.ground));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER suppression_recorded AFTER INSERT OR DELETE ON stories_suppression
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION moderation_record_suppression();
CREATE CONSTRAINT TRIGGER suppression_change_recorded AFTER UPDATE ON stories_suppression
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.ground <> NEW.ground)
    EXECUTE FUNCTION moderation_record_suppression();

-- What the site itself says: an edit, where a version goes, a signature, the end of a label.
CREATE FUNCTION moderation_record_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM moderation_only_of(TG_RELID, 'advice_version');
    PERFORM moderation_append('article', NULL, NULL, CASE WHEN TG_OP = 'UPDATE' AND NEW.state <> OLD.state
        THEN NEW.moved_by_id ELSE NEW.editor_id END, jsonb_build_object(
        'article', NEW.article_id, 'version', NEW.number, 'state', NEW.state, 'words', encode(sha256(convert_to(
            concat_ws(E'\\n', NEW.title, NEW.short, NEW.body, NEW.sources, NEW.treatments, NEW.facets, NEW.related,
            NEW.aliases), 'UTF8')), 'hex')
    ));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER version_recorded AFTER UPDATE ON advice_version
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state <> OLD.state OR (
        NEW.title, NEW.short, NEW.body, NEW.sources, NEW.treatments, NEW.facets, NEW.related, NEW.aliases
    ) IS DISTINCT FROM (
        OLD.title, OLD.short, OLD.body, OLD.sources, OLD.treatments, OLD.facets, OLD.related, OLD.aliases
    )) EXECUTE FUNCTION moderation_record_version();

CREATE FUNCTION moderation_record_signature() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM moderation_only_of(TG_RELID, 'advice_signoff');
    PERFORM moderation_append('sign', NULL, NULL, NEW.clinician_id, jsonb_build_object(
        'signature', NEW.id, 'version', NEW.version_id, 'reviewed_on', NEW.reviewed_on, 'due_on', NEW.due_on,
        'corrects', NEW.corrects_id
    ));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER signoff_recorded AFTER INSERT ON advice_signoff
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION moderation_record_signature();

CREATE FUNCTION moderation_record_label_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM moderation_only_of(TG_RELID, 'advice_labelend');
    PERFORM moderation_append('unlabel', NULL, NULL, NEW.ended_by_id, jsonb_build_object(
        'signature', NEW.signoff_id, 'why', NEW.why, 'ended_on', NEW.ended_on
    ));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER labelend_recorded AFTER INSERT ON advice_labelend
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION moderation_record_label_end();

CREATE FUNCTION moderation_record_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
        OR TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND TG_TABLE_NAME <> 'moderation_head' THEN
        RAISE EXCEPTION 'the record is only added to, and by the database' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_guard BEFORE INSERT OR UPDATE OR DELETE ON moderation_entry
    FOR EACH ROW EXECUTE FUNCTION moderation_record_guard();
CREATE TRIGGER head_guard BEFORE INSERT OR UPDATE OR DELETE ON moderation_head
    FOR EACH ROW EXECUTE FUNCTION moderation_record_guard();

CREATE FUNCTION moderation_anchor_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.day < current_date - 7 AND EXISTS (
        SELECT 1 FROM moderation_anchor
        WHERE day > OLD.day AND date_trunc('week', day) = date_trunc('week', OLD.day)
    ) THEN
        RETURN OLD;
    END IF;
    IF TG_OP <> 'INSERT' OR NOT EXISTS (
        SELECT 1 FROM moderation_entry WHERE number = NEW.number AND seal = NEW.seal
    ) THEN
        RAISE EXCEPTION 'what is published of the record is true and stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER anchor_guard BEFORE INSERT OR UPDATE OR DELETE ON moderation_anchor
    FOR EACH ROW EXECUTE FUNCTION moderation_anchor_guard();
"""
RECORD_BACK = """
DROP TRIGGER anchor_guard ON moderation_anchor;
DROP FUNCTION moderation_anchor_guard();
DROP TRIGGER head_guard ON moderation_head;
DROP TRIGGER entry_guard ON moderation_entry;
DROP FUNCTION moderation_record_guard();
DROP TRIGGER labelend_recorded ON advice_labelend;
DROP FUNCTION moderation_record_label_end();
DROP TRIGGER signoff_recorded ON advice_signoff;
DROP FUNCTION moderation_record_signature();
DROP TRIGGER version_recorded ON advice_version;
DROP FUNCTION moderation_record_version();
DROP TRIGGER suppression_change_recorded ON stories_suppression;
DROP TRIGGER suppression_recorded ON stories_suppression;
DROP FUNCTION moderation_record_suppression();
DROP TRIGGER case_closing_recorded ON moderation_case;
DROP FUNCTION moderation_record_closing();
DROP TRIGGER decision_recorded ON moderation_decision;
DROP FUNCTION moderation_record_decision();
DROP FUNCTION moderation_only_of(oid, regclass);
DROP FUNCTION moderation_tell(text, uuid, uuid, uuid, jsonb);
DROP FUNCTION moderation_append(text, uuid, uuid, uuid, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_guards"), ("advice", "0002_guards")]

    operations = [migrations.RunSQL(RECORD, RECORD_BACK)]
