"""What must always hold between texts and decisions, refused by PostgreSQL itself.

The triggers on the tables of `stories` are made here, so that imports keep their one direction.
"""

from django.db import migrations

CASES = """
CREATE FUNCTION moderation_new_case(about uuid, why text, urgency smallint, people smallint, wait double precision)
RETURNS uuid LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO moderation_case (
        id, revision_id, cause, priority, needs, is_contested, opened_hour, enters_at, due_at, closing, outcome
    )
    SELECT gen_random_uuid(), about, why, urgency, people, false, hour, entering,
        -- From entering: in the order of sending, texts of one owner would be decided one after the other. What is
        -- urgent goes before a month of other texts; then even that has waited long enough.
        entering + (ARRAY[72, 24, 4, -720])[urgency + 1] * interval '1 hour', '', ''
    FROM date_trunc('hour', now()) AS hour, LATERAL (
        SELECT CASE WHEN wait > 0 THEN now() + random() * wait * interval '1 minute' ELSE hour END AS entering
    ) AS drawn
    ON CONFLICT (revision_id) WHERE closing = '' AND cause <> 'sample' DO UPDATE
        SET priority = greatest(moderation_case.priority, excluded.priority),
            due_at = least(moderation_case.due_at, excluded.due_at),
            joined = moderation_case.joined + 1
    RETURNING id
$$;

CREATE FUNCTION moderation_case_open() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    wait double precision := coalesce(nullif(current_setting('fernway.queue_wait_minutes', true), ''), '30');
    why text := CASE WHEN EXISTS (SELECT 1 FROM stories_publication WHERE contribution_id = NEW.contribution_id)
        THEN 'edit' ELSE 'new' END;
BEGIN
    IF EXISTS (SELECT 1 FROM stories_contribution WHERE id = NEW.contribution_id AND is_example) THEN
        wait := 0;  -- nobody's hour is to be hidden
    END IF;
    IF 'crisis.urgent' = ANY (NEW.signals) THEN
        PERFORM moderation_new_case(NEW.id, why, 3::smallint, 2::smallint, 0);
    ELSE
        PERFORM moderation_new_case(
            NEW.id, why, (CASE WHEN 'crisis.worry' = ANY (NEW.signals) THEN 1 ELSE 0 END)::smallint, 1::smallint, wait
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_open AFTER UPDATE OF state ON stories_revision
    FOR EACH ROW WHEN (OLD.state <> 'waiting' AND NEW.state = 'waiting')
    EXECUTE FUNCTION moderation_case_open();

CREATE FUNCTION moderation_appeal_case() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.case_id := (
        SELECT moderation_new_case(revision_id, 'appeal', 1::smallint, 1::smallint, 0)
        FROM stories_statement WHERE id = NEW.letter_id
    );
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_opens_case BEFORE INSERT ON stories_appeal  -- after the guard of what an owner answers
    FOR EACH ROW EXECUTE FUNCTION moderation_appeal_case();

CREATE FUNCTION moderation_case_moot() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE moderation_case
        SET closing = 'moot', lease_by_id = NULL, lease_token = NULL, lease_until = NULL
        WHERE revision_id = NEW.id AND closing = '';
    DELETE FROM moderation_redaction AS r USING moderation_case AS c
        WHERE c.id = r.case_id AND c.revision_id = NEW.id AND c.closing = 'moot';
    RETURN NULL;
END $$;
CREATE TRIGGER case_moot AFTER UPDATE OF state ON stories_revision
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('taken_back', 'superseded', 'withdrawn'))
    EXECUTE FUNCTION moderation_case_moot();

-- A story goes, and what is asked about its answers goes with it; it comes back on appeal, and so do reports and
-- appeals, as urgent as they were and for as many people.
CREATE FUNCTION moderation_story_gone() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM moderation_new_case(p.revision_id, 'report', max(c.priority), max(c.needs), 0)
            FROM stories_publication AS p JOIN moderation_case AS c ON c.revision_id = p.revision_id
            WHERE p.parent_id = NEW.contribution_id AND c.cause = 'report' AND c.closing = 'moot'
            GROUP BY p.revision_id;
        UPDATE stories_appeal AS a SET case_id = moderation_new_case(r.id, 'appeal', c.priority, c.needs, 0)
            FROM moderation_case AS c JOIN stories_revision AS r ON r.id = c.revision_id
            JOIN stories_contribution AS t ON t.id = r.contribution_id
            WHERE t.parent_id = NEW.contribution_id AND a.case_id = c.id AND c.closing = 'moot'
            AND r.state IN ('refused', 'removed');
        RETURN NULL;
    END IF;
    UPDATE moderation_case AS c
        SET closing = 'moot', lease_by_id = NULL, lease_token = NULL, lease_until = NULL
        FROM stories_revision AS r JOIN stories_contribution AS t ON t.id = r.contribution_id
        WHERE t.parent_id = OLD.contribution_id AND c.revision_id = r.id AND c.closing = ''
        AND c.cause IN ('report', 'appeal');
    DELETE FROM moderation_redaction AS d USING moderation_case AS c
        JOIN stories_revision AS r ON r.id = c.revision_id JOIN stories_contribution AS t ON t.id = r.contribution_id
        WHERE d.case_id = c.id AND c.closing = 'moot' AND t.parent_id = OLD.contribution_id;
    RETURN NULL;
END $$;
CREATE TRIGGER story_goes AFTER DELETE ON stories_publication
    FOR EACH ROW WHEN (OLD.parent_id IS NULL) EXECUTE FUNCTION moderation_story_gone();
CREATE TRIGGER story_comes_back AFTER INSERT ON stories_publication
    FOR EACH ROW WHEN (NEW.parent_id IS NULL) EXECUTE FUNCTION moderation_story_gone();

CREATE FUNCTION moderation_judgeable(cause text, state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE cause
        WHEN 'report' THEN state = 'approved'
        WHEN 'appeal' THEN state IN ('refused', 'removed')
        WHEN 'sample' THEN state IN ('approved', 'changes_asked', 'refused', 'removed')
        ELSE state = 'waiting' END
$$;

-- How many people a text needs that was sent before: what two were to decide, and did not (yet), or did about the same
-- words. What they are to decide after a report is decided too when a change takes the place of what was reported.
CREATE FUNCTION moderation_needed(about uuid) RETURNS smallint LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT max(c.needs) FROM stories_revision AS r
    JOIN stories_revision AS before ON before.contribution_id = r.contribution_id AND before.id <> r.id
    JOIN moderation_case AS c ON c.revision_id = before.id AND c.cause IN ('new', 'edit', 'report')
    WHERE r.id = about AND (c.closing <> 'decided' OR (before.title, before.text) = (r.title, r.text))
$$;

CREATE FUNCTION moderation_change_by_two() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE moderation_case AS c SET needs = 2
        FROM stories_revision AS r JOIN stories_revision AS live ON live.contribution_id = r.contribution_id
        WHERE live.id = NEW.revision_id AND c.revision_id = r.id AND c.cause = 'edit' AND c.closing = '';
    RETURN NULL;
END $$;
CREATE TRIGGER change_by_two AFTER INSERT OR UPDATE OF needs ON moderation_case
    FOR EACH ROW WHEN (NEW.cause = 'report' AND NEW.closing = '' AND NEW.needs = 2)
    EXECUTE FUNCTION moderation_change_by_two();

CREATE FUNCTION moderation_case_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a case is not deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.closing <> '' OR NOT EXISTS (
            SELECT 1 FROM stories_revision WHERE id = NEW.revision_id AND moderation_judgeable(NEW.cause, state)
        ) THEN
            RAISE EXCEPTION 'a case is opened for a revision that can be judged so' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.cause IN ('new', 'edit') AND moderation_needed(NEW.revision_id) > NEW.needs THEN
            NEW.needs := 2;
            NEW.priority := greatest(NEW.priority, 1);
            NEW.due_at := NEW.enters_at;
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.closing = 'decided' AND NEW.is_settled AND to_jsonb(NEW) - 'is_settled' = to_jsonb(OLD) - 'is_settled' THEN
        RETURN NEW;  -- what it was to do is done
    END IF;
    IF OLD.closing <> '' THEN
        RAISE EXCEPTION 'a closed case stays as it is' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.revision_id, NEW.cause, NEW.opened_hour)
        IS DISTINCT FROM (OLD.id, OLD.revision_id, OLD.cause, OLD.opened_hour) THEN
        RAISE EXCEPTION 'a case keeps its revision' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.needs < OLD.needs OR NEW.is_contested < OLD.is_contested THEN
        RAISE EXCEPTION 'two people stay two people' USING ERRCODE = 'check_violation';
    END IF;
    -- Against a slip, not against an intruder: who may write this table can give a case back and take it.
    -- A minute is allowed, here and below, for clocks of the web server and the database that differ.
    IF OLD.lease_until > clock_timestamp() + interval '1 minute' AND NEW.lease_by_id <> OLD.lease_by_id THEN
        RAISE EXCEPTION 'a running lease is nobody else''s' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closing = 'decided' AND NEW.needs > (
        SELECT count(DISTINCT moderator_id) FROM moderation_decision WHERE case_id = NEW.id AND outcome = NEW.outcome
        AND (NEW.is_contested OR seen = NEW.joined)  -- a lead has read all of it, and decides between what was said
    ) THEN
        RAISE EXCEPTION 'a case closes with the decisions that it needs' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closing = 'decided' AND NEW.outcome = 'propose' AND NEW.needs < 2 AND EXISTS (
        SELECT 1 FROM moderation_redaction WHERE case_id = NEW.id AND is_grave
    ) THEN
        RAISE EXCEPTION 'two people decide about a grave proposal' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closing = 'moot' AND NEW.cause <> 'sample' AND EXISTS (
        SELECT 1 FROM stories_revision AS r JOIN stories_contribution AS t ON t.id = r.contribution_id
        WHERE r.id = NEW.revision_id AND moderation_judgeable(NEW.cause, r.state) AND (
            t.parent_id IS NULL OR EXISTS (SELECT 1 FROM stories_publication WHERE contribution_id = t.parent_id)
        )
    ) THEN
        RAISE EXCEPTION 'a text that waits keeps its case' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closing <> '' THEN  -- a closed case keeps the month, and nothing from which its wait could be told
        NEW.opened_hour := date_trunc('month', now());
        NEW.enters_at := NEW.opened_hour;
        NEW.due_at := NEW.opened_hour;
        NEW.hidden_hour := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_guard_write BEFORE INSERT OR DELETE ON moderation_case
    FOR EACH ROW EXECUTE FUNCTION moderation_case_guard();
CREATE TRIGGER case_guard_change BEFORE UPDATE ON moderation_case
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION moderation_case_guard();

-- At the end: the case has to close before the text moves, and the text to move before words are proposed for it.
CREATE FUNCTION moderation_case_proposes() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM stories_revision WHERE id = NEW.proposed_id AND redacts_id = NEW.revision_id
    ) THEN
        RAISE EXCEPTION 'a proposal has its words' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_proposes AFTER UPDATE OF outcome ON moderation_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.outcome <> NEW.outcome AND NEW.outcome = 'propose' AND NEW.cause <> 'sample')
    EXECUTE FUNCTION moderation_case_proposes();

-- A decision works once: in the transaction that closes its case, whose end comes here.
CREATE FUNCTION moderation_case_settle() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM moderation_decision AS d JOIN stories_statement AS s ON s.id = d.statement
        WHERE d.case_id = NEW.id AND d.outcome = NEW.outcome AND NOT s.told
    ) THEN
        RAISE EXCEPTION 'what was decided is told' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE moderation_case SET is_settled = true WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_settles AFTER UPDATE OF closing ON moderation_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.closing = '' AND NEW.closing = 'decided')
    EXECUTE FUNCTION moderation_case_settle();

CREATE FUNCTION moderation_redaction_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM moderation_case WHERE id = OLD.case_id AND closing = '') THEN
        RAISE EXCEPTION 'two people decide about the same words' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER redaction_kept BEFORE DELETE ON moderation_redaction
    FOR EACH ROW EXECUTE FUNCTION moderation_redaction_guard();
CREATE TRIGGER redaction_unchanged BEFORE UPDATE ON moderation_redaction
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION moderation_redaction_guard();
"""
CASES_BACK = """
DROP TRIGGER redaction_unchanged ON moderation_redaction;
DROP TRIGGER redaction_kept ON moderation_redaction;
DROP FUNCTION moderation_redaction_guard();
DROP TRIGGER case_settles ON moderation_case;
DROP FUNCTION moderation_case_settle();
DROP TRIGGER case_proposes ON moderation_case;
DROP FUNCTION moderation_case_proposes();
DROP TRIGGER case_guard_change ON moderation_case;
DROP TRIGGER case_guard_write ON moderation_case;
DROP FUNCTION moderation_case_guard();
DROP TRIGGER change_by_two ON moderation_case;
DROP FUNCTION moderation_change_by_two();
DROP FUNCTION moderation_needed(uuid);
DROP FUNCTION moderation_judgeable(text, text);
DROP TRIGGER appeal_opens_case ON stories_appeal;
DROP FUNCTION moderation_appeal_case();
DROP TRIGGER story_comes_back ON stories_publication;
DROP TRIGGER story_goes ON stories_publication;
DROP FUNCTION moderation_story_gone();
DROP TRIGGER case_moot ON stories_revision;
DROP FUNCTION moderation_case_moot();
DROP TRIGGER case_open ON stories_revision;
DROP FUNCTION moderation_case_open();
DROP FUNCTION moderation_new_case(uuid, text, smallint, smallint, double precision);
"""

