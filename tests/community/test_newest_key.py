"""A text moves to the newest ownership key when its owner writes, and nothing else does; a key that is needed stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from accounts.codes import new_code
from community import health
from community.actions import rotating
from community.local import OperatorError
from stories.actions import (
    WrongKey,
    accept,
    appeal,
    check_key,
    check_keys,
    decline,
    discard_draft,
    erase_account,
    keys,
    look_at,
    remember_newest_key,
    save_draft,
    save_for_later,
    set_replies,
    submit,
    take_back,
    texts_by_key,
    withdraw,
)
from stories.models import Contribution, Outcome, Publication, Revision, SavedItem
from stories.owners import Owner, person_of
from tests import make
from tests.moderation.dying import dies
from tests.stories.answering import proposal
from tests.stories.test_erasing import noted

__all__ = ["noted"]
pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = b"1" * 32, b"2" * 32, b"3" * 32


@pytest.fixture
def first(settings: Any, key_known: None) -> bytes:
    """The one key of a young site."""
    return bytes(settings.OWNERSHIP_KEYS[-1])


def live(owner: Owner) -> Revision:
    return Revision.objects.get(publication=make.published(owner).pk)


def refused(owner: Owner) -> Revision:
    waits = make.waiting(owner)
    make.decided(waits, Outcome.REFUSE)
    return waits


def proposed(owner: Owner) -> Revision:
    waits = make.waiting(owner)
    proposal(waits, f"{make.TEXT} Yes.")
    return waits


def open_proposal(one: Revision) -> Any:
    return Revision.objects.get(contribution=one.contribution_id, redacts__isnull=False).pk


# What there is before, and what its owner writes.
WRITES: dict[str, tuple[Callable[[Owner], Revision], Callable[[Revision, Owner], Any]]] = {
    "keeping a draft": (make.draft, lambda one, by: save_draft(one.contribution_id, {"title": "Anew"}, owner=by)),
    "sending": (make.draft, lambda one, by: submit(one.contribution_id, owner=by)),
    "an edit": (live, lambda one, by: save_draft(one.contribution_id, {"title": "Anew"}, owner=by)),
    "taking back": (make.waiting, lambda one, by: take_back(one.contribution_id, owner=by)),
    "no answers": (live, lambda one, by: set_replies(one.contribution_id, wanted=False, owner=by)),
    "withdrawing": (live, lambda one, by: withdraw(one.contribution_id, owner=by)),
    "an appeal": (refused, lambda one, by: appeal(one.contribution_id, text="Please look.", owner=by)),
    "yes": (proposed, lambda one, by: accept(one.contribution_id, proposal=open_proposal(one), owner=by)),
    "no": (
        proposed,
        lambda one, by: decline(one.contribution_id, proposal=open_proposal(one), owner=by, own_words=True),
    ),
}


@pytest.mark.parametrize("of", ["account", "receipt"])
@pytest.mark.parametrize("what", WRITES)
def test_what_its_owner_writes_on_is_found_under_the_newest_key_alone(
    what: str, of: str, first: bytes, settings: Any, noted: object
) -> None:
    begins, writes = WRITES[what]
    owner = make.owner(make.member()) if of == "account" else Owner.of_code(new_code())
    one, other, story = begins(owner), make.waiting(owner), make.published()
    save_for_later(story, owner=owner)
    before = {row.pk: row for row in Contribution.objects.all()}
    settings.OWNERSHIP_KEYS = [SECOND, first]
    assert remember_newest_key()

    writes(one, owner)

    after = {row.pk: row for row in Contribution.objects.all()}
    moved = {pk for pk, row in after.items() if bytes(row.owner_tag) != bytes(before[pk].owner_tag)}
    assert moved == {one.contribution_id}
    assert texts_by_key() == {SECOND: 1, first: 2}
    assert set(SavedItem.objects.saved_by(owner).values_list("contribution_id", flat=True)) == {story.pk}
    persons = {person_of(pk, bytes(after[pk].person_seal)) for pk in (one.contribution_id, other.contribution_id)}
    assert len(persons) == 1, "one person is one also under two keys"
    assert bytes(after[one.contribution_id].voice) == bytes(before[one.contribution_id].voice)
    settings.OWNERSHIP_KEYS = [SECOND]
    assert {row.pk for row in Contribution.objects.owned_by(owner)} == {one.contribution_id}
    settings.OWNERSHIP_KEYS = [first]
    assert {row.pk for row in Contribution.objects.owned_by(owner)} == {other.contribution_id}


def test_what_is_read_thrown_away_or_left_moves_nothing(first: bytes, settings: Any, noted: object) -> None:
    """A text that stays when its account is erased must not move: in two copies that would show whose it was."""
    user = make.member()
    owner = make.owner(user)
    stays, edited = make.published(owner), make.published(owner)
    make.draft(owner, contribution=edited.pk)
    tags = dict(Contribution.objects.values_list("pk", "owner_tag"))
    settings.OWNERSHIP_KEYS = [SECOND, first]
    assert remember_newest_key()
    look_at(stays.pk, owner=owner)
    discard_draft(edited.pk, owner=owner)
    erase_account(user, keeps=lambda _pk: True, also=lambda _owner: None)
    assert dict(Contribution.objects.values_list("pk", "owner_tag")) == tags


def test_a_full_window_holds_no_text_back(first: bytes, settings: Any) -> None:
    settings.OWNER_WINDOW, owner = 3, make.owner(make.member())
    texts = [make.draft(owner) for _ in range(3)]
    settings.OWNERSHIP_KEYS = [SECOND, first]
    assert remember_newest_key()
    for one in texts:
        save_draft(one.contribution_id, {"title": "Anew"}, owner=owner)
    assert texts_by_key() == {SECOND: 3}


def rotated() -> str:
    said = io.StringIO()
    call_command("rotate_keys", stdout=said)
    return said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_key_between_goes_when_no_text_needs_it_and_not_before(first: bytes, settings: Any) -> None:
    owner = make.owner(make.member())
    make.draft(owner)
    settings.OWNERSHIP_KEYS = [SECOND, first]
    assert remember_newest_key()
    texts = [make.draft(owner) for _ in range(2)]
    settings.OWNERSHIP_KEYS = [THIRD, SECOND, first]
    assert "Number 2 is needed by 2 texts." in rotated()

    settings.OWNERSHIP_KEYS = [THIRD, first]
    todo = {check.subject: check.ask() for check in health.READINESS}
    assert "OWNERSHIP_KEYS lacks a key that texts here still need" in todo["Ownership key"]
    assert check_keys() == ["OWNERSHIP_KEYS"]
    with pytest.raises(WrongKey):
        check_key()
    with pytest.raises(WrongKey):
        make.draft(owner)
    with pytest.raises(OperatorError, match="OWNERSHIP_KEYS do not fit"):
        rotated()

    settings.OWNERSHIP_KEYS = [THIRD, SECOND, first]
    for one in texts:
        save_draft(one.contribution_id, {"title": "Anew"}, owner=owner)
    assert "Number 2 may go" in rotated()
    settings.OWNERSHIP_KEYS = [THIRD, first]
    assert check_keys() == []
    check_key()
    assert Contribution.objects.owned_by(owner).count() == 3
    # The newest has texts from now on, so it does not go either.
    settings.OWNERSHIP_KEYS = [first]
    assert check_keys() == ["OWNERSHIP_KEYS"]
    assert not Publication.objects.exists()


def starts_with(settings: Any, *ownership: bytes) -> None:
    """Start anew under these keys: a process remembers which fitted."""
    keys._known_keys.clear()
    settings.OWNERSHIP_KEYS = list(ownership)


def test_nothing_is_written_under_a_key_that_the_database_does_not_know(first: bytes, settings: Any) -> None:
    """Otherwise it could be lost, or taken out again, and what was written under it with it, and nobody would see."""
    owner = make.owner(make.member())
    starts_with(settings, SECOND, first)
    with pytest.raises(WrongKey):
        make.draft(owner)
    assert not Contribution.objects.exists()
    todo = {check.subject: check.ask() for check in health.READINESS}
    assert todo["Ownership key"].endswith("Run: manage.py remember_key")

    call_command("remember_key", stdout=io.StringIO())
    make.draft(owner)
    starts_with(settings, THIRD, SECOND, first)
    call_command("remember_key", stdout=io.StringIO())
    for without in ([SECOND, first], [THIRD, first], [first]):
        starts_with(settings, *without)
        with pytest.raises(WrongKey):
            make.draft(owner)
        with pytest.raises(OperatorError, match="OWNERSHIP_KEYS do"):
            call_command("remember_key")
    starts_with(settings, THIRD, SECOND, first)
    make.draft(owner)
    assert Contribution.objects.owned_by(owner).count() == 2


@pytest.mark.django_db(transaction=True)
def test_changing_keys_notes_the_newest_before_it_seals_anything(first: bytes, settings: Any) -> None:
    make.draft()
    cut_off = 0
    for before in range(4, 60, 2):
        starts_with(settings, SECOND, first)
        if not dies(lambda: call_command("rotate_keys", stdout=io.StringIO()), before=before):
            break
        if not list(rotating.COLUMNS["Texts"].old()):
            cut_off += 1
            starts_with(settings, first)
            assert check_keys() == ["OWNERSHIP_KEYS"], "a key that sealed something is asked for"
    assert cut_off
