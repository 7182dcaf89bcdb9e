"""Reading of request bodies, in a real server, spoken to byte by byte."""

import hashlib
import threading
import time
from collections.abc import Iterator

import pytest

from community.body import RefusedError, TooLargeError, announced_length
from tests.community.running import ask, calls, connect, get, post, read_all, read_until, serve, status, told

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with serve(tmp_path_factory.mktemp("echo") / "log") as port:
        yield port


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


def test_slow_upload_that_goes_on_arrives(port: int) -> None:
    body = b"0123456789" * 40

    with connect(port) as line:
        line.sendall(post(len(body)))
        for start in range(0, len(body), 100):
            time.sleep(0.7)
            line.sendall(body[start : start + 100])
        answer = read_all(line)

    assert told(answer)["digest"] == hashlib.sha256(body).hexdigest()


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
    assert 4 < took < 9
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
