"""What must always hold of texts, refused by PostgreSQL itself.

Each function fixes its search_path with pg_temp last, so that no session can put a table of its own
in front of ours. Updates that change nothing pass: the nightly mix is one.
"""

from django.db import migrations

REVISION = """
-- The one change that a submitted revision can see: everything in it goes, when its time is over, and the row stays.
-- The times are the shortest; a setting can only make them longer. Its owner may have it go at once: the transaction
-- then names the text, which is against a slip and not against an intruder, who could withdraw it as well.
CREATE FUNCTION stories_emptied(before stories_revision, now_is stories_revision) RETURNS boolean LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT before.salt <> '00000000-0000-0000-0000-000000000000'
        AND to_jsonb(now_is) = to_jsonb(before) || jsonb_build_object(
            'salt', '00000000-0000-0000-0000-000000000000', 'title', '', 'text', '', 'role', '',
            'warnings', '[]'::jsonb, 'consents', '[]'::jsonb, 'answers', '{}'::jsonb, 'treatments', '[]'::jsonb,
            'signals', '[]'::jsonb, 'hope', false, 'why', '', 'consents_ended', '[]'::jsonb
        )
        AND CASE
            WHEN before.state IN ('withdrawn', 'superseded', 'taken_back', 'discarded')
                THEN current_setting('fernway.erasing', true) = before.contribution_id::text
                OR before.month < date_trunc('month', now()) - interval '1 month'
            WHEN before.state IN ('refused', 'removed')
                THEN before.month < date_trunc('month', now()) - interval '6 months' AND NOT EXISTS (
                    SELECT 1 FROM stories_statement  -- what was answered to an appeal is there to be read
                    WHERE revision_id = before.id AND told AND month >= date_trunc('month', now()) - interval '1 month'
                )
            ELSE false END
$$;
-- A minute is allowed for clocks of the web server and the database that differ.
CREATE FUNCTION stories_this_month(month date) RETURNS boolean LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT month IN (
        date_trunc('month', (clock_timestamp() - interval '1 minute') AT TIME ZONE 'UTC')::date,
        date_trunc('month', (clock_timestamp() + interval '1 minute') AT TIME ZONE 'UTC')::date
    )
$$;
CREATE FUNCTION stories_revision_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.state = 'waiting') AND EXISTS (
        SELECT 1 FROM stories_revision WHERE contribution_id = NEW.contribution_id AND state = 'withdrawn'
    ) THEN
        RAISE EXCEPTION 'a withdrawn text does not come back' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' AND NOT stories_this_month(NEW.month) THEN
            RAISE EXCEPTION 'a revision stands where it stands since this month' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.salt = '00000000-0000-0000-0000-000000000000' THEN
            RAISE EXCEPTION 'a revision begins with a salt' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.redacts_id IS NULL AND NEW.state <> 'draft' OR NEW.redacts_id IS NOT NULL AND (
            NEW.state <> 'proposed' OR NOT EXISTS (
                SELECT 1 FROM stories_revision WHERE id = NEW.redacts_id AND contribution_id = NEW.contribution_id
                AND state IN ('waiting', 'changes_asked', 'approved')
            )
        ) THEN
            RAISE EXCEPTION 'a revision begins as a draft, or as a proposal about a live or waiting one'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'a submitted revision is not deleted' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF stories_emptied(OLD, NEW) THEN
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.contribution_id, NEW.number, NEW.redacts_id, NEW.salt)
        IS DISTINCT FROM (OLD.id, OLD.contribution_id, OLD.number, OLD.redacts_id, OLD.salt) THEN
        RAISE EXCEPTION 'a revision keeps its place' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT stories_this_month(NEW.month)
        OR NEW.state = OLD.state AND NEW.month <> OLD.month AND NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'a revision stands where it stands since this month' USING ERRCODE = 'check_violation';
    END IF;
    IF (
        NEW.title, NEW.text, NEW.role, NEW.warnings, NEW.consents, NEW.language, NEW.audience, NEW.answers,
        NEW.treatments, NEW.hope, NEW.signals, NEW.why
    ) IS DISTINCT FROM (
        OLD.title, OLD.text, OLD.role, OLD.warnings, OLD.consents, OLD.language, OLD.audience, OLD.answers,
        OLD.treatments, OLD.hope, OLD.signals, OLD.why
    ) AND NOT (OLD.state = 'draft' AND NEW.state = 'draft') THEN
        RAISE EXCEPTION 'a submitted revision is not changed' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT NEW.consents_ended @> OLD.consents_ended THEN
        RAISE EXCEPTION 'a consent that was taken back is given again by a newer version only'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'waiting' AND NEW.title = '' AND EXISTS (
        SELECT 1 FROM stories_contribution WHERE id = NEW.contribution_id AND parent_id IS NULL
    ) THEN
        RAISE EXCEPTION 'a story has a title' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.salt = '00000000-0000-0000-0000-000000000000' AND NEW.state = 'approved' THEN
        RAISE EXCEPTION 'what was emptied is not published' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state || ' ' || NEW.state) NOT IN (
        'draft waiting', 'draft discarded',
        'waiting approved', 'waiting changes_asked', 'waiting refused', 'waiting taken_back', 'waiting withdrawn',
        'changes_asked superseded', 'changes_asked withdrawn',
        'refused approved', 'refused superseded', 'refused withdrawn',
        'approved superseded', 'approved removed', 'approved withdrawn',
        'removed approved', 'removed superseded', 'removed withdrawn',
        'proposed approved', 'proposed superseded', 'proposed withdrawn'
    ) THEN
        RAISE EXCEPTION 'the table of moves does not hold % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_guard_write BEFORE INSERT OR DELETE ON stories_revision
    FOR EACH ROW EXECUTE FUNCTION stories_revision_guard();
CREATE TRIGGER revision_guard_change BEFORE UPDATE ON stories_revision
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION stories_revision_guard();
"""
REVISION_BACK = """
DROP TRIGGER revision_guard_change ON stories_revision;
DROP TRIGGER revision_guard_write ON stories_revision;
DROP FUNCTION stories_revision_guard();
DROP FUNCTION stories_this_month(date);
DROP FUNCTION stories_emptied(stories_revision, stories_revision);
"""

