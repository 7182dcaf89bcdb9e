"""The dispatcher, in a real server, spoken to byte by byte."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.community.running import ask, calls, connect, get, read_until, serve, status, told

MEGABYTE = 1024 * 1024
WEBSOCKET = (
    b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("echo") / "log"


@pytest.fixture(scope="module")
def port(log: Path) -> Iterator[int]:
    with serve(log) as port:
        yield port


def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    requests = b"".join(
        b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (n, n, b"x" * n) for n in range(1, 6)
    )

    answers = ask(port, requests + b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    seen = [json.loads(b'{"method"' + part.partition(b"}}")[0] + b"}}") for part in answers.split(b'{"method"')[1:]]
    assert [(one["path"], one["length"]) for one in seen] == [
        *((f"/{n}", n) for n in range(1, 6)),
        ("/last", 0),
    ]


def test_header_with_underscore_is_dropped(port: int) -> None:
    seen = told(get(port, "/", "X-Forwarded-For: 1.1.1.1", "X_Forwarded_For: 6.6.6.6", "X_Other: 1"))["headers"]

    assert seen["HTTP_X_FORWARDED_FOR"] == "1.1.1.1"
    assert "HTTP_X_OTHER" not in seen


def test_cookies_in_several_headers_are_joined_as_cookies(port: int) -> None:
    assert told(get(port, "/", "Cookie: a=1", "Cookie: b=2"))["headers"]["HTTP_COOKIE"] == "a=1; b=2"


def test_raw_query_beyond_ascii_is_quoted(port: int) -> None:
    answer = get(port, "/find?q=grün&r=%20+a%2B")

    assert status(answer) == 200
    assert told(answer)["query"] == "q=gr%C3%BCn&r=%20+a%2B"


@pytest.mark.parametrize("path", ["/a%00b", "/?q=%00", "/?%00", "/live/%00"])
def test_nul_is_refused(port: int, path: str) -> None:
    before = calls(port)

    answer = get(port, path)

    assert 200 <= status(answer) < 500
    assert path.startswith("/live/") or status(answer) == 400
    assert calls(port) == before


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain; charset=unicode_escape",
        "text/plain; a*=nope''%41",
        "text/plain; charset*=utf-8''a%00b",
        "a; charset=\xe9",
    ],
)
def test_body_in_an_unknown_encoding_is_refused(port: int, kind: str) -> None:
    before = calls(port)

    assert status(get(port, "/", f"Content-Type: {kind}")) == 400
    assert calls(port) == before


@pytest.mark.parametrize(
    "line",
    [
        b"GET /\0 HTTP/1.1",
        b"GET /?q=\xff\xfe HTTP/1.1",
        b"GET /\xff HTTP/1.1",
        b"GET /%FF%FE HTTP/1.1",
        b"GET /gr\xc3\xbcn HTTP/1.1",
        b"GET /%ED%A0%80 HTTP/1.1",
        b"GET /?%ZZ%&&==%u0041 HTTP/1.1",
        b"GET //x//../.. HTTP/1.1",
        b"GET http://other/ HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"FOO / HTTP/1.1",
        b"GET / HTTP/1.1\r\nX-Odd: a\0b",
        b"GET / HTTP/1.1\r\nX-Odd: gr\xc3\xbcn \xff",
        b'GET / HTTP/1.1\r\nCookie: \xff\xfe=\xfd; a="\\',
        b"GET / HTTP/1.0",
        WEBSOCKET,
    ],
)
def test_odd_request_is_no_server_error(port: int, line: bytes) -> None:
    connection = b"Upgrade" if line == WEBSOCKET else b"close"
    with connect(port) as wire:
        wire.sendall(line + b"\r\nHost: x\r\nConnection: " + connection + b"\r\n\r\n")
        answer = read_until(wire, b"\r\n\r\n")

    assert status(answer) < 500


def test_head_has_headers_and_no_body(port: int) -> None:
    answer = get(port, "/", method="HEAD")

    assert status(answer) == 200
    assert answer.endswith(b"\r\n\r\n")


def test_unchanged_page_has_no_body(port: int) -> None:
    answer = get(port, "/unchanged/")

    assert status(answer) == 304
    assert answer.endswith(b"\r\n\r\n")


def test_page_is_streamed_as_it_is_made(port: int) -> None:
    answer = get(port, "/pieces/?n=40")

    assert answer.count(b"0000039\n") == 1024


def test_clients_that_do_not_read_give_their_thread_back(port: int) -> None:
    lines = [connect(port) for _ in range(6)]
    for line in lines:
        line.setsockopt(1, 8, 4096)
        line.sendall(b"GET /pieces/?n=900 HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(2.5)

    assert status(get(port, "/calls/")) == 200

    for line in lines:
        line.close()


def test_error_in_a_page_is_djangos_own_answer(port: int) -> None:
    answer = get(port, "/broken/")

    assert status(answer) == 500
    assert b"<h1>Server Error (500)</h1>" in answer
    assert b"secret" not in answer


def test_error_outside_django_shows_nothing_and_logs_only_its_class(port: int, log: Path) -> None:
    answer = get(port, "/outside/")

    assert status(answer) == 500
    assert b"Something went wrong" in answer
    assert b"secret" not in answer
    assert b"a page failed outside Django: RuntimeError" in log.read_bytes()


def test_error_halfway_ends_the_connection(port: int) -> None:
    answer = get(port, "/half/")

    assert answer.endswith(b"first half")


def test_live_paths_do_not_reach_django(port: int) -> None:
    before = calls(port)

    assert get(port, "/live/counts").endswith(b"live")
    assert calls(port) == before
