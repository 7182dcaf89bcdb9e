"""Raw SQL as the role that serves the site: PostgreSQL keeps what was signed as it was signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone
from psycopg import errors, sql

from accounts.models import Role, User
from advice.lifecycle import MOVES
from advice.models import SignOff, State, Version
from tests import make
from tests.advice import written
from tests.moderation.ground import Attempt, Connection, run, succeeding

REFUSALS = (errors.CheckViolation, errors.UniqueViolation, errors.ForeignKeyViolation)
TABLES = ["advice_article", "advice_version", "advice_signoff", "advice_labelend"]
KEEPS_NO_WRITE_OUT = {"version_recorded", "signoff_recorded", "labelend_recorded"}  # these write the record
SIGN = """
    INSERT INTO advice_signoff (id, version_id, clinician_id, name, qualification, reviewed_on, due_on, corrects_id)
    VALUES (gen_random_uuid(), '{version}', '{by}', 'Alba', 'Physiotherapist', {on}, {due}, {corrects})
"""
MOVE = "UPDATE advice_version SET state = '{}' WHERE id = '{}'"
END = "INSERT INTO advice_labelend (signoff_id, why, ended_on) VALUES ('{}', '{}', current_date)"
END_BY = "INSERT INTO advice_labelend (signoff_id, why, ended_on, ended_by_id) VALUES ('{}', 'gone', current_date, {})"
LEAVE = "UPDATE accounts_user SET is_active = false WHERE id = '{}'"
COLUMNS = "title, short, body, sources, treatments, facets, related, aliases, changed_on"
BEGIN = f"""
    INSERT INTO advice_version (id, article_id, number, state, {COLUMNS})
    SELECT gen_random_uuid(), article_id, 99, 'live', {COLUMNS} FROM advice_version WHERE id = '{{}}'