PUBLICATION = """
CREATE SEQUENCE stories_position;
CREATE FUNCTION stories_publication_live() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM stories_publication AS p JOIN stories_revision AS r ON r.id = p.revision_id
        WHERE p.revision_id = NEW.id AND r.state <> 'approved'
    ) THEN
        RAISE EXCEPTION 'readers would see a revision that is no longer approved'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER revision_leaves_page AFTER UPDATE OF state ON stories_revision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state = 'approved' AND NEW.state <> 'approved') EXECUTE FUNCTION stories_publication_live();


-- The other way round: what was approved is there, and is taken down by a decision or by its owner's withdrawal only.
CREATE FUNCTION stories_publication_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM stories_revision WHERE contribution_id = OLD.contribution_id AND state = 'approved'
    ) AND NOT EXISTS (SELECT 1 FROM stories_publication WHERE contribution_id = OLD.contribution_id) THEN
        RAISE EXCEPTION 'readers would not see a revision that is approved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER revision_comes_to_page AFTER UPDATE OF state ON stories_revision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state <> 'approved' AND NEW.state = 'approved') EXECUTE FUNCTION stories_publication_stays();
CREATE CONSTRAINT TRIGGER publication_stays AFTER DELETE ON stories_publication
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stories_publication_stays();
"""
PUBLICATION_BACK = """
DROP TRIGGER publication_stays ON stories_publication;
DROP TRIGGER revision_comes_to_page ON stories_revision;
DROP FUNCTION stories_publication_stays();
DROP TRIGGER revision_leaves_page ON stories_revision;
DROP FUNCTION stories_publication_live();
DROP SEQUENCE stories_position;
"""

CONSENTS = """
-- With a consent that is taken back goes its place on the pages. That no later write gives the place back is asked by
-- the guard of publications, which moderation installs.
CREATE FUNCTION stories_consent_ends() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM stories_publication AS p JOIN stories_revision AS r ON r.id = p.revision_id
        WHERE r.id = NEW.id AND (
            r.consents_ended @> '{index}' AND p.engine_place IS NOT NULL
            OR r.consents_ended @> '{quote}' AND p.quote_place IS NOT NULL
        )
    ) THEN
        RAISE EXCEPTION 'a consent that was taken back has no effect' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER consent_ends AFTER UPDATE OF consents_ended ON stories_revision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.consents_ended <> NEW.consents_ended) EXECUTE FUNCTION stories_consent_ends();
"""
CONSENTS_BACK = """
DROP TRIGGER consent_ends ON stories_revision;
DROP FUNCTION stories_consent_ends();
"""