DECISIONS = """
CREATE FUNCTION moderation_decision_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held record;
    heard text[];
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a decision is written once' USING ERRCODE = 'check_violation';
    END IF;
    SELECT c.cause, r.contribution_id INTO held
        FROM moderation_case AS c JOIN stories_revision AS r ON r.id = c.revision_id
        WHERE c.id = NEW.case_id AND c.revision_id = NEW.revision_id
        AND c.closing = '' AND moderation_judgeable(c.cause, r.state)
        AND c.lease_by_id = NEW.moderator_id
        AND c.lease_until > clock_timestamp() - interval '1 minute'
        AND c.joined = NEW.seen
        FOR UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a decision needs a running lease on an open case of that revision, all of it seen'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.outcome <> ALL (CASE held.cause
        WHEN 'report' THEN ARRAY['keep', 'remove', 'propose']
        WHEN 'appeal' THEN ARRAY['approve', 'uphold']
        ELSE ARRAY['approve', 'ask_changes', 'propose', 'refuse'] END) THEN
        RAISE EXCEPTION 'no such decision about this cause' USING ERRCODE = 'check_violation';
    END IF;
    heard := ARRAY(SELECT DISTINCT outcome::text FROM moderation_decision WHERE case_id = NEW.case_id);
    IF NOT EXISTS (
        SELECT 1 FROM accounts_user WHERE id = NEW.moderator_id AND is_active
        AND (role = 'lead' OR role = 'moderator' AND cardinality(heard) < 2)
    ) OR cardinality(heard) > 1 AND NEW.outcome <> ALL (heard) THEN
        RAISE EXCEPTION 'a decision is made by a moderator, a disagreement ended by a lead, for one of the two'
            USING ERRCODE = 'check_violation';
    END IF;
    IF held.cause IN ('appeal', 'sample') AND EXISTS (
        SELECT 1 FROM moderation_decision AS d JOIN stories_revision AS r ON r.id = d.revision_id
        WHERE r.contribution_id = held.contribution_id AND d.moderator_id = NEW.moderator_id
    ) OR EXISTS (
        SELECT 1 FROM moderation_skip WHERE case_id = NEW.case_id AND moderator_id = NEW.moderator_id AND to_others
    ) THEN
        RAISE EXCEPTION 'who judged before does not judge again' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.place <> 1 + (SELECT count(*) FROM moderation_decision WHERE case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'the people of a case are counted' USING ERRCODE = 'check_violation';
    END IF;
    IF held.cause <> 'sample' AND NEW.outcome NOT IN ('approve', 'keep') AND NOT EXISTS (
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
        WHERE c.id = NEW.case_id AND (
            c.closing = '' AND c.needs <= (
                SELECT count(*) FROM moderation_decision
                WHERE case_id = c.id AND outcome = NEW.outcome AND (c.is_contested OR seen = c.joined)
            )
            OR c.closing = 'decided' AND c.cause IN ('new', 'edit') AND r.state = 'waiting'
            OR c.closing = 'decided' AND c.cause = 'report' AND c.outcome = 'remove' AND r.state = 'approved'
            OR c.closing = 'decided' AND c.cause = 'appeal' AND c.outcome = 'approve'
            AND r.state IN ('refused', 'removed')
        )
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
        SELECT 1 FROM moderation_case AS c WHERE c.closing = 'decided'
        AND (OLD.state = 'proposed' OR NOT c.is_settled) AND CASE OLD.state
            WHEN 'waiting' THEN c.revision_id = NEW.id AND c.cause IN ('new', 'edit') AND c.outcome = ANY (
                CASE NEW.state WHEN 'approved' THEN ARRAY['approve'] WHEN 'refused' THEN ARRAY['refuse']
                ELSE ARRAY['ask_changes', 'propose'] END)
            WHEN 'approved' THEN c.revision_id = NEW.id AND c.cause = 'report' AND c.outcome = 'remove'
            WHEN 'proposed' THEN c.proposed_id = NEW.id
                AND EXISTS (SELECT 1 FROM stories_acceptance WHERE revision_id = NEW.id) AND NOT EXISTS (
                    SELECT 1 FROM stories_revision WHERE contribution_id = NEW.contribution_id AND state = 'removed'
                )
            ELSE c.revision_id = NEW.id AND c.cause = 'appeal' AND c.outcome = 'approve' END
    ) THEN
        RAISE EXCEPTION 'no decision moves this revision to %', NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_moved_by_decision BEFORE UPDATE OF state ON stories_revision
    FOR EACH ROW WHEN (
        OLD.state <> NEW.state AND NEW.state IN ('approved', 'refused', 'changes_asked', 'removed')
    ) EXECUTE FUNCTION moderation_move_guard();

CREATE FUNCTION moderation_proposal_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM moderation_case WHERE proposed_id = NEW.id AND closing = 'decided') THEN
        RAISE EXCEPTION 'a proposal is made by a decision' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER proposal_of_decision AFTER INSERT ON stories_revision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.redacts_id IS NOT NULL)
    EXECUTE FUNCTION moderation_proposal_guard();
"""
DECISIONS_BACK = """
DROP TRIGGER proposal_of_decision ON stories_revision;
DROP FUNCTION moderation_proposal_guard();
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
    PERFORM 1 FROM stories_revision AS r
        WHERE r.id = NEW.revision_id AND r.state = 'approved' AND r.contribution_id = NEW.contribution_id
        AND NEW.parent_id IS NOT DISTINCT FROM (
            SELECT parent_id FROM stories_contribution WHERE id = NEW.contribution_id
        )
        AND EXISTS (
            SELECT 1 FROM moderation_case AS c WHERE c.closing = 'decided' AND c.cause <> 'sample' AND (
                c.revision_id = r.id AND c.outcome = 'approve' OR c.proposed_id = r.id
                AND EXISTS (SELECT 1 FROM stories_acceptance WHERE revision_id = r.id)
            )
        )
        AND NEW.warnings @> r.warnings AND NOT EXISTS (
            SELECT 1 FROM moderation_decision AS d JOIN moderation_case AS c ON c.id = d.case_id
            WHERE d.revision_id = r.id AND d.outcome = 'approve' AND c.outcome = 'approve' AND c.cause <> 'sample'
            AND NOT NEW.warnings @> d.warnings
        )
        AND (r.consents @> '{index}' AND NOT r.consents_ended @> '{index}' OR NEW.engine_place IS NULL)
        AND (r.consents @> '{quote}' AND NOT r.consents_ended @> '{quote}' OR NEW.quote_place IS NULL)
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
-- Told is what took effect, and nothing else: not the first of two people's letter, nor that of who was outvoted.
CREATE FUNCTION moderation_letter_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM stories_statement WHERE id = NEW.id) AND NOT EXISTS (
        SELECT 1 FROM stories_statement AS s JOIN moderation_decision AS d ON d.statement = s.id
        JOIN moderation_case AS c ON c.id = d.case_id
        WHERE s.id = NEW.id AND s.case_id = d.case_id AND d.revision_id = s.revision_id AND d.outcome = s.outcome
        AND c.cause <> 'sample' AND s.told = (c.outcome = d.outcome)
    ) THEN
        RAISE EXCEPTION 'a statement tells a decision' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER statement_of_decision AFTER INSERT OR UPDATE OF told ON stories_statement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION moderation_letter_guard();

CREATE FUNCTION moderation_suppression_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NOT stories_this_month(NEW.month) THEN
        RAISE EXCEPTION 'a text is hidden, and waits for its owner, since this month' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.contribution_id, NEW.revision_id, NEW.ground, NEW.moderator)
        IS NOT DISTINCT FROM (OLD.contribution_id, OLD.revision_id, OLD.ground, OLD.moderator) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.contribution_id, NEW.revision_id, NEW.ground)
        IS DISTINCT FROM (OLD.contribution_id, OLD.revision_id, 'replaced since') THEN
        RAISE EXCEPTION 'what hides a text stays with that text' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP <> 'DELETE' THEN
        -- What its writer had replaced after a copy was made, which was put back, waits for nobody's decision.
        IF NOT EXISTS (
            SELECT 1 FROM stories_publication AS p
            WHERE p.contribution_id = NEW.contribution_id AND p.revision_id = NEW.revision_id
            AND CASE WHEN NEW.ground = 'replaced since'
                THEN current_setting('fernway.replaced', true) = NEW.contribution_id::text
                ELSE EXISTS (
                    SELECT 1 FROM moderation_case AS c
                    WHERE c.revision_id = p.revision_id AND c.cause = 'report' AND c.closing = ''
                ) END
        ) THEN
            RAISE EXCEPTION 'a text is hidden while a case about it is open' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    -- One that was replaced and then taken down would be shown by an appeal.
    IF EXISTS (
        SELECT 1 FROM stories_revision WHERE id = OLD.revision_id AND salt <> '00000000-0000-0000-0000-000000000000'
        AND (state = 'approved' OR state = 'removed' AND OLD.ground = 'replaced since')
    ) AND NOT EXISTS (
        SELECT 1 FROM moderation_case WHERE revision_id = OLD.revision_id AND cause = 'report'
        AND closing = 'decided' AND outcome = 'keep' AND NOT is_settled AND OLD.ground <> 'replaced since'
    ) THEN
        RAISE EXCEPTION 'only a decision shows a hidden text again' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER suppression_guard_write BEFORE INSERT OR DELETE ON stories_suppression
    FOR EACH ROW EXECUTE FUNCTION moderation_suppression_guard();
CREATE TRIGGER suppression_kept BEFORE UPDATE ON stories_suppression
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION moderation_suppression_guard();

-- What is hidden and waits for its owner alone has its whole time from what last happened to it; an answer also from
-- when its story can be answered again, and from nothing else that becomes of the story, which is not its writer's.
CREATE FUNCTION moderation_hidden_anew() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    own uuid;
    story uuid;
    now_is date := date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date;
BEGIN
    IF TG_TABLE_NAME = 'moderation_case' THEN
        SELECT contribution_id INTO own FROM stories_revision WHERE id = NEW.revision_id;
    ELSIF TG_TABLE_NAME = 'stories_revision' THEN
        own := OLD.contribution_id;
    ELSIF TG_TABLE_NAME = 'stories_publication' THEN
        story := NEW.contribution_id;
    ELSIF TG_TABLE_NAME = 'stories_contribution' THEN
        story := NEW.id;
    ELSE
        story := OLD.contribution_id;
    END IF;
    UPDATE stories_suppression SET month = now_is WHERE contribution_id = own AND month <> now_is;
    UPDATE stories_suppression AS s SET month = now_is FROM stories_contribution AS t
        WHERE t.id = s.contribution_id AND t.parent_id = story AND s.month <> now_is;
    RETURN NULL;
END $$;
CREATE TRIGGER hidden_anew AFTER UPDATE OF state ON stories_revision
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION moderation_hidden_anew();
CREATE TRIGGER hidden_anew_without_draft AFTER DELETE ON stories_revision
    FOR EACH ROW EXECUTE FUNCTION moderation_hidden_anew();
CREATE TRIGGER hidden_anew_decided AFTER UPDATE OF closing ON moderation_case
    FOR EACH ROW WHEN (OLD.closing <> NEW.closing AND NEW.cause <> 'sample') EXECUTE FUNCTION moderation_hidden_anew();
CREATE TRIGGER hidden_anew_back AFTER INSERT ON stories_publication
    FOR EACH ROW WHEN (NEW.parent_id IS NULL) EXECUTE FUNCTION moderation_hidden_anew();
CREATE TRIGGER hidden_anew_shown AFTER DELETE ON stories_suppression
    FOR EACH ROW EXECUTE FUNCTION moderation_hidden_anew();
CREATE TRIGGER hidden_anew_answerable AFTER UPDATE OF takes_replies ON stories_contribution
    FOR EACH ROW WHEN (NEW.takes_replies AND NOT OLD.takes_replies) EXECUTE FUNCTION moderation_hidden_anew();
"""
FORGETTING = """
CREATE FUNCTION moderation_forget_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM moderation_case WHERE revision_id = NEW.id AND closing = '' AND cause <> 'sample') THEN
        RAISE EXCEPTION 'words stay while somebody is to judge them' USING ERRCODE = 'check_violation';
    END IF;
    -- What was only to be compared is compared no more.
    UPDATE moderation_case SET closing = 'moot', lease_by_id = NULL, lease_token = NULL, lease_until = NULL
        WHERE revision_id = NEW.id AND closing = '';
    RETURN NEW;
END $$;
CREATE TRIGGER revision_forgotten BEFORE UPDATE OF salt ON stories_revision
    FOR EACH ROW WHEN (OLD.salt <> NEW.salt) EXECUTE FUNCTION moderation_forget_guard();

-- What was written about words goes with them: notes, words that were proposed in their place, what readers told.
CREATE FUNCTION moderation_forget_beside() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM moderation_note AS n USING moderation_case AS c WHERE c.id = n.case_id AND c.revision_id = NEW.id;
    DELETE FROM moderation_redaction AS r USING moderation_case AS c WHERE c.id = r.case_id AND c.revision_id = NEW.id;
    DELETE FROM moderation_report WHERE revision_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER revision_forgotten_beside AFTER UPDATE OF salt ON stories_revision
    FOR EACH ROW WHEN (OLD.salt <> NEW.salt) EXECUTE FUNCTION moderation_forget_beside();
"""
FORGETTING_BACK = """
DROP TRIGGER revision_forgotten_beside ON stories_revision;
DROP FUNCTION moderation_forget_beside();
DROP TRIGGER revision_forgotten ON stories_revision;
DROP FUNCTION moderation_forget_guard();
"""
# What stories may know of an open case. The join keeps it from being written to.
WAIT = """
CREATE VIEW stories_wait AS
    SELECT c.revision_id, c.needs > 1 AS by_two, (
        SELECT count(*) FROM accounts_user AS u
        WHERE u.is_active AND (u.role = 'lead' OR u.role = 'moderator' AND NOT c.is_contested)
        AND EXISTS (SELECT 1 FROM mfa_authenticator WHERE user_id = u.id AND type IN ('totp', 'webauthn'))
        AND NOT EXISTS (
            SELECT 1 FROM moderation_decision AS d JOIN stories_revision AS o ON o.id = d.revision_id
            WHERE d.moderator_id = u.id
            AND (d.case_id = c.id OR c.cause = 'appeal' AND o.contribution_id = r.contribution_id)
        )
        AND NOT EXISTS (SELECT 1 FROM moderation_skip WHERE case_id = c.id AND moderator_id = u.id AND to_others)
    ) < CASE WHEN c.is_contested THEN 1 ELSE c.needs - (
        SELECT count(*) FROM moderation_decision WHERE case_id = c.id AND seen = c.joined
    ) END AS too_few
    FROM moderation_case AS c JOIN stories_revision AS r ON r.id = c.revision_id
    WHERE c.closing = '' AND c.cause <> 'sample';
"""
WAIT_BACK = "DROP VIEW stories_wait;"
LETTERS_BACK = """
DROP TRIGGER hidden_anew_answerable ON stories_contribution;
DROP TRIGGER hidden_anew_shown ON stories_suppression;
DROP TRIGGER hidden_anew_back ON stories_publication;
DROP TRIGGER hidden_anew_decided ON moderation_case;
DROP TRIGGER hidden_anew_without_draft ON stories_revision;
DROP TRIGGER hidden_anew ON stories_revision;
DROP FUNCTION moderation_hidden_anew();
DROP TRIGGER suppression_kept ON stories_suppression;
DROP TRIGGER suppression_guard_write ON stories_suppression;
DROP FUNCTION moderation_suppression_guard();
DROP TRIGGER statement_of_decision ON stories_statement;
DROP FUNCTION moderation_letter_guard();
"""

