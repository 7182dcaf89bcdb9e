"""Proof 5: time does not tell which names exist, in 400 mixed tries a pair or more, at the real cost of a password."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts import backends
from tests.accounts.timing import area, middle, times_of
from tests.accounts.tries import NOBODY, OPEN, Acts, open_and_closed, recovering, signing_in

pytestmark = [pytest.mark.django_db, pytest.mark.prove]
TRIES, ROUNDS = 200, 4  # of each kind: 400 for each pair that is compared, and as many again, up to four times
ALIKE, SURE = (0.45, 0.55), (0.47, 0.53)


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """People whose passwords cost what they cost in earnest, as the tests beside this one spare it."""
    costs = {"time_cost": 2, "memory_cost": 102_400, "parallelism": 8}
    for name, cost in costs.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, cost)
    made = backends.nobodys
    made.cache_clear()
    open_and_closed()
    yield
    made.cache_clear()


def curves(acts: Acts) -> dict[str, float]:
    """Return how well time tells the first act from each other one, over the tries of all rounds together.

    As long as an area is near the edge there is another round: more tries bring it nearer to what it is.
    """
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _round in range(ROUNDS):
        for name, spent in times_of(acts, TRIES).items():
            times[name] += spent
        first, *others = acts
        found = {f"{first} {one}": area(times[first], times[one]) for one in others}
        print({name: middle(spent) for name, spent in times.items()}, found)
        if all(SURE[0] <= one <= SURE[1] for one in found.values()):
            break
    return found


@pytest.mark.parametrize("made", [signing_in, recovering])
def test_time_does_not_tell_who_is_there(people: None, made: Callable[[], Acts]) -> None:
    found = curves(made())

    assert {name: one for name, one in found.items() if not ALIKE[0] <= one <= ALIKE[1]} == {}


def test_a_password_that_is_not_checked_would_tell(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = backends.check_password
    monkeypatch.setattr(backends, "nobodys", lambda: "")
    monkeypatch.setattr(backends, "check_password", lambda typed, kept: bool(kept) and checked(typed, kept))
    acts = {handle: act for handle, act in signing_in().items() if handle in {OPEN, NOBODY}}
    times = times_of(acts, 30)

    assert area(times[NOBODY], times[OPEN]) > 0.9