LETTERS = """
CREATE FUNCTION stories_written_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM stories_revision
        WHERE id = OLD.revision_id AND salt = '00000000-0000-0000-0000-000000000000'
    ) THEN
        RETURN OLD;  -- a letter goes after the words that it is about
    END IF;
    RAISE EXCEPTION 'a statement is written once' USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION stories_letter_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT OLD.told AND NEW.told AND to_jsonb(NEW) - 'told' = to_jsonb(OLD) - 'told' THEN
        RETURN NEW;  -- the first of two people's letter is told when the second agrees
    END IF;
    RAISE EXCEPTION 'a statement is written once' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER statement_kept BEFORE DELETE ON stories_statement
    FOR EACH ROW EXECUTE FUNCTION stories_written_once();
CREATE TRIGGER statement_unchanged BEFORE UPDATE ON stories_statement
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION stories_letter_guard();
CREATE TRIGGER message_kept BEFORE DELETE ON stories_message
    FOR EACH ROW EXECUTE FUNCTION stories_written_once();
CREATE TRIGGER message_unchanged BEFORE UPDATE ON stories_message
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION stories_written_once();

CREATE FUNCTION stories_owner_answers() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN  -- a yes is kept as long as it is shown
        IF EXISTS (SELECT 1 FROM stories_revision WHERE id = OLD.revision_id AND state = 'approved') THEN
            RAISE EXCEPTION 'what an owner answered stays as long as it counts' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' OR NOT EXISTS (
        SELECT 1 FROM stories_revision AS r WHERE r.id = NEW.revision_id AND r.state = 'proposed' AND EXISTS (
            SELECT 1 FROM stories_revision WHERE id = r.redacts_id AND state IN ('changes_asked', 'approved')
        ) AND NOT EXISTS (  -- a case about what readers see is ended by a decision
            SELECT 1 FROM stories_publication AS p JOIN stories_wait AS w ON w.revision_id = p.revision_id
            WHERE p.contribution_id = r.contribution_id
        )
    ) THEN
        RAISE EXCEPTION 'an owner answers once, while there is something to answer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acceptance_kept BEFORE DELETE ON stories_acceptance
    FOR EACH ROW EXECUTE FUNCTION stories_owner_answers();
CREATE TRIGGER acceptance_of_proposal BEFORE INSERT ON stories_acceptance
    FOR EACH ROW EXECUTE FUNCTION stories_owner_answers();
CREATE TRIGGER acceptance_unchanged BEFORE UPDATE ON stories_acceptance
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION stories_owner_answers();

CREATE FUNCTION stories_appeal_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN  -- an appeal is not made twice, and goes with the words that it is about
        IF EXISTS (
            SELECT 1 FROM stories_statement AS s JOIN stories_revision AS r ON r.id = s.revision_id
            WHERE s.id = OLD.letter_id AND r.salt <> '00000000-0000-0000-0000-000000000000'
        ) THEN
            RAISE EXCEPTION 'what an owner answered stays as long as it counts' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'case_id' = to_jsonb(OLD) - 'case_id' AND EXISTS (
        SELECT 1 FROM moderation_case AS gone
        JOIN moderation_case AS back ON back.revision_id = gone.revision_id AND back.cause = gone.cause
        WHERE gone.id = OLD.case_id AND gone.closing = 'moot' AND back.id = NEW.case_id AND back.closing = ''
    ) THEN
        RETURN NEW;  -- it ended with the story that was answered, and the story came back
    END IF;
    IF TG_OP = 'UPDATE' OR NOT EXISTS (  -- the letter of the newest decision that takes the text off the pages
        SELECT 1 FROM stories_statement AS s JOIN stories_revision AS r ON r.id = s.revision_id
        WHERE s.id = NEW.letter_id AND s.told AND s.outcome IN ('refuse', 'remove')
        AND r.state IN ('refused', 'removed') AND r.month >= now() - interval '7 months'
        AND NOT EXISTS (
            SELECT 1 FROM stories_statement WHERE revision_id = r.id AND told AND outcome IN ('refuse', 'remove')
            AND number > s.number
        )
    ) THEN
        RAISE EXCEPTION 'an owner answers once, while there is something to answer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_kept BEFORE DELETE ON stories_appeal
    FOR EACH ROW EXECUTE FUNCTION stories_appeal_guard();
CREATE TRIGGER appeal_of_answer BEFORE INSERT ON stories_appeal
    FOR EACH ROW EXECUTE FUNCTION stories_appeal_guard();
CREATE TRIGGER appeal_unchanged BEFORE UPDATE ON stories_appeal
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION stories_appeal_guard();
"""
LETTERS_BACK = """
DROP TRIGGER appeal_unchanged ON stories_appeal;
DROP TRIGGER appeal_of_answer ON stories_appeal;
DROP TRIGGER appeal_kept ON stories_appeal;
DROP FUNCTION stories_appeal_guard();
DROP TRIGGER acceptance_kept ON stories_acceptance;
DROP TRIGGER acceptance_unchanged ON stories_acceptance;
DROP TRIGGER acceptance_of_proposal ON stories_acceptance;
DROP FUNCTION stories_owner_answers();
DROP TRIGGER message_kept ON stories_message;
DROP TRIGGER message_unchanged ON stories_message;
DROP TRIGGER statement_unchanged ON stories_statement;
DROP TRIGGER statement_kept ON stories_statement;
DROP FUNCTION stories_letter_guard();
DROP FUNCTION stories_written_once();
"""

