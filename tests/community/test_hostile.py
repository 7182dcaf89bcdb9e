"""What no honest browser sends, through the real server: answered fast, with no error of ours, and nothing is left."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import get_resolver

from community.dispatch import dispatcher
from community.problems import refused
from tests import make
from tests.architecture.answers import faults
from tests.architecture.crawling import addresses
from tests.chromium import answers, free_port, serve, stop
from tests.community.running import ask, connect, get, read_all, status

MEGABYTE = 1024 * 1024
FORM = "Content-Type: application/x-www-form-urlencoded"
FILE = (
    b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.html"\r\nContent-Type: text/html\r\n\r\n'
    + b"kanarifile" * 20_000
    + b"\r\n--b--\r\n"
)
MOST_SECONDS = 1.0
MOST_GROWTH = 60 * MEGABYTE


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any, files: Path) -> Iterator[tuple[int, Any]]:
    """The site, with a place of its own for whatever it puts into files."""
    port = free_port()
    with django_db_blocker.unblock():
        process = serve(port, TMPDIR=str(files))
    try:
        answers(f"http://127.0.0.1:{port}/healthz")
        yield port, process
    finally:
        stop(process)


def memory(process: Any) -> int:
    """Return the bytes that a server and its workers hold."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    pages = [int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in (process.pid, *children)]
    return sum(pages) * 4096


def post(path: str, body: bytes, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def plain(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]).encode()


HOSTILE: dict[str, tuple[bytes, set[int]]] = {
    "a body of ten megabytes": (post("/search/", b"q=" + b"x" * 10 * MEGABYTE, FORM), {413}),
    "a hundred thousand fields": (post("/search/", b"&".join(b"f%d=1" % n for n in range(100_000)), FORM), {400}),
    "one name a hundred thousand times": (post("/search/", b"q=1&" * 100_000, FORM), {400}),
    "a hundred thousand fields of a form with a token": (post("/accounts/login/", b"a=1&" * 100_000, FORM), {400, 403}),
    "deep JSON": (post("/search/", b"[" * 500_000, "Content-Type: application/json"), {422}),
    "a packed bomb": (
        post("/search/", gzip.compress(b"q=" + b"x" * 50 * MEGABYTE), FORM, "Content-Encoding: gzip"),
        {400, 422},
    ),
    "a header of 64 KB": (plain("/rules/", "X-Long: " + "x" * 65_536), {431}),
    "a cookie of 64 KB": (plain("/rules/", f"Cookie: {settings.SESSION_COOKIE_NAME}=" + "x" * 65_536), {431}),
    "a megabyte of headers": (plain("/rules/", *(f"X-{n}: " + "x" * 10_000 for n in range(99))), {431}),
    "a thousand headers": (plain("/rules/", *(f"X-{n}: 1" for n in range(1000))), {431}),
    "an address of 20 KB": (plain("/stories/?after=" + "x" * 20_000), {414}),
    "a long way": (plain("/" + "a/" * 3_000), {404}),
    "a thousand parts": (
        post("/search/", b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\n1\r\n' * 1000 + b"--b--\r\n",
             "Content-Type: multipart/form-data; boundary=b"),
        {400},
    ),
    "an endless boundary": (post("/search/", b"x", "Content-Type: multipart/form-data; boundary=" + "b" * 500), {400}),
    "NUL in a form": (post("/search/", b"q=a%00b", FORM), {400}),
    "NUL in JSON": (post("/search/", b'{"q": "\\u0000"}', "Content-Type: application/json"), {422}),
    "a header within a header": (plain("/rules/", "X-A: b\rSet-Cookie: evil=1"), {400}),
    "a folded header": (plain("/rules/", "X-A: b\r\n Set-Cookie: evil=1"), {400, 200}),
    "two hosts": (plain("/rules/", "Host: evil.example"), {400}),
    "another host": (plain("/rules/").replace(b"localhost", b"evil.example"), {400}),
    "a host with a port of words": (plain("/rules/").replace(b"localhost", b"localhost:evil"), {400}),
}  # fmt: skip


@pytest.fixture
def arranged(transactional_db: None, key_known: None) -> Any:
    return make.published()


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_hostile_is_refused_at_once(server: tuple[int, Any], kind: str) -> None:
    (port, process), (request, statuses) = server, HOSTILE[kind]
    get(port, "/rules/")
    before = memory(process)
    begun = time.monotonic()
    answer = sent(port, request)
    took = time.monotonic() - begun
    assert status(answer) in statuses, answer[:200]
    assert b"evil=1" not in answer
    assert took < MOST_SECONDS
    assert memory(process) - before < MOST_GROWTH
    assert status(get(port, "/rules/")) == 200


def sent(port: int, request: bytes) -> bytes:
    """Send a request although the server may answer before its end, and return the answer's head and page."""
    with connect(port) as line:
        with contextlib.suppress(OSError):
            line.sendall(request)
        return read_all(line)


