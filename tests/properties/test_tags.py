"""Whose text it is: tags of different owners never meet, and a code is one code however it is typed."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.codes import ALPHABET, LENGTH, BadCode, grouped_code, new_code, normal_code
from accounts.keys import SealError
from stories.owners import Owner, person_of

keys = st.binary(min_size=32, max_size=32)
secrets = st.binary(min_size=32, max_size=32)
codes = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)
texts = st.uuids(version=4)
WINDOW = 32


@pytest.fixture(autouse=True)
def _small(request: pytest.FixtureRequest) -> None:
    """Keep the window small: its size changes nothing of what is shown here."""
    request.getfixturevalue("settings").OWNER_WINDOW = WINDOW


modest = hypothesis_settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@modest
@given(key=keys, first=secrets, second=secrets)
def test_tags_of_two_owners_never_meet(settings: Any, key: bytes, first: bytes, second: bytes) -> None:
    settings.OWNERSHIP_KEYS = [key]
    one, other = Owner(first, is_receipt=False), Owner(second, is_receipt=False)
    assert (first == second) == bool(set(one.tags()) & set(other.tags()))


@modest
@given(key=keys, secret=secrets, at=st.integers(0, 31), bit=st.integers(0, 7))
def test_every_bit_of_a_secret_counts(settings: Any, key: bytes, secret: bytes, at: int, bit: int) -> None:
    settings.OWNERSHIP_KEYS = [key]
    near = bytes(byte ^ (1 << bit if place == at else 0) for place, byte in enumerate(secret))
    tags, others = (Owner(one, is_receipt=False).tags() for one in (secret, near))
    assert not set(tags) & set(others)


@modest
@given(one=keys, other=keys, secret=secrets)
def test_tags_under_two_keys_never_meet(settings: Any, one: bytes, other: bytes, secret: bytes) -> None:
    owner = Owner(secret, is_receipt=False)
    settings.OWNERSHIP_KEYS = [one]
    under_one = set(owner.tags())
    settings.OWNERSHIP_KEYS = [other]
    assert (one == other) == bool(under_one & set(owner.tags()))


@modest
@given(key=keys, secret=secrets)
def test_window_is_whole_and_drawn_from(settings: Any, key: bytes, secret: bytes) -> None:
    settings.OWNERSHIP_KEYS = [key]
    owner = Owner(secret, is_receipt=True)
    tags = owner.tags()
    assert len(set(tags)) == WINDOW
    assert {len(tag) for tag in tags} == {32}
    assert owner.draw_tag() in tags
    assert len({owner.draw_tag() for _ in range(40)}) > 1


@modest
@given(new=keys, old=keys, secret=secrets)
def test_old_key_still_finds_and_a_new_one_draws(settings: Any, new: bytes, old: bytes, secret: bytes) -> None:
    owner = Owner(secret, is_receipt=False)
    settings.OWNERSHIP_KEYS = [old]
    before = owner.draw_tag()
    settings.OWNERSHIP_KEYS = [new, old]
    assert before in owner.tags()
    drawn = owner.draw_tag()
    settings.OWNERSHIP_KEYS = [new]
    assert drawn in owner.tags()


@modest
@given(secret=secrets, first=texts, second=texts, other=secrets)
def test_mark_fits_one_owner_and_one_text(
    settings: Any, secret: bytes, first: uuid.UUID, second: uuid.UUID, other: bytes
) -> None:
    settings.OWNERSHIP_KEYS = [b"k" * 32]
    mark = Owner(secret, is_receipt=False).mark(first)
    assert (mark == Owner(secret, is_receipt=False).mark(second)) == (first == second)
    assert (mark == Owner(other, is_receipt=False).mark(first)) == (secret == other)


@modest
@given(key=keys, secret=secrets, text=texts, elsewhere=texts)
def test_person_is_noise_without_the_key(
    settings: Any, key: bytes, secret: bytes, text: uuid.UUID, elsewhere: uuid.UUID
) -> None:
    settings.OWNERSHIP_KEYS = [key]
    owner = Owner(secret, is_receipt=False)
    sealed, again = owner.seal_person(text), owner.seal_person(text)
    assert sealed != again
    assert person_of(text, sealed) == person_of(text, again)
    assert person_of(elsewhere, owner.seal_person(elsewhere)) == person_of(text, sealed)
    if elsewhere != text:
        with pytest.raises(SealError):
            person_of(elsewhere, sealed)
    settings.OWNERSHIP_KEYS = [bytes(byte ^ 1 for byte in key)]
    with pytest.raises(SealError):
        person_of(text, sealed)


@given(code=codes, data=st.data())
def test_code_is_one_code_however_it_is_typed(code: str, data: st.DataObject) -> None:
    typed = ""
    for letter in code:
        typed += data.draw(st.sampled_from(["", "", " ", "-", "–", "\n", "\u00a0"]))
        typed += letter.upper() if data.draw(st.booleans()) else letter
    assert normal_code(typed) == code
    assert normal_code(grouped_code(typed)) == code
    assert Owner.of_code(typed) == Owner.of_code(code)


@given(first=codes, second=codes)
def test_two_codes_are_two_owners(first: str, second: str) -> None:
    assert (Owner.of_code(first) == Owner.of_code(second)) == (first == second)


@given(typed=st.text(max_size=60))
def test_anything_typed_is_a_code_or_refused(typed: str) -> None:
    try:
        bare = normal_code(typed)
    except BadCode:
        return
    assert len(bare) == LENGTH
    assert set(bare) <= set(ALPHABET)


def test_new_codes_are_easy_to_write_down_and_hard_to_guess() -> None:
    drawn = {new_code() for _ in range(500)}
    assert len(drawn) == 500
    assert all(grouped_code(code) == code for code in drawn)
    assert len(ALPHABET) ** LENGTH > 2**118 - 1
    assert not set(ALPHABET) & set("01ilo")


@given(code=codes, secret=secrets)
def test_receipt_and_account_never_meet(code: str, secret: bytes) -> None:
    receipt = Owner.of_code(code)
    assert receipt.is_receipt
    assert receipt.secret != secret
