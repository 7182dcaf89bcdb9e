"""Raw SQL over a real login of the role that serves the site: PostgreSQL refuses what must not happen."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors, sql

from stories.models import Publication
from tests.moderation.forbidden import attempts
from tests.moderation.forbidden_beside import ANSWER, REPORT
from tests.moderation.ground import (
    CLOSE,
    MOVE,
    PUBLISH,
    RECORD,
    TABLES,
    Attempt,
    Connection,
    Ground,
    digest,
    run,
    succeeding,
)

REFUSALS = (errors.CheckViolation, errors.UniqueViolation, errors.ForeignKeyViolation)


@pytest.fixture
def ground(transactional_db: None) -> Ground:
    return Ground()


def test_every_forbidden_write_is_refused(ground: Ground, web_connection: Connection) -> None:
    before = digest(web_connection)
    tries = list(attempts(ground))
    assert len(tries) > 300
    assert len({name for name, _ in tries}) == len(tries)
    assert succeeding(web_connection, tries, *REFUSALS) == []
    assert digest(web_connection) == before


def test_what_is_allowed_passes_by_the_same_words(ground: Ground, web_connection: Connection) -> None:
    """Prove that the attempts above are refused by guards and not by their spelling."""
    letter, number = ground.letter_for()
    run(
        web_connection,
        (
            letter,
            ground.decide(ground.held, "refuse", statement=number),
            CLOSE.format(ground.held.pk),
            MOVE.format(ground.held.revision_id, "refused"),
        ),
    )
    delete = f"DELETE FROM stories_publication WHERE contribution_id = '{ground.contribution}'"
    more = f"UPDATE stories_publication SET warnings = '{{w1,w2,w3}}' WHERE revision_id = '{ground.live.pk}'"
    whole = PUBLISH.format(ground.live.pk).replace(" warnings, 1", " warnings || ARRAY['w2']::varchar[], 1")
    run(web_connection, (delete, whole, more))
    run(web_connection, (ANSWER.format(ground.contribution), REPORT.format(ground.live.pk, "{kind}")))
    assert Publication.objects.get(revision=ground.live).warnings == ["w1", "w2", "w3"]
    allowing = ground.allowing
    ended = f"UPDATE stories_revision SET consents_ended = '{{index,quote}}' WHERE id = '{allowing.revision_id}'"
    off = "UPDATE stories_publication SET engine_place = NULL, quote_place = NULL WHERE contribution_id = '{}'"
    run(web_connection, (ended, off.format(allowing.pk)))
    assert Publication.objects.get(pk=allowing.pk).engine_place is None


def test_updates_that_change_nothing_pass(ground: Ground, web_connection: Connection) -> None:
    keys = {
        **dict.fromkeys(("stories_publication", "stories_suppression"), "contribution_id"),
        "moderation_redaction": "case_id",
        "stories_acceptance": "revision_id",
        "stories_appeal": "letter_id",
    }
    for table in TABLES:
        key = keys.get(table, "id")
        run(web_connection, (f"UPDATE {table} SET {key} = {key}",))


def guards(connection: Connection) -> list[tuple[str, str]]:
    """Return table and name of every trigger on the tables that the guards keep."""
    return connection.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relname = ANY (%s)",
        [TABLES + RECORD],
    ).fetchall()


def passing(connection: Connection, tries: list[tuple[str, Attempt]]) -> list[str]:
    """Return the names of the attempts that would pass, and take each back."""
    found = []
    for name, attempt in tries:
        try:
            with connection.transaction():
                run(connection, attempt)
                connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
                raise psycopg.Rollback
        except psycopg.Error:
            continue
        found.append(name)
    return found


def test_each_guard_is_missed_when_it_is_off(
    ground: Ground, web_connection: Connection, owner_connection: Connection
) -> None:
    """Prove that the attempts can succeed: without any one guard, some of them do."""
    tries = list(attempts(ground))
    needed = {name for _, name in guards(owner_connection)} - KEEPS_NO_WRITE_OUT
    unmissed = set()
    for table, name in guards(owner_connection):
        if name in needed:
            switch = sql.SQL("ALTER TABLE {} {} TRIGGER {}")
            parts = sql.Identifier(table), sql.Identifier(name)
            owner_connection.execute(switch.format(parts[0], sql.SQL("DISABLE"), parts[1]))
            if not passing(web_connection, tries):
                unmissed.add(name)
            owner_connection.execute(switch.format(parts[0], sql.SQL("ENABLE"), parts[1]))
    assert unmissed == set()
    assert passing(web_connection, tries) == []


# These open and close cases, write the record, count, forget, begin a time anew, or keep examples apart; none stands
# in the way of a write above.
KEEPS_NO_WRITE_OUT = {
    "appeal_opens_case",
    "case_closing_recorded",
    "case_moot",
    "case_open",
    "change_by_two",
    "contribution_example",
    "count_stories",
    "count_suppressed",
    "decision_recorded",
    "hidden_anew",
    "hidden_anew_answerable",
    "hidden_anew_back",
    "hidden_anew_decided",
    "hidden_anew_shown",
    "hidden_anew_without_draft",
    "report_opens_case",
    "revision_forgotten_beside",
    "story_comes_back",
    "story_goes",
    "suppression_recorded",
    "suppression_change_recorded",
}
