"""The embedded server starts wherever it is put and keeps what it was given; its web role owns nothing."""

import json
import os
import pwd
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import environ
import psycopg
import pytest

from community import children, postgres, programs, roles
from community.local import OperatorError, local_environment


@pytest.fixture
def top() -> Iterator[Path]:
    """Give a directory that every account may enter; what is made in it is cleared away afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="fernway-test-"))
    directory.chmod(0o711)
    yield directory
    for pointer in directory.rglob("postgres.json"):
        shutil.rmtree(json.loads(pointer.read_text())["home"] or pointer.parent, ignore_errors=True)
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Place]:
    """Give one running server for the tests that only ask it something."""
    directory = Path(tempfile.mkdtemp(prefix="fernway-test-"))
    place = postgres.place(directory / "data")
    with postgres.Server(place, durable=False):
        yield place
    postgres.remove(place.data_dir)
    directory.rmdir()


def start_and_count(place: postgres.Place, binaries: Path | None = None) -> int:
    """Start, add one row as the web role, and return how many there are."""
    with postgres.Server(place, durable=False, binaries=binaries):
        with psycopg.connect(place.owner_url) as owner:
            owner.execute("CREATE TABLE IF NOT EXISTS thing (id int GENERATED ALWAYS AS IDENTITY, name text)")
        with psycopg.connect(place.web_url) as web:
            web.execute("INSERT INTO thing (name) VALUES ('one')")
            return int(web.execute("SELECT count(*) FROM thing").fetchone()[0])


def is_alive(number: int) -> bool:
    """Say whether a process runs; what only waits to be reaped does not."""
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes() != b""
    except OSError:
        return False


def as_ordinary_user(directory: Path, act: Callable[[], None]) -> None:
    """Run something without root's rights; it fails here if it fails there."""
    if os.geteuid() != 0:
        act()
        return
    somebody = pwd.getpwnam("nobody")
    os.chown(directory, somebody.pw_uid, somebody.pw_gid)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(somebody.pw_gid)
            os.setuid(somebody.pw_uid)
            act()
            status = 0
        except BaseException:  # noqa: BLE001 - the parent is told by the status, whatever it was
            traceback.print_exc()
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_server_keeps_data_over_a_restart_in_a_path_with_spaces(top: Path) -> None:
    place = postgres.place(top / "a directory with spaces")
    assert start_and_count(place) == 1
    assert start_and_count(postgres.place(top / "a directory with spaces")) == 2


def test_server_starts_in_a_path_longer_than_a_socket_address(top: Path) -> None:
    directory = top / ("d" * 75) / ("e" * 75)
    assert start_and_count(postgres.place(directory)) == 1


def test_server_starts_for_an_ordinary_user_in_a_long_path_with_spaces(top: Path) -> None:
    binaries = programs.binaries(programs.account())
    start_and_count(postgres.place(top / "first"))  # what is imported late is imported now
    home = top / "home"
    home.mkdir()

    def act() -> None:
        place = postgres.place(home / ("a b" * 30) / ("c d" * 30))
        assert start_and_count(place, binaries) == 1
        assert start_and_count(place, binaries) == 2
        assert place.home.stat().st_uid == os.geteuid()
        postgres.remove(place.data_dir)
        assert not place.socket_dir.exists()

    as_ordinary_user(home, act)


def test_server_opens_nobodys_directories(top: Path) -> None:
    closed = top / "closed"
    closed.mkdir(mode=0o700)
    assert start_and_count(postgres.place(closed / "data")) == 1
    assert closed.stat().st_mode & 0o777 == 0o700
    assert (closed / "data").stat().st_mode & 0o777 == 0o700
    assert (closed / "data" / "postgres.json").stat().st_mode & 0o777 == 0o600


def test_server_never_runs_as_root(top: Path) -> None:
    with postgres.Server(postgres.place(top / "data"), durable=False) as running:
        owner = Path(f"/proc/{running.pid}").stat().st_uid
    assert owner != 0
    assert owner == (pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid())


def test_server_starts_again_after_kill(top: Path) -> None:
    place = postgres.place(top / "data")
    first = postgres.Server(place)
    first.start()
    with psycopg.connect(place.owner_url) as owner:
        owner.execute("CREATE TABLE thing (name text)")
    with psycopg.connect(place.web_url) as web:
        web.execute("INSERT INTO thing VALUES ('kept')")
    os.kill(first.pid, signal.SIGKILL)
    assert children.wait_until(lambda: not first.running(), 5)
    first.stop()
    first.start()
    with psycopg.connect(place.web_url) as web:
        assert web.execute("SELECT name FROM thing").fetchall() == [("kept",)]
    first.stop()


def test_server_ends_with_its_parent_and_the_next_one_starts(top: Path) -> None:
    place = postgres.place(top / "data")
    start_and_count(place)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            running = postgres.Server(place)
            running.start()
            os.write(writing, str(running.pid).encode())
            signal.pause()
        finally:
            os._exit(1)
    os.close(writing)
    number = int(os.read(reading, 20))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert start_and_count(place) == 2  # at once, while the old one may still be ending
    assert not is_alive(number)


def test_second_server_on_the_same_directory_is_refused(top: Path) -> None:
    place = postgres.place(top / "data")
    with postgres.Server(place, durable=False) as first:
        with pytest.raises(OperatorError, match="already running"):
            postgres.Server(place, durable=False).start()
        assert first.running()
        with pytest.raises(OperatorError, match="already running"):
            postgres.remove(place.data_dir)
        assert first.running()


def test_unwritable_directory_is_one_sentence(top: Path) -> None:
    home = top / "home"
    home.mkdir()

    def act() -> None:
        home.chmod(0o500)
        with pytest.raises(
            OperatorError, match=r"^The data directory .* cannot be written; set DATA_DIR.*\.$"
        ):
            postgres.place(home / "data")
        with pytest.raises(OperatorError, match="cannot be written"):
            local_environment(home)

    as_ordinary_user(home, act)


def test_file_in_the_way_is_one_sentence(top: Path) -> None:
    (top / "data").write_text("")
    with pytest.raises(OperatorError, match="cannot be written"):
        postgres.place(top / "data")


def test_lost_passwords_are_one_sentence(top: Path) -> None:
    place = postgres.place(top / "data")
    start_and_count(place)
    kept = json.loads((top / "data" / "postgres.json").read_text())
    kept["passwords"][postgres.ADMIN] = "another"
    (top / "data" / "postgres.json").write_text(json.dumps(kept))
    with pytest.raises(postgres.PostgresError, match="passwords kept in"):
        postgres.Server(postgres.place(top / "data")).start()


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


def test_secrets_are_made_once_and_private(top: Path) -> None:
    first = local_environment(top / "data")
    assert set(first) == {"SECRET_KEY", "OWNERSHIP_KEYS", "SESSION_KEYS"}
    assert len(set(first.values())) == 3
    assert local_environment(top / "data") == first
    assert (top / "data" / "keys.env").stat().st_mode & 0o777 == 0o600