"""
CHANGES = {
    "title": "'Another'",
    "short": "'Another.'",
    "body": "body || ' and more'",
    "sources": "'[]'",
    "treatments": "ARRAY['t01']",
    "facets": "ARRAY['s1']",
    "related": "ARRAY['else']",
    "aliases": "ARRAY['else']",
}


class Ground:
    """An article in every state a version can have, one of them signed."""

    def __init__(self) -> None:
        self.live = written.live("one")
        self.signature = written.signed(self.live)
        self.waits = written.waiting(written.edited(self.live, short="Waits."))
        self.draft = written.draft("two")
        self.empty = written.draft("three", short="")
        self.other = written.live("four")
        self.replaced = written.live("five")
        written.publish(written.edited(self.replaced, short="New."))
        self.clinician = written.clinician()
        self.editor = written.editor()
        self.left = make.member(role=Role.CLINICIAN)
        self.left.is_active = False
        self.left.save()

    @property
    def versions(self) -> dict[str, Version]:
        return {"live": self.live, "waiting": self.waits, "superseded": self.replaced}

    def sign(self, version: Version, **changes: str) -> str:
        plain = {"by": str(self.clinician.pk), "on": "current_date", "due": "current_date + 90", "corrects": "NULL"}
        return SIGN.format(version=version.pk, **plain | changes)


def attempts(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    """Yield every forbidden write by name."""
    for name, version in ground.versions.items():
        for column, value in CHANGES.items():
            yield (
                f"{name}: change {column}",
                (f"UPDATE advice_version SET {column} = {value} WHERE id = '{version.pk}'",),
            )
        yield f"{name}: delete", (f"DELETE FROM advice_version WHERE id = '{version.pk}'",)
        for state in State:
            if state != version.state and state not in MOVES[State(version.state)]:
                yield f"{name}: becomes {state}", (MOVE.format(state, version.pk),)
    yield (
        "what waits goes live unsigned",
        (
            MOVE.format("superseded", ground.live.pk),
            END.format(ground.signature.pk, "edited"),
            MOVE.format("live", ground.waits.pk),
        ),
    )
    yield "a version begins live", (BEGIN.format(ground.draft.pk),)
    yield "half an article goes live", (MOVE.format("live", ground.empty.pk),)
    yield "a version changes its place", (f"UPDATE advice_version SET number = 70 WHERE id = '{ground.draft.pk}'",)
    yield "a label outlives its version", (MOVE.format("superseded", ground.live.pk),)
    yield "an address changes", (f"UPDATE advice_article SET slug = 'other' WHERE id = '{ground.live.article_id}'",)
    yield "an article goes", (f"DELETE FROM advice_article WHERE id = '{ground.live.article_id}'",)
    yield from _signatures(ground)


def _signatures(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    yield "an editor signs", (ground.sign(ground.other, by=str(ground.editor.pk)),)
    yield "who left signs", (ground.sign(ground.other, by=str(ground.left.pk)),)
    yield "nobody signs", (ground.sign(ground.other).replace(f"'{ground.clinician.pk}'", "NULL"),)
    yield "a draft is signed", (ground.sign(ground.draft),)
    yield "what was replaced is signed", (ground.sign(ground.replaced),)
    yield "signed yesterday week", (ground.sign(ground.other, on="current_date - 8"),)
    yield "signed for tomorrow week", (ground.sign(ground.other, on="current_date + 8"),)
    yield "signed for four years", (ground.sign(ground.other, due="current_date + 1461"),)
    yield "due before it was read", (ground.sign(ground.other, due="current_date - 1"),)
    yield "carried from another article", (ground.sign(ground.other, corrects=f"'{ground.signature.pk}'"),)
    yield (
        "carried with a later day",
        (ground.sign(ground.waits, corrects=f"'{ground.signature.pk}'", due="current_date + 300"),),
    )
    yield (
        "carried by another name",
        (ground.sign(ground.waits, corrects=f"'{ground.signature.pk}'", due=f"'{ground.signature.due_on}'"),),
    )
    same = {"name": f"'{ground.signature.name}'", "qualification": f"'{ground.signature.qualification}'"}
    days = {"on": f"'{ground.signature.reviewed_on}'", "due": f"'{ground.signature.due_on}'"}
    carried = ground.sign(ground.waits, corrects=f"'{ground.signature.pk}'", **days)
    for name, words in (("'Alba'", same["name"]), ("'Physiotherapist'", same["qualification"])):
        carried = carried.replace(name, words)
    yield "carried by another clinician", (carried,)
    for column, value in {
        "name": "'Else'",
        "due_on": "due_on + 30",
        "reviewed_on": "reviewed_on + 1",
        "version_id": f"'{ground.other.pk}'",
        "clinician_id": f"'{ground.clinician.pk}'",
    }.items():
        yield f"a signature's {column} changes", (f"UPDATE advice_signoff SET {column} = {value}",)
    back, other = MOVE.format("draft", ground.waits.pk), "UPDATE advice_version SET body = 'x' WHERE id = '{}'"
    yield "what is signed becomes a draft", (ground.sign(ground.waits), back, other.format(ground.waits.pk))
    yield "a signature goes", ("DELETE FROM advice_signoff",)
    ended = END.format(ground.signature.pk, "withdrawn")
    yield "an end is taken back", (ended, "DELETE FROM advice_labelend")
    yield "an end gets another reason", (ended, "UPDATE advice_labelend SET why = 'passed'")
    yield "a label ends twice", (ended, ended)
    leaves = LEAVE.format(ground.signature.clinician_id)
    yield "a label of who signs here ends as of who is gone", (ended_as_gone(ground, ground.editor),)
    for name, by in (("nobody", None), ("a clinician", ground.clinician), ("who left", ground.left)):
        yield f"{name} ends a label of who is gone", (leaves, ended_as_gone(ground, by))


def ended_as_gone(ground: Ground, by: User | None) -> str:
    return END_BY.format(ground.signature.pk, f"'{by.pk}'" if by else "NULL")


@pytest.fixture
def ground(transactional_db: None) -> Ground:
    return Ground()


def test_every_forbidden_write_is_refused(ground: Ground, web_connection: Connection) -> None:
    tries = list(attempts(ground))

    assert len({name for name, _ in tries}) == len(tries) > 50
    assert succeeding(web_connection, tries, *REFUSALS) == []
    assert Version.objects.filter(state=State.LIVE).count() == 3


def test_what_is_allowed_passes_by_the_same_words(ground: Ground, web_connection: Connection) -> None:
    run(
        web_connection,
        (
            ground.sign(ground.other),
            ground.sign(ground.waits),
            END.format(ground.signature.pk, "edited"),
            MOVE.format("superseded", ground.live.pk),
            MOVE.format("live", ground.waits.pk),
            f"UPDATE advice_version SET body = 'x' WHERE id = '{ground.draft.pk}'",
        ),
    )

    assert SignOff.objects.standing(timezone.localdate() + timedelta(days=1)).count() == 2


@pytest.mark.parametrize("role", [Role.EDITOR, Role.LEAD])
def test_who_may_ends_a_label_of_who_is_gone(ground: Ground, web_connection: Connection, role: Role) -> None:
    by = make.member(role=role)
    run(web_connection, (LEAVE.format(ground.signature.clinician_id), ended_as_gone(ground, by)))

    assert not SignOff.objects.filter(end=None).exists()


def test_updates_that_change_nothing_pass(ground: Ground, web_connection: Connection) -> None:
    for table in TABLES[:3]:
        run(web_connection, (f"UPDATE {table} SET id = id",))


def test_a_clinician_who_goes_leaves_the_signature(ground: Ground, web_connection: Connection) -> None:
    run(web_connection, ("UPDATE advice_signoff SET clinician_id = NULL",))

    assert SignOff.objects.get().name == "Alba Hazelmere"


def test_each_guard_is_missed_when_it_is_off(
    ground: Ground, web_connection: Connection, owner_connection: Connection
) -> None:
    tries = list(attempts(ground))
    rows = owner_connection.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relname = ANY (%s)",
        [TABLES],
    ).fetchall()
    unmissed = set()
    for table, name in rows:
        if name not in KEEPS_NO_WRITE_OUT:
            switch = sql.SQL("ALTER TABLE {} {} TRIGGER {}")
            parts = sql.Identifier(table), sql.Identifier(name)
            owner_connection.execute(switch.format(parts[0], sql.SQL("DISABLE"), parts[1]))
            if not passing(web_connection, tries):
                unmissed.add(name)
            owner_connection.execute(switch.format(parts[0], sql.SQL("ENABLE"), parts[1]))

    assert len(rows) >= 5
    assert unmissed == set()


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
