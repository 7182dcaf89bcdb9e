from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from community import health_ground
from community.headers import bare, page_policy
from community.place import ADMIN, place


@contextmanager
def site(headers: dict[str, str], status: int = 200) -> Iterator[str]:
    """Serve a page that tells browsers this."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def told(settings: Any, headers: dict[str, str], status: int = 200) -> str:
    with site(headers, status) as settings.SITE_URL:
        return health_ground.told()


def test_the_real_site_tells_browsers_everything(running_site: Any, settings: Any) -> None:
    settings.SITE_URL = running_site.url
    assert health_ground.told() == ""


@pytest.mark.parametrize("name", sorted(bare(page_policy())))
def test_a_header_that_a_proxy_took_or_changed_is_named(settings: Any, name: str) -> None:
    whole = bare(page_policy())
    assert told(settings, whole) == ""
    assert f"{name} is missing" in told(settings, {one: value for one, value in whole.items() if one != name})
    assert f"{name} is *" in told(settings, whole | {name: "*"})


def test_a_proxy_that_compresses_is_named(settings: Any) -> None:
    assert "compressed" in told(settings, bare(page_policy()) | {"Content-Encoding": "gzip"})


def test_over_tls_strictness_is_asked_for(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    said = bare(page_policy())
    del said["Strict-Transport-Security"]
    assert health_ground._untold(said, is_secure=False) == []
    assert health_ground._untold(said, is_secure=True) == ["Strict-Transport-Security is missing"]


def test_a_site_that_does_not_answer_is_named(settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:1"
    assert "does not answer" in health_ground.told()
    assert "answers with 302" in told(settings, {}, 302)


def test_a_database_that_could_lose_texts_is_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        for name in health_ground.SAFE_WRITES:
            cursor.execute("SELECT setting FROM pg_settings WHERE name = %s", [name])
            monkeypatch.setitem(health_ground.SAFE_WRITES, name, cursor.fetchone()[0])
        cursor.execute("SET LOCAL synchronous_commit = on")
        assert health_ground.writes() == ""
        cursor.execute("SET LOCAL synchronous_commit = off")
        assert "synchronous_commit = on" in health_ground.writes()
        cursor.execute("SET LOCAL synchronous_commit = on")
    for name in health_ground.SAFE_WRITES:
        with monkeypatch.context() as other:
            other.setitem(health_ground.SAFE_WRITES, name, "what it is not")
            assert f"{name} = what it is not" in health_ground.writes()


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Give a way to let the kernel say this of its clock, where systemd began the machine or did not."""

    def say(state: int, *, is_machine: bool, synced: bool = False) -> None:
        for name, is_there in {"INIT": is_machine, "TIME_SYNCED": synced}.items():
            path = tmp_path / name
            path.unlink(missing_ok=True)
            if is_there:
                path.touch()
            monkeypatch.setattr(health_ground, name, path)
        monkeypatch.setattr(health_ground, "_kernel_clock", lambda: state)

    return say


def test_the_kernel_says_how_its_clock_is() -> None:
    assert health_ground._kernel_clock() in range(-1, health_ground.CLOCK_UNSET + 1)


def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the site believe that its database is on another machine."""
    known = connection.get_connection_params() | {"host": "db.example"}
    monkeypatch.setattr(connection, "get_connection_params", lambda: known)


def test_a_clock_that_nothing_sets_is_named_where_the_database_has_the_same(
    db: None, kernel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel(health_ground.CLOCK_UNSET, is_machine=True)
    assert "No time server sets it." in health_ground.clock()
    kernel(health_ground.CLOCK_UNSET, is_machine=True, synced=True)
    assert (health_ground.clock(), health_ground.clock_note()) == ("", "")
    kernel(0, is_machine=True)
    assert (health_ground.clock(), health_ground.clock_note()) == ("", "")
    kernel(health_ground.CLOCK_UNSET, is_machine=True)
    elsewhere(monkeypatch)
    assert (health_ground.clock(), health_ground.clock_note()) == ("", ""), "two machines that agree"


@pytest.mark.parametrize("state", [health_ground.CLOCK_UNSET, -1], ids=["not set, in a container", "not told"])
def test_a_clock_of_which_nothing_is_known_is_a_hint_and_no_fault(db: None, kernel: Any, state: int) -> None:
    kernel(state, is_machine=state == -1)
    assert health_ground.clock() == ""
    assert "is not known here" in health_ground.clock_note()


def test_clocks_that_differ_are_named(db: None, kernel: Any) -> None:
    kernel(0, is_machine=True)
    assert health_ground.clock() == ""
    with time_machine.travel("2031-01-01T00:00:00Z"):
        assert "seconds from the database's" in health_ground.clock()


def test_a_full_disk_is_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    assert health_ground.disk() == ""
    monkeypatch.setattr(health_ground, "LEAST_FREE_BYTES", usage.total * 2)
    assert "MB are left where" in health_ground.disk()


def test_the_disk_of_a_database_here_is_looked_at_too(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    settings.EMBEDDED, told = False, dict[str, str]()
    monkeypatch.setattr(health_ground, "_set", lambda names: {name: told[name] for name in names if name in told})
    assert health_ground.disk_note().endswith("; not at the database's own files, whose place is not known here")
    told["data_directory"] = str(tmp_path)  # a role that may know it
    assert str(tmp_path) in health_ground.disk_note()
    assert "not known" not in health_ground.disk_note()
    usage, full = shutil.disk_usage, shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full if path == tmp_path else usage(path))
    assert health_ground.disk() == f"0 MB are left where {tmp_path} is. Make room: a full disk ends everything."
    told["data_directory"] = str(tmp_path / "of another machine, behind a tunnel")
    assert health_ground.disk() == ""
    told["data_directory"] = str(tmp_path)
    elsewhere(monkeypatch)
    assert health_ground.disk() == ""


def test_the_owner_is_asked_where_the_database_is(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    if settings.EMBEDDED:
        cluster, settings.EMBEDDED = place(settings.DATA_DIR), False
        monkeypatch.setenv("DATABASE_OWNER_URL", cluster.url(ADMIN))
        assert str(cluster.home / "data") in health_ground.disk_note()
        monkeypatch.setenv("DATABASE_OWNER_URL", cluster.owner_url)
        assert "not known here" in health_ground.disk_note(), "the owner of the tables alone may not know it"
        settings.EMBEDDED = True
        assert str(cluster.home) in health_ground.disk_note(), "of our own server it is known anyway"
        settings.EMBEDDED = False
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://nobody@127.0.0.1:1/none")
    assert "not known here" in health_ground.disk_note()


def test_doctor_says_what_it_looked_at(db: None) -> None:
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    assert f"ok     Disk: looked at {health_ground._kept()[0]}" in out.getvalue()
