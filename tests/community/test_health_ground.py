from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from django.db import connection

from community import health_ground
from community.headers import bare, page_policy


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


def test_clocks_that_differ_are_named(db: None) -> None:
    assert health_ground.clock() == ""
    with time_machine.travel("2031-01-01T00:00:00Z"):
        assert "seconds from the database's" in health_ground.clock()


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    assert health_ground.disk() == ""
    monkeypatch.setattr(health_ground, "LEAST_FREE_BYTES", usage.total * 2)
    assert "MB are left where" in health_ground.disk()