EXAMPLES = """
CREATE FUNCTION stories_example_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id OR EXISTS (SELECT 1 FROM stories_publication WHERE contribution_id = OLD.id) THEN
        RAISE EXCEPTION 'a published text does not become an example, nor an example a text'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contribution_example BEFORE UPDATE ON stories_contribution
    FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.is_example IS DISTINCT FROM NEW.is_example)
    EXECUTE FUNCTION stories_example_guard();
"""
EXAMPLES_BACK = """
DROP TRIGGER contribution_example ON stories_contribution;
DROP FUNCTION stories_example_guard();
"""

THREADS = """
CREATE FUNCTION stories_thread_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a reply keeps its story' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM stories_contribution WHERE id = NEW.parent_id AND parent_id IS NULL) THEN
        RAISE EXCEPTION 'a reply answers a story' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contribution_answers_story BEFORE INSERT ON stories_contribution
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION stories_thread_guard();
CREATE TRIGGER contribution_keeps_story BEFORE UPDATE ON stories_contribution
    FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION stories_thread_guard();
"""
THREADS_BACK = """
DROP TRIGGER contribution_keeps_story ON stories_contribution;
DROP TRIGGER contribution_answers_story ON stories_contribution;
DROP FUNCTION stories_thread_guard();
"""

# Ranking reads many of these: inline, so that none is fetched from elsewhere.
SEARCH = """
ALTER TABLE stories_searchentry SET (toast_tuple_target = 8160);
ALTER TABLE stories_searchentry ALTER COLUMN vector SET STORAGE MAIN;
"""
SEARCH_BACK = """
ALTER TABLE stories_searchentry ALTER COLUMN vector SET STORAGE EXTENDED;
ALTER TABLE stories_searchentry RESET (toast_tuple_target);
"""
# The planner's samples would hold what people wrote, and keep it longer than the tables do. No query asks for these by
# what is in them.
SAMPLES = """
ALTER TABLE stories_revision
    ALTER COLUMN title SET STATISTICS 0,
    ALTER COLUMN text SET STATISTICS 0,
    ALTER COLUMN answers SET STATISTICS 0,
    ALTER COLUMN treatments SET STATISTICS 0,
    ALTER COLUMN why SET STATISTICS 0;
ALTER TABLE stories_statement
    ALTER COLUMN text SET STATISTICS 0;
ALTER TABLE stories_message
    ALTER COLUMN text SET STATISTICS 0;
ALTER TABLE stories_appeal
    ALTER COLUMN text SET STATISTICS 0;
"""
SAMPLES_BACK = """
ALTER TABLE stories_revision
    ALTER COLUMN title SET STATISTICS -1,
    ALTER COLUMN text SET STATISTICS -1,
    ALTER COLUMN answers SET STATISTICS -1,
    ALTER COLUMN treatments SET STATISTICS -1,
    ALTER COLUMN why SET STATISTICS -1;
ALTER TABLE stories_statement
    ALTER COLUMN text SET STATISTICS -1;
ALTER TABLE stories_message
    ALTER COLUMN text SET STATISTICS -1;
ALTER TABLE stories_appeal
    ALTER COLUMN text SET STATISTICS -1;
"""


class Migration(migrations.Migration):
    dependencies = [("stories", "0001_initial")]

    operations = [
        migrations.RunSQL(REVISION, REVISION_BACK),
        migrations.RunSQL(PUBLICATION, PUBLICATION_BACK),
        migrations.RunSQL(CONSENTS, CONSENTS_BACK),
        migrations.RunSQL(LETTERS, LETTERS_BACK),
        migrations.RunSQL(EXAMPLES, EXAMPLES_BACK),
        migrations.RunSQL(THREADS, THREADS_BACK),
        migrations.RunSQL(SEARCH, SEARCH_BACK),
        migrations.RunSQL(SAMPLES, SAMPLES_BACK),
    ]
