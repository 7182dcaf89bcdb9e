"""The checker against hosts that behave as hosts do, and worse. Nothing here leaves loopback."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from advice import links
from tests.advice.elsewhere import OTHER, PUBLIC, Act, Elsewhere, certificate, leads_to, say

A, B = "https://a.example.org/", "https://b.example.org/"
OK = say("200 OK")


def test_a_page_that_answers_is_asked_once_and_told_nothing(net: Elsewhere) -> None:
    net.page(f"{A}x?y=1", OK)
    assert net.checker().trouble(f"{A}x?y=1#part") == ""
    assert net.asked == ["HEAD a.example.org/x?y=1"]
    assert (net.dialled, net.handshakes) == ([(PUBLIC, 443)], ["a.example.org"])
    names = {line.partition(b":")[0].lower() for line in net.heads[0].split(b"\r\n")[1:] if line}
    assert names == {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"}
    assert b"User-Agent: Mozilla/5.0 (compatible)\r\n" in net.heads[0]


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        ("200 OK", ""),
        ("204 No Content", ""),
        ("401 Unauthorized", ""),
        ("403 Forbidden", ""),
        ("429 Too Many Requests", ""),
        ("404 Not Found", "missing"),
        ("410 Gone", "missing"),
        ("400 Bad Request", "broken"),
        ("500 Internal Server Error", "broken"),
        ("503 Service Unavailable", "broken"),
        ("302 Found", "broken"),
    ],
)
def test_a_status_says_whether_there_is_a_page(net: Elsewhere, status: str, trouble: str) -> None:
    net.page(A, say(status))
    assert net.checker().trouble(A) == trouble


@pytest.mark.parametrize("first", [say("405 Method Not Allowed"), say("500 Oh"), lambda line: line.close()])
def test_a_host_that_dislikes_being_asked_for_the_head_is_asked_for_the_page(net: Elsewhere, first: Act) -> None:
    net.page(A, first, method="HEAD")
    net.page(A, OK, method="GET")
    assert net.checker().trouble(A) == ""
    assert net.asked == ["HEAD a.example.org/", "GET a.example.org/"]
    assert net.resolved == ["a.example.org"]


def test_three_redirects_are_followed_and_no_fourth(net: Elsewhere) -> None:
    net.page(A, leads_to(f"{B}1"))
    net.page(f"{B}1", leads_to("/2", "Set-Cookie: seen=1"))
    net.page(f"{B}2", leads_to("//a.example.org/3"))
    net.page(f"{A}3", OK)
    assert net.checker().trouble(A) == ""
    assert net.asked == [
        f"HEAD {one}" for one in ("a.example.org/", *(f"b.example.org/{n}" for n in "12"), "a.example.org/3")
    ]
    assert not [head for head in net.heads if b"cookie" in head.lower() or b"referer" in head.lower()]
    net.page(f"{A}3", leads_to(f"{A}4"))
    net.page(f"{A}4", OK)
    assert net.checker().trouble(A) == "redirects"
    assert "HEAD a.example.org/4" not in net.asked


def test_a_name_is_looked_up_again_after_a_redirect_and_may_have_moved_inside(net: Elsewhere) -> None:
    net.host("a.example.org", PUBLIC)
    net.host("a.example.org", "127.0.0.1")
    net.page(A, leads_to(f"{A}again"))
    net.page(f"{A}again", OK)
    assert net.checker().trouble(A) == "unsafe"
    assert net.dialled == [(PUBLIC, 443)]


def test_an_answer_that_changes_after_the_look_changes_nothing(net: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    net.host("a.example.org", PUBLIC)
    net.host("a.example.org", "127.0.0.1")
    net.page(A, say("405 No"), method="HEAD")
    net.page(A, OK, method="GET")

    def asked(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the system was asked for a name while connecting")

    monkeypatch.setattr(socket, "getaddrinfo", asked)
    assert net.checker().trouble(A) == ""
    assert net.dialled == [(PUBLIC, 443)] * 2
    assert net.resolved == ["a.example.org"]


def test_no_proxy_stands_between(net: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    net.page(A, OK)
    assert net.checker().trouble(A) == ""


def test_the_next_address_is_tried_when_one_takes_no_connection(net: Elsewhere) -> None:
    net.host("a.example.org", PUBLIC, OTHER)
    net.page(A, OK)
    net.deaf = {PUBLIC}
    assert net.checker().trouble(A) == ""
    assert net.dialled == [(PUBLIC, 443), (OTHER, 443)]
    net.deaf = {PUBLIC, OTHER}
    assert net.checker().trouble(A) == "refused"


def test_a_name_that_nobody_knows_is_said_to_be_one(net: Elsewhere) -> None:
    assert net.checker().trouble("https://nowhere.example.org/") == "name"
    assert links.Checker().trouble("https://no-such-name.invalid/") == "name"


def test_a_name_in_letters_of_its_own_is_asked_for_in_ascii(net: Elsewhere) -> None:
    net.page("https://xn--bcher-kva.example.org/%C3%A4?q=%C3%B6", OK)
    assert net.checker().trouble("https://bücher.example.org/ä?q=ö") == ""


def test_another_hosts_certificate_does_not_hold(net: Elsewhere, tmp_path: Path) -> None:
    net.page("https://c.example.org/", OK)
    assert net.checker().trouble("https://c.example.org/") == "certificate"
    stranger = ssl.create_default_context(cafile=str(certificate(tmp_path, "other.example.org")))
    net.page(A, OK)
    assert net.checker(context=stranger).trouble(A) == "certificate"
    assert net.asked == []


def forever(line: ssl.SSLSocket) -> None:
    """Send a page that does not end, as long as somebody listens."""
    line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for sent in range(1000):
        line.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")
        SENT.append(sent)


SENT: list[int] = []


def test_a_page_without_an_end_is_not_read(net: Elsewhere) -> None:
    SENT.clear()
    net.page(A, say("405 No"), method="HEAD")
    net.page(A, forever, method="GET")
    assert net.checker().trouble(A) == ""
    assert len(SENT) < 200


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(400)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 99999999999999999999999 OK\r\n\r\n",
        b"",
    ],
)
def test_what_is_no_answer_is_garbled(net: Elsewhere, answer: bytes) -> None:
    def act(line: ssl.SSLSocket) -> None:
        with suppress(OSError):
            line.sendall(answer)

    net.page(A, act)
    assert net.checker().trouble(A) == "garbled"


def drip(line: ssl.SSLSocket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(300):
        line.sendall(b"X-%d: 1\r\n" % number if number < 50 else b"a")
        time.sleep(0.1)


def on_and_on(line: ssl.SSLSocket) -> None:
    while True:
        line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


@pytest.mark.parametrize("act", [drip, on_and_on, lambda line: threading.Event().wait(8)])
def test_a_host_that_keeps_the_line_is_hung_up_on(net: Elsewhere, act: Act) -> None:
    net.page(A, act)
    begun = time.monotonic()
    assert net.checker(wait_in_all=0.7).trouble(A) == "silent"
    assert time.monotonic() - begun < 3


def test_a_host_that_does_not_shake_hands_is_hung_up_on(net: Elsewhere) -> None:
    net.silent.set()
    net.page(A, OK)
    begun = time.monotonic()
    assert net.checker(wait_in_all=0.7).trouble(A) == "silent"
    assert time.monotonic() - begun < 3


def test_one_host_is_asked_once_a_second_and_another_at_once(net: Elsewhere) -> None:
    slept: list[tuple[int, float]] = []
    checker = net.checker(sleep=lambda seconds: slept.append((len(net.asked), seconds)), clock=lambda: 100.0)
    net.page(A, say("405 No"), method="HEAD")
    net.page(A, leads_to(B), method="GET")
    net.page(B, OK)
    assert checker.trouble(A) == ""
    assert slept == [(0, 0.0), (1, 1.0), (2, 0.0)]
    checker.trouble(B)
    assert slept[3:] == [(3, 1.0)]


def test_connections_are_made_to_numbers_only() -> None:
    with pytest.raises(ValueError, match="localhost"):
        links.dial("localhost", 443, 1.0)
