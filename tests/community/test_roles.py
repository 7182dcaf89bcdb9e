"""A running server: one role makes the tables, the other only uses them, and the log holds no text."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import environ
import psycopg
import pytest

from community import postgres, roles
from community.local import OperatorError


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Place]:
    """Give one running server for the tests that only ask it something."""
    directory = Path(tempfile.mkdtemp(prefix="fernway-test-"))
    place = postgres.place(directory / "data")
    with postgres.Server(place, durable=False):
        yield place
    postgres.remove(place.data_dir)
    directory.rmdir()


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE thing",
        "DROP TABLE thing",
        "ALTER TABLE thing DISABLE TRIGGER ALL",
        "ALTER TABLE thing ADD COLUMN more int",
        "CREATE TABLE another (id int)",
        "CREATE TEMPORARY TABLE thing (id int)",
        "CREATE SCHEMA another",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "SET ROLE fernway_owner",
        "SET SESSION AUTHORIZATION fernway_owner",
        "CREATE DATABASE another",
        "CREATE ROLE another",
        "COPY thing TO '/tmp/thing'",
    ],
)
def test_web_role_is_refused(server: postgres.Place, statement: str) -> None:
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS thing (id int)")
    with psycopg.connect(server.web_url, autocommit=True) as web, pytest.raises(psycopg.Error) as refused:
        web.execute(statement)
    assert refused.value.sqlstate == "42501"


def test_web_role_reads_and_writes_what_the_owner_makes(server: postgres.Place) -> None:
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE made (id serial, name text)")
        owner.execute("CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT 42'")
    with psycopg.connect(server.web_url, autocommit=True) as web:
        web.execute("INSERT INTO made (name) VALUES ('a')")
        web.execute("UPDATE made SET name = 'b'")
        assert web.execute("SELECT id, name, answer() FROM made").fetchall() == [(1, "b", 42)]
        web.execute("DELETE FROM made")


def test_database_made_by_the_owner_gives_the_web_role_its_rights(server: postgres.Place) -> None:
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("CREATE DATABASE test_fernway")
    with psycopg.connect(server.url(roles.OWNER, "test_fernway"), autocommit=True) as owner:
        owner.execute("CREATE TABLE made (id serial)")
        owner.execute("SET ROLE fernway_web")
        owner.execute("INSERT INTO made DEFAULT VALUES")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("TRUNCATE made")


def test_wrong_password_is_refused(server: postgres.Place) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.web_url, password="wrong")


def test_address_is_read_alike_by_django_environ(server: postgres.Place) -> None:
    read = environ.Env.db_url_config(server.web_url)
    assert (read["NAME"], read["USER"], read["PASSWORD"], read["OPTIONS"]) == (
        "fernway",
        "fernway_web",
        server.passwords["fernway_web"],
        {"host": str(server.socket_dir)},
    )


def test_version_is_checked(server: postgres.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    roles.check_version(server.web_url)
    monkeypatch.setattr(roles, "OLDEST_VERSION", 99)
    with pytest.raises(OperatorError, match=r"^Fernway needs PostgreSQL 99 or newer; .* is 18\.\d+\.$"):
        roles.check_version(server.web_url)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgres://a:secret@127.0.0.1:1/x", "cannot be reached"),
        ("mysql://a:secret@127.0.0.1:1/x", "no address of a PostgreSQL server"),
    ],
)
def test_unreachable_server_is_one_sentence_without_the_password(url: str, sentence: str) -> None:
    with pytest.raises(OperatorError, match=sentence) as refused:
        roles.check_version(url)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_server_settings_keep_texts_out_of_its_log(server: postgres.Place) -> None:
    marked = "marked-text-6f1d"
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE checked (name text CHECK (length(name) < 5))")
    for statement in ("INSERT INTO checked VALUES (%s)", "SELECT %s::int", "SELECT %s FROM nowhere"):
        for cursor in (psycopg.Cursor, psycopg.ClientCursor):
            with psycopg.connect(server.web_url, cursor_factory=cursor) as web, pytest.raises(psycopg.Error):
                web.execute(statement, [marked])
    log = (server.data_dir / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert marked not in log


def test_cluster_is_utf8_with_checksums_and_no_network(server: postgres.Place) -> None:
    with psycopg.connect(server.web_url) as web:
        shown = {
            name: web.execute("SELECT current_setting(%s)", [name]).fetchone()[0]
            for name in (
                "server_encoding",
                "data_checksums",
                "listen_addresses",
                "TimeZone",
                "server_version",
            )
        }
        collation = web.execute("SELECT datcollate FROM pg_database WHERE datname = 'fernway'").fetchone()[0]
    assert shown.pop("server_version").startswith("18.")
    assert shown == {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "listen_addresses": "",
        "TimeZone": "UTC",
    }
    assert collation == "C.UTF-8"
