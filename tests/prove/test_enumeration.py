"""Proof 5: time does not tell which names exist, in so many mixed tries of each kind, of one process.

A password costs a fifth here, or what else differs would be lost beside it; one that is not checked shows all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts import backends
from tests.accounts.timing import area, middle, times_of
from tests.accounts.tries import NOBODY, OPEN, Acts, everybody, joining, recovering, signing_in, taking

pytestmark = [pytest.mark.django_db, pytest.mark.prove]
# Of each kind. Alike, two kinds land outside once in two thousand times (the area's deviation is 0.0144); and all of
# them together once in two hundred.
TRIES = 800
ALIKE = (0.45, 0.55)


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """People whose passwords cost something, as the tests beside this one spare it."""
    costs = {"time_cost": 2, "memory_cost": 20_480, "parallelism": 1}
    for name, cost in costs.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, cost)
    made = backends.nobodys
    made.cache_clear()
    everybody()
    yield
    made.cache_clear()


@pytest.mark.parametrize("made", [signing_in, joining, taking, recovering])
def test_time_does_not_tell_who_is_there(people: None, made: Callable[[], Acts]) -> None:
    times = times_of(made(), TRIES)
    first, *others = times
    found = {f"{first} {one}": area(times[first], times[one]) for one in others}
    print({name: middle(spent) for name, spent in times.items()}, found)

    assert {name: one for name, one in found.items() if not ALIKE[0] <= one <= ALIKE[1]} == {}


def test_a_password_that_is_not_checked_would_tell(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = backends.check_password
    monkeypatch.setattr(backends, "nobodys", lambda: "")
    monkeypatch.setattr(backends, "check_password", lambda typed, kept: bool(kept) and checked(typed, kept))
    acts = {handle: act for handle, act in signing_in().items() if handle in {OPEN, NOBODY}}
    times = times_of(acts, 50)

    assert area(times[NOBODY], times[OPEN]) > 0.8
