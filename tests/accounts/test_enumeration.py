"""Nobody finds out which names exist: answers are alike in words, status, size and time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts import actions, backends
from accounts.codes import new_code
from accounts.forms import SALT
from accounts.models import Role, User
from tests import make
from tests.accounts.person import ADULT, bare, sign_in
from tests.accounts.timing import area, middle, times_of

pytestmark = pytest.mark.django_db
TRIES = 400
ALIKE = (0.45, 0.55)
OPEN, CLOSED, NOBODY, STAFF = "mossy-teapot-17", "mossy-kettle-18", "mossy-walnut-19", "mossy-saddle-20"
NEW = "eleven copper kettles"
Acts = Mapping[str, Callable[[], HttpResponse]]


@pytest.fixture
def real_hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a password cost a tenth of what it costs in earnest: what is to be hidden is no smaller for it."""
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 2)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 10_240)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)
    yield


@pytest.fixture
def people(real_hasher: None) -> None:
    """One account that is open, one of staff, one that is closed."""
    hashed = make_password(make.PASSWORD)
    for handle, role in ((OPEN, Role.MEMBER), (CLOSED, Role.MEMBER), (STAFF, Role.MODERATOR)):
        User.objects.create(handle=handle, role=role, password=hashed, is_active=handle != CLOSED)


def signing_in() -> Acts:
    """Return a try with a wrong password at each kind of name, each from an address of its own."""
    numbers = itertools.count()

    def tried(handle: str) -> Callable[[], HttpResponse]:
        def act() -> HttpResponse:
            number = next(numbers)
            address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            return sign_in(Client(REMOTE_ADDR=address), handle, "wrong one here")

        return act

    return {handle: tried(handle) for handle in (OPEN, NOBODY, CLOSED, STAFF)}


def recovering() -> Acts:
    """Return a try with a code that never was, one that was used, and one of a closed account."""
    user, closed = User.objects.get(handle=OPEN), User.objects.get(handle=CLOSED)
    used = actions.issue_codes(user)[0]
    actions.use_recovery_code(used, hashed=user.password)
    codes = {"never": new_code(), "used": used, "closed": actions.issue_codes(closed)[0]}
    numbers = itertools.count()

    def tried(code: str) -> Callable[[], HttpResponse]:
        def act() -> HttpResponse:
            number = next(numbers)
            browser = Client(REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
            return browser.post("/accounts/recovery/", {"code": code, "password": NEW})

        return act

    return {name: tried(code) for name, code in codes.items()}


def curves(acts: Acts) -> dict[str, float]:
    """Return how well time tells the first act from each other one; once more, where chance may have spoken."""
    for _round in range(3):
        times = times_of(acts, TRIES)
        first, *others = acts
        found = {f"{first} {one}": area(times[first], times[one]) for one in others}
        print({name: middle(spent) for name, spent in times.items()}, found)
        if all(ALIKE[0] <= one <= ALIKE[1] for one in found.values()):
            break
    return found


@pytest.mark.parametrize("made", [signing_in, recovering])
def test_time_does_not_tell_who_is_there(people: None, made: Callable[[], Acts]) -> None:
    found = curves(made())

    assert {name: one for name, one in found.items() if not ALIKE[0] <= one <= ALIKE[1]} == {}


def test_a_password_that_is_not_checked_would_tell(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "make_password", lambda password: password)
    acts = {handle: act for handle, act in signing_in().items() if handle in {OPEN, NOBODY}}
    times = times_of(acts, 50)

    assert area(times[NOBODY], times[OPEN]) > 0.9


@pytest.mark.parametrize("made", [signing_in, recovering])
def test_words_status_and_size_do_not_tell_either(people: None, made: Callable[[], Acts]) -> None:
    answers = [act() for act in made().values()]

    assert len({one.status_code for one in answers}) == 1
    assert len({len(one.content) for one in answers}) == 1
    assert len({_without_typed(one) for one in answers}) == 1
    assert len({tuple(sorted((name, value) for name, value in one.headers.items())) for one in answers}) == 1
    assert len({frozenset(one.cookies) for one in answers}) == 1


def _without_typed(answer: HttpResponse) -> bytes:
    """Return a page without its token and without what was typed into it."""
    page = bare(answer)
    for typed in (OPEN, CLOSED, NOBODY, STAFF, *_typed(page)):
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
