"""Limits on guessing: exact however many ask at once, and no weapon against an owner."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from accounts import limits
from accounts.limits import (
    ANYWHERE,
    AT_NAME,
    AT_NAME_FROM_ADDRESS,
    FROM_ADDRESS,
    STEP_FROM_ADDRESS,
    guess,
    second_step,
)
from accounts.models import User
from community.actions import sweep
from tests import make
from tests.accounts.person import contents, sign_in

THREADS = 20
CHECKED = b"do not go together"


@pytest.fixture
def known(transactional_db: None) -> User:
    return make.member()


def hammered(handle: str, tries: int, addresses: int, owner: Client | None = None) -> tuple[int, int]:
    """Try wrong passwords from threads; return how many were checked, and what the owner met half-way through."""
    barrier = threading.Barrier(THREADS)

    def wrong(thread: int) -> int:
        checked = 0
        try:
            barrier.wait()
            for number in range(thread, tries, THREADS):
                if number == tries // 2 and owner is not None:
                    met.append(sign_in(owner, handle, make.PASSWORD).status_code)
                answer = sign_in(Client(REMOTE_ADDR=f"198.51.100.{number % addresses}"), handle, f"wrong {number}")
                checked += CHECKED in answer.content
        finally:
            connections.close_all()
        return checked

    met: list[int] = []
    with ThreadPoolExecutor(THREADS) as threads:
        checked = sum(threads.map(wrong, range(THREADS)))
    return checked, (met or [0])[0]


def test_five_hundred_tries_at_once_are_held_to_the_limit(known: User) -> None:
    checked, _met = hammered(known.handle, 500, 1)

    assert checked == AT_NAME_FROM_ADDRESS.most


def test_many_addresses_get_little_more_and_the_owner_gets_in(known: User) -> None:
    addresses, owner = 40, Client(REMOTE_ADDR="203.0.113.7")

    checked, met = hammered(known.handle, 260, addresses, owner)

    assert met == 302
    assert AT_NAME.most <= checked <= AT_NAME.most + addresses  # without it, 200
    assert sign_in(Client(REMOTE_ADDR="203.0.113.8"), known.handle, make.PASSWORD).status_code == 302


@pytest.mark.django_db
def test_a_name_under_attack_leaves_each_address_one_try() -> None:
    for number in range(AT_NAME.most):
        assert guess("mossy-teapot-17", f"address {number}") is not None

    assert guess("mossy-teapot-17", "a clean one") is not None
    assert guess("mossy-teapot-17", "a clean one") is None
    assert guess("another-teapot-18", "a clean one") is not None


@pytest.mark.django_db
def test_a_site_under_attack_leaves_each_address_one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ANYWHERE", ANYWHERE._replace(most=20))
    for number in range(20):
        assert guess(f"name-{number}", f"address {number}") is not None

    assert guess("one", "a clean one") is not None
    assert guess("two", "a clean one") is None


@pytest.mark.django_db
def test_an_address_has_so_many_tries_at_all_names_and_what_is_right_is_given_back() -> None:
    for number in range(3 * FROM_ADDRESS.most):
        give_back = guess(f"name-{number}", "one address")
        assert give_back is not None
        give_back()
    for number in range(FROM_ADDRESS.most):
        assert guess(f"name-{number}", "one address") is not None

    assert guess("one more", "one address") is None


@pytest.mark.django_db
def test_a_window_ends_and_rows_are_swept(time_machine: object) -> None:
    time_machine.move_to("2026-03-01 12:00Z")
    for _number in range(5):
        assert callable(second_step("an account", "here"))
    assert second_step("an account", "here") == STEP_FROM_ADDRESS
    time_machine.move_to("2026-03-01 12:05:01Z")  # a window ends with its minute, and one of a day with its hour
    assert second_step("an account", "here") == STEP_FROM_ADDRESS
    time_machine.move_to("2026-03-01 12:06:01Z")
    assert callable(second_step("an account", "here"))
    time_machine.move_to("2026-03-02 13:00:01Z")
    sweep()
    assert contents()["accounts_limit"] == []


@pytest.mark.django_db
def test_counts_name_nobody() -> None:
    guess("mossy-teapot-17", "203.0.113.7")

    rows = contents()["accounts_limit"]
    assert len(rows) == 4
    assert not any("teapot" in row or "203.0" in row for row in rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'accounts_limit'")
        assert cursor.fetchone() == ("u",)
