"""A running server: one role makes the tables, the other only uses them, and the log holds no text."""

import base64
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import environ
import psycopg
import pytest

from community import postgres, roles
from community.local import OperatorError

ROOT = Path(__file__).resolve().parent.parent.parent


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


@pytest.fixture
def foreign(server: postgres.Place) -> Iterator[dict[str, str]]:
    """Give the addresses of both roles on a server of an operator's own, made by the words of the manual."""
    manual = (ROOT / "docs/operations.md").read_text().partition("```sql\n")[2].partition("```")[0]
    with psycopg.connect(server.url(postgres.ADMIN, "postgres"), autocommit=True) as admin:
        for statement in manual.replace("fernway", "harbour").strip().split("\n"):
            admin.execute(statement)
        where = f"/harbour?host={quote(str(server.socket_dir), safe='')}"
        yield {
            "DATABASE_URL": f"postgres://harbour_web:choose-another@{where}",
            "DATABASE_OWNER_URL": f"postgres://harbour_owner:choose-one@{where}",
        }
        admin.execute("DROP DATABASE harbour WITH (FORCE)")


def manage(command: str, **environment: str) -> str:
    """Run a command outside the local run; return its exit status and what it prints."""
    key = base64.urlsafe_b64encode(bytes(32)).decode()
    secrets = dict.fromkeys(["SECRET_KEY", "OWNERSHIP_KEYS", "SESSION_KEYS", "ADDRESS_KEYS"], key)
    done = subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **secrets, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return f"{done.returncode}\n{done.stdout}{done.stderr}"


def test_on_a_foreign_server_migrate_gives_the_web_role_its_rights_and_no_more(foreign: dict[str, str]) -> None:
    site = {"DATABASE_URL": foreign["DATABASE_URL"]}
    manage("migrate --verbosity 0 --skip-checks", **foreign)
    manage("remember_key", **site)
    assert "An invitation for a new moderator" in manage("create_staff --role moderator", **site)
    said = manage("doctor", **site)
    for subject in ("Database", "Migrations", "Ownership key", "Roles of the database"):
        assert f"ok     {subject}\n" in said
    with psycopg.connect(foreign["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE later (id serial)")
    with psycopg.connect(foreign["DATABASE_URL"], autocommit=True) as web:
        web.execute("INSERT INTO later DEFAULT VALUES")
        web.execute("SELECT procrastinate_register_worker_v1()")
        for refused in ("CREATE TEMPORARY TABLE later (id int)", "TRUNCATE later", "CREATE TABLE more (id int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(refused)


def test_worker_that_cannot_work_ends_with_one_line_that_quotes_nothing(server: postgres.Place) -> None:
    status, said = manage("work", DATABASE_URL=server.url(roles.WEB, "postgres")).split("\n", 1)
    assert status == "1"
    assert said.count("\n") == 1
    assert 'event="the worker ended"' in said
    assert "procrastinate_register_worker" not in said


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