def test_no_address_takes_a_file(arranged: Any, server: tuple[int, Any], files: Path) -> None:
    port, _process = server
    left = set(files.rglob("*"))
    wrong = []
    for where in addresses([arranged.pk], [arranged.pk], []):
        answer = sent(port, post(where, FILE, "Content-Type: multipart/form-data; boundary=b"))
        if not 300 <= status(answer) < 500:
            wrong.append(f"{where}: {status(answer)}")
    assert not wrong, "\n".join(wrong)
    assert set(files.rglob("*")) == left
    assert settings.FILE_UPLOAD_HANDLERS == []
    assert get_resolver().url_patterns, "there were addresses"


OUTSIDE = {
    "400 before Django": (plain("/%00"), 400),
    "413": (post("/search/", b"x" * 2 * MEGABYTE, FORM), 413),
    "414": (HOSTILE["an address of 20 KB"][0], 414),
    "431": (HOSTILE["a header of 64 KB"][0], 431),
    "404": (plain("/no/such/page/"), 404),
    "405": (post("/rules/", b"", FORM), 403),
    "405 with a token's way round": (plain("/stories/new/").replace(b"GET", b"PUT", 1), 403),
    "live, not found": (plain("/live/none"), 404),
    "live, not so": (post("/live/counts", b""), 405),
    "live, from elsewhere": (plain("/live/counts", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"), 403),
    "live": (plain("/live/counts").replace(b"GET", b"HEAD", 1), 200),
    "a page": (plain("/rules/"), 200),
    "a machine's": (plain("/healthz"), 200),
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_answers_of_the_server_have_every_header(server: tuple[int, Any], kind: str) -> None:
    request, expected = OUTSIDE[kind]
    answer = sent(server[0], request)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status(answer) == expected
    told = BytesHeaderParser().parsebytes(head.partition(b"\r\n")[2] + b"\r\n\r\n")
    assert list(faults(dict(told.items()), body)) == []


def test_a_body_that_does_not_come_is_refused_with_every_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BODY_SECONDS", 0.01)
    said: list[Any] = []

    async def never(*_asked: Any) -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": "/search/", "query_string": b""}
    scope["headers"] = [(b"host", b"localhost"), (b"content-length", b"9")]
    asked = dispatcher(never, never, refused)(scope, never, send)
    with ThreadPoolExecutor(1) as pool:  # a browser's driver may run a loop in this thread
        pool.submit(asyncio.run, asked).result()
    head, page = said
    told = {name.decode(): value.decode() for name, value in head["headers"]}
    assert head["status"] == 408
    assert list(faults(told, page["body"])) == []


def test_too_many_cookies_are_told_how_to_go_and_the_text_first(server: tuple[int, Any]) -> None:
    page = sent(server[0], HOSTILE["a cookie of 64 KB"][0]).decode()
    assert page.index("copy your text") < page.index("press Leave")
    way_out = sent(server[0], plain("/leave/", "Cookie: foreign=" + "x" * 40_000)).decode()
    assert status(way_out.encode()) == 303
    assert '"cookies"' in way_out


def test_static_files_have_every_header(server: tuple[int, Any]) -> None:
    page = get(server[0], "/rules/").decode()
    files = {part.split('"', 1)[0] for part in page.split('"/static/')[1:]}
    assert len(files) > 4
    for one in (*files, "img/none.svg"):
        head, _, body = get(server[0], f"/static/{one}").partition(b"\r\n\r\n")
        told = BytesHeaderParser().parsebytes(head.partition(b"\r\n")[2] + b"\r\n\r\n")
        is_there = status(head) == 200
        assert list(faults(dict(told.items()), b"" if is_there else body, static=is_there)) == [], one
        assert (told["Cache-Control"] == "no-store") is not is_there


def test_refusals_are_in_the_readers_language_and_in_the_look(server: tuple[int, Any]) -> None:
    english = get(server[0], "/%00").decode()
    spanish = get(server[0], "/%00", "Accept-Language: es").decode()
    assert '<html lang="en"' in english
    assert '<html lang="es"' in spanish
    assert "site.css" in english or "/static/site." in english
    assert "data-leave " in english
    kept = get(server[0], "/%00", f"Cookie: {settings.LANGUAGE_COOKIE_NAME}=es", "Accept-Language: en").decode()
    assert '<html lang="es"' in kept


def test_the_way_out_works_whatever_a_browser_holds(server: tuple[int, Any]) -> None:
    answer = get(server[0], "/leave/", f"Cookie: {settings.LANGUAGE_COOKIE_NAME}=" + "x" * 65_536)
    assert status(answer) == 303
    assert f"set-cookie: {settings.LANGUAGE_COOKIE_NAME}=".encode() in answer.lower()


def test_slow_headers_hold_up_nobody(server: tuple[int, Any]) -> None:
    lines = [connect(server[0]) for _ in range(200)]
    for line in lines:
        line.sendall(b"GET /rules/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    begun = time.monotonic()
    assert [status(get(server[0], "/rules/")) for _ in range(10)] == [200] * 10
    assert time.monotonic() - begun < 2
    for line in lines:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.close()
    assert status(ask(server[0], plain("/healthz"))) == 200
