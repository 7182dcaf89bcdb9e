"""Nobody finds out which names exist: answers are alike in words, status and size; in time, see tests/prove."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.forms import SALT
from tests.accounts.person import ADULT, bare
from tests.accounts.tries import (
    CLOSED,
    EVERY,
    NOBODY,
    OPEN,
    Acts,
    everybody,
    joining,
    recovering,
    signing_in,
    taking,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> None:
    """One account of each kind."""
    everybody()


@pytest.mark.parametrize("made", [signing_in, joining, taking, recovering])
def test_words_status_and_size_do_not_tell_either(people: None, made: Callable[[], Acts]) -> None:
    answers = [act() for act in made().values()]

    assert len({one.status_code for one in answers}) == 1
    assert len({len(bare(one)) for one in answers}) == 1
    assert len({_without_typed(one) for one in answers}) == 1
    # The length of a name that was newly drawn is in the page's.
    assert len({tuple(sorted((dict(one.headers) | {"Content-Length": ""}).items())) for one in answers}) == 1
    assert len({frozenset(one.cookies) for one in answers}) == 1


def _without_typed(answer: HttpResponse) -> bytes:
    """Return a page without its token and without what was typed into it."""
    page = bare(answer)
    for typed in (*EVERY, *_typed(page)):
        page = page.replace(typed.encode(), b"TYPED")
    return page


def _typed(page: bytes) -> list[str]:
    found = page.partition(b'name="code" value="')[2].partition(b'"')[0].decode()
    return [found] if found else []


def test_joining_asks_for_no_name_and_so_tells_none(people: None) -> None:
    pages = []
    for handle in (OPEN, CLOSED, NOBODY):
        cache.clear()
        typed = ADULT | {"handle": f"{signing.dumps(handle, salt=SALT)}x"}
        answer = Client().post("/accounts/signup/", typed)
        pages.append((answer.status_code, bare(answer)))

    assert len(set(pages)) == 1
    assert pages[0][0] == 422


def test_a_page_drawn_for_a_name_that_was_taken_meanwhile_looks_like_one_that_ran_out(people: None) -> None:
    taken, forged = (
        Client().post("/accounts/signup/", ADULT | {"handle": handle})
        for handle in (signing.dumps(OPEN, salt=SALT), "forged")
    )

    assert (taken.status_code, bare(taken)) == (forged.status_code, bare(forged))
