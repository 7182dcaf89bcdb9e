"""The live counts, in a real server, from PostgreSQL's commit to the open page."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.community.running import connect, free_port, get, read_until, serve

STREAMS = 30
HEARTBEAT = 1.5
CHANGE = (
    "INSERT INTO community_counter (name, value) VALUES (%s, %s) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def database(**changed: Any) -> str:
    """Give the test database to another process, as the role that the site itself is."""
    known = connection.settings_dict
    names = ("ENGINE", "NAME", "HOST", "PORT", "OPTIONS")
    role = {"USER": settings.WEB_ROLE, "PASSWORD": settings.WEB_PASSWORD}
    return json.dumps({**{name: known[name] for name in names}, **role, **changed})


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live") / "log"


@pytest.fixture(scope="module")
def port(django_db_setup: None, log: Path) -> Iterator[int]:
    with serve(log, ECHO_DATABASE=database(), ECHO_STREAMS=str(STREAMS), ECHO_HEARTBEAT=str(HEARTBEAT)) as port:
        yield port


class Page:
    """An open page: its connection and the counts that it was told."""

    def __init__(self, port: int, *headers: bytes) -> None:
        self.line = connect(port)
        lines = [b"GET /live/counts HTTP/1.1", b"Host: localhost", *headers]
        self.line.sendall(b"\r\n".join(lines) + b"\r\n\r\n")
        self.head, _, self.rest = read_until(self.line, b"\r\n\r\n").partition(b"\r\n\r\n")
        self.status = int(self.head.split(b" ", 2)[1])

    def next_line(self, start: bytes) -> bytes:
        """Read up to a line of the stream with this start."""
        deadline = time.monotonic() + 8
        while not (found := re.search(rb"^(" + re.escape(start) + rb".*)\n", self.rest, re.MULTILINE)):
            assert time.monotonic() < deadline, "nothing came"
            chunk = self.line.recv(65536)
            assert chunk, "the stream ended"
            self.rest += chunk
        self.rest = self.rest[found.end() :]
        return found[1]

    def next_counts(self) -> dict[str, int]:
        return json.loads(self.next_line(b"data: ")[6:])

    def wait_for(self, **counts: int) -> list[dict[str, int]]:
        """Read until the counts are these; give all that was told on the way."""
        told = [self.next_counts()]
        while told[-1] != counts:
            told.append(self.next_counts())
        return told

    def ended(self) -> bool:
        """Read what is left; tell whether the server ended the stream as it should."""
        while chunk := self.line.recv(65536):
            self.rest += chunk
        return self.rest.endswith(b"0\r\n\r\n")


@contextlib.contextmanager
def pages(port: int, number: int) -> Iterator[list[Page]]:
    opened = [Page(port) for _ in range(number)]
    try:
        yield opened
    finally:
        for one in opened:
            one.line.close()


@pytest.fixture
def change(owner_connection: psycopg.Connection[Any]) -> Callable[..., None]:
    """Commit new values of counts."""

    def commit(**counts: int) -> None:
        with owner_connection.transaction():
            for name, value in counts.items():
                owner_connection.execute(CHANGE, [name, value])

    return commit


def test_stream_opens_with_the_counts_as_they_are(port: int, change: Callable[..., None]) -> None:
    change(members=3, shared=2, stories=4, shared_moves=9)

    with pages(port, 1) as (page,):
        retry = int(page.next_line(b"retry: ")[7:])
        page.wait_for(members=3, shared=2, stories=4)
    with pages(port, 1) as (late,):
        first = late.next_counts()

    assert 2_000 <= retry <= 8_000
    assert first == {"members": 3, "shared": 2, "stories": 4}
    assert b"content-type: text/event-stream" in late.head
    for header in (
        b"cache-control: no-store",
        b"x-accel-buffering: no",
        b"x-content-type-options: nosniff",
        b"content-security-policy: default-src 'none'",
        b"cross-origin-resource-policy: same-origin",
        b"referrer-policy: same-origin",
    ):
        assert header in late.head
    assert b"set-cookie" not in late.head


def test_change_reaches_every_open_page_within_a_second(port: int, change: Callable[..., None]) -> None:
    with pages(port, 20) as opened:
        change(members=11)
        for page in opened:
            page.wait_for(members=11, shared=0, stories=0)

        for number in range(12, 16):
            started = time.monotonic()
            change(members=number, stories=1)
            told = [page.next_counts() for page in opened]

            assert time.monotonic() - started < 1
            assert told == [{"members": number, "shared": 0, "stories": 1}] * 20


def test_burst_of_changes_is_told_together(port: int, change: Callable[..., None]) -> None:
    with pages(port, 1) as (page,):
        started = time.monotonic()
        for number in range(100, 141):
            change(members=number)
        took = time.monotonic() - started
        told = page.wait_for(members=140, shared=0, stories=0)

    assert len(told) <= 3 + took / 0.2


def test_undone_change_is_not_told(
    port: int, change: Callable[..., None], owner_connection: psycopg.Connection[Any]
) -> None:
    with pages(port, 1) as (page,):
        change(members=21)
        page.wait_for(members=21, shared=0, stories=0)
        with owner_connection.transaction(force_rollback=True):
            owner_connection.execute(CHANGE, ["members", 99])
        change(members=22)

        assert page.next_counts() == {"members": 22, "shared": 0, "stories": 0}


def test_heartbeat_keeps_the_stream_alive(port: int) -> None:
    with pages(port, 1) as (page,):
        started = time.monotonic()
        page.next_line(b":")
        page.next_line(b":")

    assert time.monotonic() - started < 2 * HEARTBEAT + 1


def test_change_made_while_the_connection_was_lost_is_told(
    port: int, log: Path, change: Callable[..., None], web_connection: psycopg.Connection[Any]
) -> None:
    with pages(port, 3) as opened:
        change(members=31)
        for page in opened:
            page.wait_for(members=31, shared=0, stories=0)

        killed = web_connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'fernway-live' AND datname = current_database()"
        ).fetchall()
        change(members=32)
        told = [page.next_counts() for page in opened]

    written = log.read_bytes()
    assert set(killed) == {(True,)}  # another site on the same database may listen too
    assert b"live counts: no database (" in written
    assert b"terminating connection" not in written  # the class only: a message may hold a row
    assert told == [{"members": 32, "shared": 0, "stories": 0}] * 3


def test_too_many_streams_are_asked_to_come_back_and_closed_ones_make_room(port: int) -> None:
    with pages(port, STREAMS):
        refused = Page(port)
        refused.line.close()
    deadline = time.monotonic() + 3
    while (again := Page(port)).status != 200 and time.monotonic() < deadline:
        again.line.close()
    again.line.close()

    assert refused.status == 503
    assert re.search(rb"\r\nretry-after: \d+", refused.head)
    assert again.status == 200


@pytest.mark.parametrize("path", ["/live/", "/live/counts/", "/live/other", "/live/counts%2F", "/live/%2e%2e/"])
def test_other_live_path_is_not_found(port: int, path: str) -> None:
    assert get(port, path).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_method_is_refused(port: int, method: str) -> None:
    answer = get(port, "/live/counts", "Content-Length: 0", method=method)

    assert answer.startswith(b"HTTP/1.1 405")
    assert b"\r\nallow: GET, HEAD\r\n" in answer


def test_head_of_a_stream_ends_at_once(port: int) -> None:
    answer = get(port, "/live/counts", method="HEAD")

    assert answer.startswith(b"HTTP/1.1 200")
    assert b"text/event-stream" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_stream_stays_open_without_a_database_and_ends_when_the_server_stops(
    django_db_setup: None, tmp_path: Path
) -> None:
    nowhere = database(HOST="127.0.0.1", PORT=str(free_port()))

    with serve(tmp_path / "log", ECHO_DATABASE=nowhere) as port:
        page = Page(port)
        page.next_line(b"retry: ")
        page.next_line(b":")
        assert get(port, "/calls/").startswith(b"HTTP/1.1 200")
        started = time.monotonic()

    assert page.ended()
    page.line.close()
    assert time.monotonic() - started < 2.5
    assert b"Killing" not in (tmp_path / "log").read_bytes()


def test_stream_works_where_the_server_does_not_tell_of_its_start(change: Callable[..., None], tmp_path: Path) -> None:
    change(members=41)

    with (
        serve(tmp_path / "log", interface="asginl", ECHO_DATABASE=database()) as port,
        pages(port, 1) as (page,),
    ):
        page.wait_for(members=41, shared=0, stories=0)
        change(members=42)
        page.wait_for(members=42, shared=0, stories=0)
        page.line.shutdown(socket.SHUT_RDWR)
