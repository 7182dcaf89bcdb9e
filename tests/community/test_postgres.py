"""The embedded server starts wherever it is put and keeps what it was given."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from community import children, postgres, programs
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
        with pytest.raises(OperatorError, match=r"^The data directory .* cannot be written; set DATA_DIR.*\.$"):
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


def test_full_disk_is_one_sentence(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 100, 0))
    with pytest.raises(postgres.PostgresError, match=r"^The disk of .* is full"):
        postgres.Server(postgres.place(top / "data")).start()


def test_link_in_the_place_of_the_cluster_is_refused(top: Path) -> None:
    place = postgres.place(top / "data")
    (top / "elsewhere").mkdir()
    place.home.symlink_to(top / "elsewhere")
    with pytest.raises(postgres.PostgresError, match="belongs to somebody else"):
        postgres.Server(place).start()
    place.home.unlink()
    assert list((top / "elsewhere").iterdir()) == []


def test_failing_programs_are_one_sentence_with_their_reason(top: Path) -> None:
    binaries = top / "bin"
    binaries.mkdir(mode=0o755)
    for name, words in (("initdb", "initdb: error: no luck"), ("postgres", "FATAL:  no luck either")):
        (binaries / name).write_text(f'#!/bin/sh\necho "{words}" >&2\nexit 1\n')
        (binaries / name).chmod(0o755)
    place = postgres.place(top / "data")
    with pytest.raises(postgres.PostgresError, match=r"could not make its files: initdb: error: no luck$"):
        postgres.Server(place, binaries=binaries).start()
    start_and_count(place)
    with pytest.raises(postgres.PostgresError, match=r"did not start: FATAL:  no luck either$"):
        postgres.Server(place, binaries=binaries).start()


def test_programs_are_copied_once_for_everybody_to_read(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "ROOTS_PLACE", top / "copies")
    somebody = children.Account(12345, 12345)
    umask = os.umask(0o077)
    try:
        binaries = programs.binaries(somebody)
    finally:
        os.umask(umask)
    version = subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, text=True)
    assert version.stdout.startswith("postgres (PostgreSQL) 18.")
    below = [*next((top / "copies").iterdir()).rglob("*")]
    assert [path for path in below if path.stat().st_mode & 0o044 != 0o044] == []
    (binaries / "kept").touch()
    assert programs.binaries(somebody) == binaries
    assert (binaries / "kept").exists()


def test_secrets_are_made_once_and_private(top: Path) -> None:
    first = local_environment(top / "data")
    assert set(first) == {"SECRET_KEY", "OWNERSHIP_KEYS", "SESSION_KEYS", "ADDRESS_KEYS"}
    assert len(set(first.values())) == 4
    assert local_environment(top / "data") == first
    assert (top / "data" / "keys.env").stat().st_mode & 0o777 == 0o600
