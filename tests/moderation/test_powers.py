"""What the role that serves the site may do to tables and settings: nothing that opens a way past the guards."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import errors, sql

from tests.moderation.forbidden import attempts
from tests.moderation.ground import (
    MOVE,
    PUBLISH,
    RECORD,
    TABLES,
    Attempt,
    Connection,
    Ground,
    digest,
    succeeding,
)

# One for each guard: tried again under every setting that the role may change.
CHOSEN = {
    "publish a waiting revision",
    "publish a withdrawn revision",
    "point at the edit that waits",
    "take an added warning off",
    "leave readers a revision that moved on",
    "change text of a approved revision",
    "delete a waiting revision",
    "move a revision from waiting to superseded",
    "write a revision as approved",
    "move to approved without a decision",
    "decide and leave the case open",
    "decide without a lease",
    "change outcome of a decision",
    "delete a decision",
    "refuse without a letter",
    "change text of a letter",
    "open a second case",
    "close a case as decided",
    "delete a case",
    "write a reply to a reply",
    "move a reply to another story",
    "publish under another story",
    "report what nobody sees",
    "change rules of a report",
    "answer stage for a patient",
    "send a story without a title",
    "close with one of two decisions",
    "a second approval by the first person",
    "end a disagreement as a moderator",
    "publish a proposal that nobody accepted",
    "judge an appeal about one's own decision",
    "show a hidden text without a decision",
    "take down without a decision",
    "write into the record",
    "change the record",
    "take a row out of the record",
    "move the end",
    "publish an end that never was",
    "put into the record: decide",
    "take a text off the page",
    "show a hidden text by publishing it anew",
    "give back by an appeal of before",
    "make a refused revision older",
    "delete a note",
}


@pytest.fixture
def ground(transactional_db: None) -> Ground:
    return Ground()


def powers() -> Iterator[tuple[str, Attempt]]:
    """Yield what only the owner of the tables, or a superuser, may do."""
    for table in (*TABLES, *RECORD):
        for statement in (
            "TRUNCATE {} CASCADE",
            "ALTER TABLE {} DISABLE TRIGGER ALL",
            "ALTER TABLE {} DISABLE TRIGGER USER",
            "ALTER TABLE {} ADD COLUMN more int",
            "ALTER TABLE {} OWNER TO CURRENT_USER",
            "DROP TABLE {} CASCADE",
            "CREATE RULE quiet AS ON DELETE TO {} DO INSTEAD NOTHING",
            "CREATE TRIGGER more BEFORE UPDATE ON {} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE; TRUNCATE {}",
        ):
            yield statement.replace("{}", table), tuple(statement.replace("{}", table).split("; "))
    for statement in (
        "DROP TRIGGER publication_approved ON stories_publication",
        "DROP FUNCTION moderation_publication_guard() CASCADE",
        "ALTER FUNCTION moderation_publication_guard() RESET ALL",
        "CREATE OR REPLACE FUNCTION public.moderation_case_open() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE stories_publication DROP CONSTRAINT publication_month",
        "ALTER TABLE moderation_decision DROP CONSTRAINT decision_has_reason",
        "DROP INDEX case_one_open",
        "ALTER FUNCTION moderation_tell(text, uuid, uuid, uuid, jsonb) SECURITY INVOKER",
        "ALTER FUNCTION moderation_append(text, uuid, uuid, uuid, jsonb) SECURITY DEFINER",
        "CREATE FUNCTION public.coalesce2(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE public.more (id int)",
        "CREATE SCHEMA more",
        "UPDATE pg_catalog.pg_trigger SET tgenabled = 'D'",
        "DELETE FROM pg_catalog.pg_trigger",
        "SET session_replication_role = replica",
        "SET LOCAL session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', false)",
        "SET allow_system_table_mods = on",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
        "CREATE ROLE more SUPERUSER",
        "COPY stories_publication TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
        "DO $$ BEGIN EXECUTE 'ALTER TABLE stories_publication DISABLE TRIGGER USER'; END $$",
    ):
        yield statement, (statement,)


def test_the_role_has_no_power_over_the_tables(ground: Ground, web_connection: Connection) -> None:
    before = digest(web_connection)
    assert succeeding(web_connection, list(powers()), errors.InsufficientPrivilege) == []
    assert digest(web_connection) == before


def test_the_role_changes_no_setting_of_the_server(web_connection: Connection) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        web_connection.execute("ALTER SYSTEM SET session_replication_role = replica")


def test_the_role_cannot_become_another(web_connection: Connection) -> None:
    for (other,) in web_connection.execute("SELECT rolname FROM pg_roles WHERE rolname <> CURRENT_USER").fetchall():
        for verb in ("SET ROLE {}", "SET SESSION AUTHORIZATION {}"):
            with pytest.raises(errors.InsufficientPrivilege):
                web_connection.execute(sql.SQL(verb).format(sql.Identifier(other)))
    assert (
        web_connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles "
            "WHERE rolname = CURRENT_USER"
        ).fetchone()
        == (False,) * 5
    )
    assert web_connection.execute(
        "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = CURRENT_USER"
    ).fetchone() == (0,)


def settings_of(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield every setting of the server with values that differ from its own, whoever may set it."""
    connection.execute("DO $$ BEGIN END $$")  # which loads the settings of the language the guards are written in
    rows = connection.execute(
        "SELECT name, vartype, setting, min_val, max_val, enumvals FROM pg_settings ORDER BY name"
    ).fetchall()
    for name, kind, now, least, most, known in rows:
        if kind == "bool":
            values = ["on" if now == "off" else "off"]
        elif kind == "enum":
            values = [value for value in known if value != now]
        elif kind == "string":
            values = ["pg_temp"]
        else:
            values = [least if now != least else most]
        yield from ((name, value) for value in values)
    yield from ((f"fernway.{name}", value) for name in ("queue_wait_minutes", "guard", "x") for value in ("", "0", "x"))
    yield "pgtrigger.ignore", "all"
    yield from (("search_path", value) for value in ("", "public", "pg_temp, pg_catalog, public"))