REPORTS = """
CREATE FUNCTION moderation_report_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.text = '' AND to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text' THEN
        RETURN NEW;  -- who told it erases their words; which rules it was about is kept
    END IF;
    RAISE EXCEPTION 'a report is written once' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER report_kept BEFORE DELETE ON moderation_report
    FOR EACH ROW EXECUTE FUNCTION stories_written_once();
CREATE TRIGGER report_unchanged BEFORE UPDATE ON moderation_report
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION moderation_report_guard();

CREATE FUNCTION moderation_note_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM moderation_case AS c JOIN stories_revision AS r ON r.id = c.revision_id
        WHERE c.id = OLD.case_id AND r.salt = '00000000-0000-0000-0000-000000000000'
    ) THEN
        RETURN OLD;  -- a note goes after the words that it is about
    END IF;
    RAISE EXCEPTION 'a note is written once' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER note_kept BEFORE DELETE ON moderation_note
    FOR EACH ROW EXECUTE FUNCTION moderation_note_guard();
CREATE TRIGGER note_unchanged BEFORE UPDATE ON moderation_note
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION moderation_note_guard();

CREATE FUNCTION moderation_report_case() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Which is refused for what readers do not see.
    PERFORM moderation_new_case(
        NEW.revision_id, 'report', (CASE WHEN NEW.is_grave THEN 2 ELSE 1 END)::smallint, 1::smallint, 0
    );
    -- Who reads a change decides about this too.
    UPDATE moderation_case AS c SET joined = c.joined + 1
        FROM stories_revision AS r JOIN stories_revision AS live ON live.contribution_id = r.contribution_id
        WHERE live.id = NEW.revision_id AND c.revision_id = r.id AND c.cause = 'edit' AND c.closing = '';
    RETURN NULL;
END $$;
CREATE TRIGGER report_opens_case AFTER INSERT ON moderation_report
    FOR EACH ROW EXECUTE FUNCTION moderation_report_case();
"""
REPORTS_BACK = """
DROP TRIGGER report_opens_case ON moderation_report;
DROP FUNCTION moderation_report_case();
DROP TRIGGER note_unchanged ON moderation_note;
DROP TRIGGER note_kept ON moderation_note;
DROP FUNCTION moderation_note_guard();
DROP TRIGGER report_kept ON moderation_report;
DROP TRIGGER report_unchanged ON moderation_report;
DROP FUNCTION moderation_report_guard();
"""
# The planner's samples would hold what people wrote, and keep it longer than the tables do. No query asks for these by
# what is in them.
SAMPLES = """
ALTER TABLE moderation_note
    ALTER COLUMN text SET STATISTICS 0;
ALTER TABLE moderation_redaction
    ALTER COLUMN words SET STATISTICS 0;
ALTER TABLE moderation_report
    ALTER COLUMN text SET STATISTICS 0;
"""
SAMPLES_BACK = """
ALTER TABLE moderation_note
    ALTER COLUMN text SET STATISTICS -1;
ALTER TABLE moderation_redaction
    ALTER COLUMN words SET STATISTICS -1;
ALTER TABLE moderation_report
    ALTER COLUMN text SET STATISTICS -1;
"""


class Migration(migrations.Migration):
    dependencies = [("mfa", "0001_initial"), ("moderation", "0001_initial"), ("stories", "0002_guards")]

    operations = [
        migrations.RunSQL(CASES, CASES_BACK),
        migrations.RunSQL(DECISIONS, DECISIONS_BACK),
        migrations.RunSQL(PUBLICATION, PUBLICATION_BACK),
        migrations.RunSQL(LETTERS, LETTERS_BACK),
        migrations.RunSQL(REPORTS, REPORTS_BACK),
        migrations.RunSQL(FORGETTING, FORGETTING_BACK),
        migrations.RunSQL(WAIT, WAIT_BACK),
        migrations.RunSQL(SAMPLES, SAMPLES_BACK),
    ]
