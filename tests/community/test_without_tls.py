"""Where SSL_REDIRECT asks for TLS, people who come without it are led on, programs are refused, probes answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from community.without_tls import NOT_LED_ON, PROBES, PROGRAMS
from tests import make
from tests.architecture.crawling import addresses
from tests.chromium import answers, free_port, serve, stop
from tests.community.running import get, status

pytestmark = pytest.mark.django_db(transaction=True)
LIVE = "live/counts"
OPEN, SECURE = "X-Forwarded-Proto: http", "X-Forwarded-Proto: https"


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The site behind a proxy, which takes both."""
    port = free_port()
    with django_db_blocker.unblock():
        process = serve(port, SSL_REDIRECT="1", BEHIND_PROXY="1")
    try:
        answers(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        stop(process)


@pytest.mark.parametrize("path", [*PROGRAMS, LIVE])
def test_a_program_is_refused_and_not_led_on(port: int, path: str, key_known: None) -> None:
    for said in ([OPEN], [], ["X-Forwarded-Proto: http, https"]):
        answer = get(port, f"/{path}", *said)
        assert status(answer) == 403
        assert b"\r\nlocation:" not in answer.lower()
        assert b"answers over HTTPS only" in answer
    assert status(get(port, f"/{path}", SECURE, method="HEAD")) == 200


@pytest.mark.parametrize("path", PROBES)
def test_a_probe_is_answered(port: int, path: str, key_known: None) -> None:
    for said in ([OPEN], [], [SECURE]):
        assert status(get(port, f"/{path}", *said)) in {200, 503}


@pytest.mark.parametrize("path", ["/", "/stories/", "/help-now/", "/live", "/feed.atom/", "/healthz/"])
def test_people_are_led_on(port: int, path: str) -> None:
    answer = get(port, path, OPEN)
    assert status(answer) == 301
    assert f"\r\nlocation: https://localhost{path}\r\n".encode() in answer.lower()


def test_whatever_is_no_page_is_known_to_be_for_programs(settings: Any, key_known: None) -> None:
    one, client = make.published(), Client()
    found = set()
    for where in addresses([one.pk], [one.pk], []):
        answer = client.get(where, secure=True)
        if answer.status_code in {200, 503} and not answer.headers["Content-Type"].startswith("text/html"):
            found.add(where.partition("?")[0].lstrip("/"))
    assert found == {*PROGRAMS, *PROBES}
    assert settings.SECURE_REDIRECT_EXEMPT == NOT_LED_ON


def test_without_the_setting_nobody_is_refused(running_site: Any, key_known: None) -> None:
    for path in PROGRAMS:
        assert status(get(running_site.port, f"/{path}")) == 200
