"""The dispatcher, in a real server, spoken to byte by byte."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from community.body import RefusedError, TooLargeError, announced_length
from tests.community.running import ask, connect, get, read_all, read_until, serve

MEGABYTE = 1024 * 1024
WEBSOCKET = (
    b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("echo") / "log"


@pytest.fixture(scope="module")
def port(log: Path) -> Iterator[int]:
    with serve(log) as port:
        yield port


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def told(answer: bytes) -> dict:
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" in head.lower():
        whole = b""
        while body:
            size, _, body = body.partition(b"\r\n")
            whole, body = whole + body[: int(size, 16)], body[int(size, 16) + 2 :]
        body = whole
    return json.loads(body)


def calls(port: int) -> int:
    return told(get(port, "/calls/"))["calls"]


def post(length: object, *headers: str, body: bytes = b"") -> bytes:
    lines = ["POST /story HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {length}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def chunked(body: bytes, size: int) -> bytes:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_page_receives_body_whole(port: int) -> None:
    body = bytes(range(256)) * 4000

    seen = told(ask(port, post(len(body), body=body)))

    assert (seen["length"], seen["digest"]) == (len(body), hashlib.sha256(body).hexdigest())
    assert seen["headers"]["CONTENT_LENGTH"] == str(len(body))


def test_chunked_body_arrives_whole_with_a_length(port: int) -> None:
    body = b"0123456789" * 20_000

    seen = told(ask(port, chunked(body, 7_001)))

    assert (seen["length"], seen["digest"]) == (200_000, hashlib.sha256(body).hexdigest())
    assert seen["headers"]["CONTENT_LENGTH"] == "200000"
    assert "HTTP_TRANSFER_ENCODING" not in seen["headers"]


@pytest.mark.parametrize("leave", ["half_closed", "closed"])
def test_cut_upload_never_reaches_the_page(port: int, leave: str) -> None:
    before = calls(port)

    with connect(port) as line:
        line.sendall(post(50_010, body=b"x" * 20_000))
        if leave == "half_closed":
            line.shutdown(1)
            answer = read_all(line)
            assert answer == b"" or status(answer) == 400
    time.sleep(0.3)

    assert calls(port) == before


def test_cut_chunked_upload_never_reaches_the_page(port: int) -> None:
    before = calls(port)

    with connect(port) as line:
        line.sendall(chunked(b"x" * 1000, 100)[:-5])
        line.shutdown(1)
        read_all(line)

    assert calls(port) == before


def test_slow_uploads_hold_up_nobody_and_are_dropped(port: int) -> None:
    before = calls(port)
    lines = [connect(port) for _ in range(12)]
    for line in lines:
        line.sendall(post(1000, body=b"ab"))

    started = time.monotonic()
    assert all(status(get(port, "/calls/")) == 200 for _ in range(8))
    quick = time.monotonic() - started
    answers = [read_all(line) for line in lines]
    dropped = time.monotonic() - started
    for line in lines:
        line.close()

    assert quick < 1.2
    assert 1.0 < dropped < 4
    assert [status(answer) for answer in answers] == [408] * 12
    assert calls(port) == before


def test_trickled_upload_is_dropped_in_time(port: int) -> None:
    before = calls(port)
    stop = threading.Event()

    def trickle(line) -> None:
        while not stop.wait(0.1):
            try:
                line.sendall(b"x")
            except OSError:
                return

    with connect(port) as line:
        line.sendall(post(1000))
        sender = threading.Thread(target=trickle, args=(line,))
        sender.start()
        started = time.monotonic()
        answer = read_all(line)
        took = time.monotonic() - started
        stop.set()
        sender.join()

    assert status(answer) == 408
    assert took < 4
    assert calls(port) == before


def test_oversized_upload_is_refused_before_it_is_read(port: int) -> None:
    before = calls(port)
    started = time.monotonic()

    with connect(port) as line:
        line.sendall(post(50 * MEGABYTE, body=b"x" * 10))
        answer = read_until(line, b"</html>")

    assert time.monotonic() - started < 1
    assert status(answer) == 413
    assert b"too long" in answer
    assert b"nosniff" in answer
    assert calls(port) == before


def test_oversized_upload_can_be_sent_to_its_end_and_the_answer_read(port: int) -> None:
    answer = ask(port, post(4 * MEGABYTE, body=b"x" * (4 * MEGABYTE)))

    assert status(answer) == 413
    assert answer.endswith(b"</html>\n")


def test_oversized_chunked_upload_is_refused(port: int) -> None:
    before = calls(port)

    assert status(ask(port, chunked(b"x" * (MEGABYTE + 1), 65_536))) == 413
    assert calls(port) == before


def test_body_of_exactly_the_cap_is_taken(port: int) -> None:
    assert told(ask(port, post(MEGABYTE, body=b"x" * MEGABYTE)))["length"] == MEGABYTE


def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    requests = b"".join(
        b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (n, n, b"x" * n)
        for n in range(1, 6)
    )

    answers = ask(port, requests + b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    seen = [
        json.loads(b'{"method"' + part.partition(b"}}")[0] + b"}}")
        for part in answers.split(b'{"method"')[1:]
    ]
    assert [(one["path"], one["length"]) for one in seen] == [
        *((f"/{n}", n) for n in range(1, 6)),
        ("/last", 0),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5, 6"],
        ["Content-Length: +5"],
        ["Content-Length: 5x"],
        ["Content-Length: -5"],
        ["Content-Length:"],
        ["Content-Length: " + "9" * 5000],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: identity"],
    ],
)
def test_unclear_length_never_reaches_the_page(port: int, headers: list[str]) -> None:
    before = calls(port)
    lines = ["POST / HTTP/1.1", "Host: x", "Connection: close", *headers, "", "hello"]

    answer = ask(port, "\r\n".join(lines).encode())

    assert answer == b"" or 400 <= status(answer) < 500
    assert calls(port) == before


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        ([], None),
        ([(b"content-length", b"0")], 0),
        ([(b"content-length", b"12")], 12),
        ([(b"content-length", b"12, 12"), (b"content-length", b"12")], 12),
        ([(b"transfer-encoding", b"Chunked")], None),
    ],
)
def test_announced_length_is_read(headers: list[tuple[bytes, bytes]], length: int | None) -> None:
    assert announced_length(headers) == length


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        ([(b"content-length", b"")], RefusedError),
        ([(b"content-length", b"1"), (b"content-length", b"2")], RefusedError),
        ([(b"content-length", b"1,2")], RefusedError),
        ([(b"content-length", b"+1")], RefusedError),
        ([(b"content-length", b"1_0")], RefusedError),
        ([(b"content-length", b"0x1")], RefusedError),
        ([(b"content-length", "\u0661".encode())], RefusedError),
        ([(b"content-length", b"9" * 5000)], TooLargeError),
        ([(b"content-length", b"5"), (b"transfer-encoding", b"chunked")], RefusedError),
        ([(b"transfer-encoding", b"gzip, chunked")], RefusedError),
        ([(b"transfer-encoding", b"gzip"), (b"transfer-encoding", b"chunked")], RefusedError),
        ([(b"transfer-encoding", b"identity")], RefusedError),
    ],
)
def test_length_that_two_readers_could_read_differently_is_refused(
    headers: list[tuple[bytes, bytes]], refusal: type[RefusedError]
) -> None:
    with pytest.raises(refusal):
        announced_length(headers)


def test_length_beside_chunks_is_never_two_requests(port: int) -> None:
    before = calls(port)
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"

    ask(port, request + b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert calls(port) <= before + 1


def test_header_with_underscore_is_dropped(port: int) -> None:
    seen = told(get(port, "/", "X-Forwarded-For: 1.1.1.1", "X_Forwarded_For: 6.6.6.6", "X_Other: 1"))[
        "headers"
    ]

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


def test_expecting_client_is_told_to_continue(port: int) -> None:
    with connect(port) as line:
        line.sendall(post(5, "Expect: 100-continue"))
        first = read_until(line, b"\r\n\r\n")
        line.sendall(b"hello")
        answer = read_all(line)

    assert first.startswith(b"HTTP/1.1 100")
    assert told(answer)["length"] == 5


def test_expecting_client_with_too_much_is_refused_at_once(port: int) -> None:
    assert status(ask(port, post(2 * MEGABYTE, "Expect: 100-continue"))) == 413


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
