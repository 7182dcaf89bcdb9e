"""Reading is limited by network: generously, without a trace, and never where somebody needs help or sends a text."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.parser import BytesHeaderParser
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from community import pace
from community.dispatch import dispatcher
from community.pace import NETWORKS, Pace, caller_of, network_of
from tests.architecture.answers import faults
from tests.chromium import answers, free_port, stop
from tests.chromium import serve as serve_site
from tests.community.running import ask, get, post, serve, status

HOSPITAL, OTHER = "198.51.100.7", "198.51.100.8"


def from_address(address: str) -> str:
    """Return the header in which a proxy says who asks."""
    return f"X-Forwarded-For: {address}"


def read(port: int, path: str = "/", address: str = HOSPITAL, method: str = "GET") -> int:
    return status(get(port, path, from_address(address), method=method))


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with serve(tmp_path_factory.mktemp("pace") / "log", ECHO_PROXIED="1", ECHO_PAGES_A_MINUTE="1") as port:
        yield port


@pytest.fixture(scope="module")
def spent(port: int) -> int:
    """Let one address read hundreds of pages; from then on it has to wait."""
    begun = time.monotonic()
    found = [read(port) for _ in range(400)]
    assert time.monotonic() - begun < 60, "one more page is free each minute"
    assert found == [200] * 300 + [429] * 100
    return port


def test_what_others_read_is_not_counted_with_it(spent: int) -> None:
    assert [read(spent, address=OTHER) for _ in range(50)] == [200] * 50
    assert read(spent) == 429


@pytest.mark.parametrize("path", ["/help-now/", "/leave/", "/static/css/site.css", "/healthz", "/readyz"])
def test_help_and_the_way_out_go_on(spent: int, path: str) -> None:
    assert [read(spent, path) for _ in range(100)] == [200] * 100


def test_a_text_that_is_sent_is_never_refused(spent: int) -> None:
    for _ in range(50):
        answer = ask(spent, post(9, from_address(HOSPITAL), body=b"some text"))
        assert status(answer) == 200
        assert b'"length": 9' in answer


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "READ"])
def test_no_other_way_of_asking_goes_around_it(spent: int, method: str) -> None:
    assert read(spent, method=method) == 429


@pytest.mark.parametrize("address", ["::ffff:198.51.100.7", f" {HOSPITAL} ", f"192.0.2.1, {HOSPITAL}"])
def test_one_address_has_no_second_spelling(spent: int, address: str) -> None:
    assert read(spent, address=address) == 429


def test_a_house_has_one_network_of_the_newer_addresses(port: int) -> None:
    house = [f"2001:db8:0:7::{number:x}" for number in range(1, 302)]
    assert [read(port, address=one) for one in house] == [200] * 300 + [429]
    assert read(port, address="2001:db8:0:8::1") == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_not_counted(port: int, address: str) -> None:
    assert [read(port, address=address) for _ in range(320)] == [200] * 320


def test_without_a_proxy_nobody_vouches_for_an_address(tmp_path: Path) -> None:
    with serve(tmp_path / "log", ECHO_PAGES_AT_ONCE="1") as port:
        assert [read(port) for _ in range(5)] == [200] * 5


@pytest.fixture(scope="module")
def real(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[tuple[int, Path]]:
    """The site behind a proxy, with very few pages for each network; and what it logs."""
    port, log = free_port(), tmp_path_factory.mktemp("real") / "log"
    with django_db_blocker.unblock(), log.open("wb") as output:
        process = serve_site(
            port, output=output, BEHIND_PROXY="1", PAGES_AT_ONCE="3", PAGES_A_MINUTE="1", LOG_LEVEL="INFO"
        )
    try:
        answers(f"http://127.0.0.1:{port}/healthz")
        yield port, log
    finally:
        stop(process)


@pytest.mark.django_db(transaction=True)
def test_who_has_to_wait_is_told_so_in_the_look_and_the_language_of_the_site(real: tuple[int, Path]) -> None:
    port, log = real
    assert [read(port, "/about/") for _ in range(3)] == [200] * 3
    asked = [from_address(HOSPITAL), "Accept-Language: es"]
    head, _, page = get(port, "/about/", asked[0]).partition(b"\r\n\r\n")
    told = BytesHeaderParser().parsebytes(head.partition(b"\r\n")[2] + b"\r\n\r\n")
    assert status(head) == 429
    assert told["Retry-After"] == str(pace.RETRY_SECONDS)
    assert list(faults(dict(told.items()), page)) == []
    assert b"Please load this page again in half a minute" in page
    assert b'<html lang="es"' in get(port, "/about/", *asked)
    assert read(port, "/about/", OTHER) == 200
    assert read(port, "/help-now/") == 200
    assert read(port, "/leave/") == 303
    assert all(read(port, one.split('"')[0]) == 200 for one in page.decode().split('href="')[1:] if "/static/" in one)
    assert "route=community:about" in log.read_text()
    assert not {word for word in (HOSPITAL, OTHER, "status=429") if word in log.read_text()}


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@given(pauses=some.lists(some.floats(0, 40), min_size=1, max_size=200))
def test_no_stretch_of_time_has_more_than_it_may(pauses: list[float]) -> None:
    clock, taken = Clock(), list[float]()
    limit = Pace(10, 60, clock)
    for pause in pauses:
        clock.now += pause
        if limit._take(b"one"):
            taken.append(clock.now)
    for first in range(len(taken)):
        for last in range(first, len(taken)):
            assert last - first + 1 <= 10 + (taken[last] - taken[first]) + 1e-6


@given(pauses=some.lists(some.floats(1, 40), max_size=200), at_once=some.integers(1, 10))
def test_who_reads_no_faster_than_that_is_never_refused(pauses: list[float], at_once: int) -> None:
    clock = Clock()
    limit = Pace(at_once, 60, clock)
    assert all(limit._take(b"one") for _ in range(at_once)), "the first at once"
    clock.now += at_once
    for pause in pauses:
        clock.now += pause
        assert limit._take(b"one")


def test_many_networks_take_no_more_memory_and_are_forgotten() -> None:
    clock = Clock()
    limit = Pace(300, 120, clock)

    def crowd(first: int) -> int:
        for number in range(first, first + 3 * NETWORKS):
            assert limit._take(network_of(IPv4Address(number)))
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    sizes = [crowd(turn * 3 * NETWORKS) for turn in range(3)]
    tracemalloc.stop()
    assert max(sizes) < 20 * 1024**2
    assert sizes[2] < 1.05 * sizes[0]
    assert len(limit) <= 2 * NETWORKS
    for _ in range(2):
        clock.now += 150
        limit._take(b"one")
    assert len(limit) == 2, "the last one, before and after"


def asked(told: str) -> Any:
    return {"method": "GET", "path": "/", "client": ("10.0.0.2", 1), "headers": [(b"x-forwarded-for", told.encode())]}


def test_a_port_makes_no_other_network_and_nonsense_is_one(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    found = [caller_of(asked(told)) for told in ("192.0.2.7", "192.0.2.7:5678", "[::ffff:192.0.2.7]:9", "x, 192.0.2.7")]
    assert found == [ip_address("192.0.2.7")] * 4
    assert caller_of(asked("[2001:db8::1]:9")) == caller_of(asked("2001:db8::1")) == ip_address("2001:db8::1")
    limit = Pace(2, 1)
    assert [limit.allows(asked(told)) for told in ("nobody", "unknown:1", "_hidden")] == [True, True, False]


@pytest.mark.parametrize("is_decided", [True, False])
def test_a_proxy_that_nobody_told_of_does_not_make_all_wait(settings: Any, is_decided: bool) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.PROXY_DECIDED = 0, is_decided
    limit = Pace(2, 1)
    assert [limit.allows(asked("")) for _ in range(3)] == [True, True, not is_decided]


def test_what_stands_for_a_network_means_nothing_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    here = network_of(ip_address(HOSPITAL))
    assert here == network_of(ip_address(HOSPITAL)) != network_of(ip_address(OTHER))
    assert ip_address(HOSPITAL).packed not in here
    monkeypatch.setattr(pace, "_key", bytes(32))  # that of another process
    assert here != network_of(ip_address(HOSPITAL))


def served(client: str, requests: int) -> float:
    """Return the seconds that the least of pages takes, from an address, through the whole dispatcher."""

    def page(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Length", "0")])
        return [b""]

    async def nothing(*args: Any) -> None:
        return None

    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/", "query_string": b"", "headers": [],
             "client": (client, 1), "server": ("localhost", 80), "scheme": "http", "root_path": ""}  # fmt: skip

    async def run() -> float:
        application = dispatcher(page, nothing)
        best = float("inf")
        for _ in range(requests):
            begun = time.perf_counter()
            await application(dict(scope), nothing, nothing)
            best = min(best, time.perf_counter() - begun)
        return best

    # In a thread: the browser of tests before this one leaves a loop running here.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


def test_counting_costs_little_of_the_least_page(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PAGES_AT_ONCE = 10**9
    with_it, without = list[float](), list[float]()
    for _ in range(5):
        with_it.append(served(HOSPITAL, 200))
        with monkeypatch.context() as changed:
            changed.setattr(Pace, "allows", lambda *_: True)
            without.append(served(HOSPITAL, 200))
    assert min(with_it) < 1.25 * min(without)