def may_set(connection: Connection, name: str, value: str) -> bool:
    """Change a setting for the session, if this role may."""
    try:
        connection.execute("SELECT set_config(%s, %s, false)", [name, value])
    except psycopg.Error:
        return False
    return True


def test_no_setting_opens_a_way(
    ground: Ground, web_login: Callable[[], Connection], web_connection: Connection
) -> None:
    before = digest(web_connection)
    tries = [(name, attempt) for name, attempt in attempts(ground) if name in CHOSEN]
    assert {name for name, _ in tries} == CHOSEN
    changed, opened = set(), []
    for name, value in settings_of(web_connection):
        with web_login() as connection:
            if may_set(connection, name, value):
                changed.add(name)
                opened += [f"{name} = {value}: {one}" for one in succeeding(connection, tries, psycopg.Error)]
    assert opened == []
    assert digest(web_connection) == before
    assert {
        "search_path",
        "row_security",
        "fernway.queue_wait_minutes",
        "plpgsql.variable_conflict",
    } <= changed
    assert "session_replication_role" not in changed


def test_all_settings_together_open_no_way(
    ground: Ground, web_login: Callable[[], Connection], web_connection: Connection
) -> None:
    before = digest(web_connection)
    with web_login() as connection:
        for name, value in settings_of(web_connection):
            # These only stop a statement, or the whole session, before a guard is reached.
            if not name.endswith(("_timeout", "_mem", "_encoding", "_read_only")):
                may_set(connection, name, value)
        assert succeeding(connection, list(attempts(ground)), psycopg.Error) == []
    assert digest(web_connection) == before


def test_tables_of_ones_own_deceive_no_guard(
    ground: Ground, web_login: Callable[[], Connection], web_connection: Connection, owner_connection: Connection
) -> None:
    before = digest(web_connection)
    may = sql.SQL("GRANT TEMPORARY ON DATABASE {} TO PUBLIC").format(sql.Identifier(owner_connection.info.dbname))
    owner_connection.execute(may)  # migrate takes it away; the guards must hold where that was not done
    real = [
        "moderation_decision",
        "moderation_case",
        "stories_revision",
        "stories_statement",
        "accounts_user",
    ]
    with web_login() as connection:
        for table in real:
            connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM public.{table}")
        connection.execute("UPDATE pg_temp.stories_revision SET state = 'approved'")
        connection.execute("UPDATE pg_temp.moderation_decision SET outcome = 'approve'")
        connection.execute(
            "INSERT INTO pg_temp.moderation_decision SELECT d.* FROM pg_temp.moderation_decision AS d LIMIT 1"
        )
        connection.execute(
            "UPDATE pg_temp.moderation_decision SET revision_id = %s, warnings = '{}'",
            [ground.held.revision_id],
        )
        connection.execute("SET search_path = pg_temp, public")
        publish = PUBLISH.format(ground.held.revision_id).replace("stories_publication", "public.stories_publication")
        move = MOVE.format(ground.held.revision_id, "approved").replace("stories_rev", "public.stories_rev")
        tries = [("publish", (publish,)), ("move", (move,))]
        assert succeeding(connection, tries, errors.CheckViolation) == []
        for table, told in {"decision": "moderation_decision", "closing": "moderation_case"}.items():
            connection.execute(f"CREATE TEMP TABLE forged_{table} (LIKE public.{told})")
            connection.execute(
                f"CREATE TRIGGER told AFTER INSERT ON forged_{table} FOR EACH ROW "
                f"EXECUTE FUNCTION public.moderation_record_{table}()"
            )
            with pytest.raises(errors.CheckViolation, match="its own tables"):
                connection.execute(f"INSERT INTO forged_{table} SELECT * FROM public.{told} LIMIT 1")
    assert digest(web_connection) == before
