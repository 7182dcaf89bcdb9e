"""Erasing that is stopped, or in which something else happens: it can go on, and what is said is true."""

from __future__ import annotations

import itertools
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from accounts import journal, keeping
from accounts.actions import issue_codes, keep_reading_choices
from accounts.documents import DOCUMENTS, REQUIRED
from accounts.keeping import ClosedMeanwhile
from accounts.models import Consent, RecoveryCode, Reminder, User
from moderation.actions import report
from moderation.actions.erasing import forget_reports
from moderation.models import Case, Report
from stories.actions import discard_draft, erase_account, erase_text, react, save_draft, save_for_later, submit
from stories.actions.closing import close
from stories.lifecycle import State
from stories.models import EMPTIED, Contribution, Publication, Reaction, Revision, SavedItem
from stories.owners import Owner
from stories.refusals import NotYours, Refused
from tests import make
from tests.moderation.dying import dies
from tests.stories.test_erasing import erase, everything, noted, nothing, rows

__all__ = ["noted"]
LARGE = 8_000_000


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["no folder", "a folder", "full"])
def test_without_the_journal_nothing_is_erased(member: User, settings: Any, noted: Path, trouble: str) -> None:
    places = {"no folder": noted / "not" / "there", "a folder": noted.parent, "full": Path("/dev/full")}
    settings.ERASURE_JOURNAL = places[trouble]
    owner = Owner.of_account(member)
    live = make.published(owner)
    react(make.published(), kind="g1", owner=owner)
    before = rows()
    for keeps in (nothing, everything):
        with pytest.raises(Refused, match="Nothing can be erased at this moment"):
            erase(member, keeps)
    with pytest.raises(Refused, match="Nothing can be erased at this moment"):
        erase_text(live.pk, owner=owner)
    assert rows() == before


@contextmanager
def full_disk(file: Path, *, lines: int = 0) -> Iterator[None]:
    """Let a file take so many lines more; unlike /dev/full, and like a disk, it takes no bytes gladly."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    file.write_text(" " * LARGE)  # so that other files, which what is said goes to, are not full before
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGE + lines * 66, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.django_db
def test_on_a_full_disk_not_even_a_kept_texts_other_versions_go(member: User, noted: Path) -> None:
    live = make.published(Owner.of_account(member))
    make.draft(Owner.of_account(member), contribution=live.pk, text=f"{make.TEXT} begun anew")
    before = rows()
    with full_disk(noted), pytest.raises(Refused, match="nothing was changed"):
        erase(member, everything)
    assert rows() == before
    journal.check()
    assert noted.stat().st_size == LARGE + 66
    assert len(journal.read().last) == 1


@pytest.mark.django_db
def test_a_journal_that_fails_on_the_way_is_no_promise_that_nothing_was_changed(member: User, settings: Any) -> None:
    owner, right = Owner.of_account(member), settings.ERASURE_JOURNAL
    live = make.published(owner)
    make.draft(owner, contribution=live.pk, text=f"{make.TEXT} begun anew")

    def fails(*_given: Any) -> bool:
        settings.ERASURE_JOURNAL = Path("/dev/full")
        return True

    for keeps, also in ((fails, forget_reports), (everything, fails)):
        settings.ERASURE_JOURNAL = right
        with pytest.raises(journal.JournalError):
            erase_account(member, keeps=keeps, also=also)
        assert not Revision.objects.in_state(State.DRAFT).exists()
        assert User.objects.filter(pk=member.pk).exists()
    settings.ERASURE_JOURNAL = right
    erase(member, everything)
    assert not User.objects.filter(pk=member.pk).exists()
    assert Publication.objects.filter(pk=live.pk).exists()


@pytest.mark.django_db
def test_a_draft_that_is_thrown_away_meanwhile_is_in_nobodys_way(member: User) -> None:
    owner = Owner.of_account(member)
    texts = [make.published(owner).pk, make.published(owner).pk]
    drafts = [make.draft(owner).contribution_id for _ in range(2)]

    def in_another_tab(_pk: UUID) -> bool:
        for draft in drafts:
            discard_draft(draft, owner=owner)
        return True

    erase(member, in_another_tab)
    assert not User.objects.filter(pk=member.pk).exists()
    assert set(Publication.objects.values_list("pk", flat=True)) == set(texts)


@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_it_is_ended_by_doing_it_again(key_known: None) -> None:
    """Cut off at any moment, every text is whole or gone, none that is to go is without its owner."""
    kills = 0
    for before in itertools.count(1, 17):
        member = make.member()
        owner = Owner.of_account(member)
        texts = [make.published(owner).pk, make.waiting(owner).contribution_id, make.draft(owner).contribution_id]
        killed = dies(lambda who=member: erase(who), before=before)
        words = Revision.objects.filter(contribution__in=texts).exclude(salt=EMPTIED)
        mine = set(Contribution.objects.owned_by(owner).values_list("pk", flat=True))
        assert set(words.values_list("contribution_id", flat=True)) <= mine
        if not killed:
            break
        kills += 1
        for still_here in User.objects.filter(pk=member.pk):
            erase(still_here)
        assert not words.all().exists()
        assert not Case.objects.filter(revision__contribution__in=texts, closing="").exists()
    assert kills >= 3


LEFT: dict[str, Callable[[Publication, Publication, Owner], Any]] = {
    "a new text": lambda _mine, _others, owner: save_draft(uuid4(), make.words(), owner=owner),
    "a reply": lambda _mine, others, owner: save_draft(uuid4(), make.words(), owner=owner, reply_to=others.pk),
    "an edit": lambda mine, _others, owner: save_draft(mine.pk, make.words(), owner=owner),
    "a sending": lambda mine, _others, owner: submit(mine.pk, owner=owner),
    "a sign": lambda _mine, others, owner: react(others, kind="g1", owner=owner),
    "a saved story": lambda _mine, others, owner: save_for_later(others, owner=owner),
    "a report": lambda _mine, others, owner: report(others, rules=["kind"], text="kanaria", owner=owner),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", LEFT)
def test_nothing_is_left_on_the_way_or_after(member: User, key_known: None, what: str) -> None:
    """Also where a text stays, whose tag finds it to the end: what is written now could never be taken away."""
    owner, stays, others = Owner.of_account(member), make.published(make.owner(member)), make.published()
    told: list[Any] = []

    def leave() -> None:
        try:
            told.append(LEFT[what](stays, others, owner))
        except Exception as error:  # noqa: BLE001 - told to the test
            told.append(error)
        finally:
            connection.close()

    late = Thread(target=leave)

    def meanwhile(_owner: Owner) -> None:
        """Leave something when all that was there is erased, and the account is not yet."""
        late.start()
        late.join(0.5)
        assert late.is_alive()

    erase_account(member, keeps=everything, also=meanwhile)
    late.join()
    assert isinstance(told[0], NotYours)
    with pytest.raises(NotYours):
        LEFT[what](stays, others, owner)
    assert Revision.objects.count() == 2
    assert not any(model.objects.exists() for model in (Reaction, SavedItem, Report))


SWITCHED_ON = {"address": "late@quay.example", "language": "es"}
KEPT: dict[str, Callable[[User], Any]] = {
    "a reminder": lambda user: keeping.switch_on(user, **SWITCHED_ON),
    "new codes": issue_codes,
    "a consent": lambda user: keeping.agree(user, [(code, DOCUMENTS[code].version) for code in REQUIRED]),
    "a look": lambda user: keeping.keep_look(user, theme="dark", language="es"),
    "what to be shown": lambda user: keep_reading_choices(user, ["g1"]),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", KEPT)
def test_nothing_is_kept_with_an_account_that_is_being_closed(member: User, key_known: None, what: str) -> None:
    """Pressed in another tab, it waits for the closing, and then finds nothing to keep it with."""
    told: list[Any] = []

    def keep() -> None:
        try:
            told.append(KEPT[what](member))
        except Exception as error:  # noqa: BLE001 - told to the test
            told.append(error)
        finally:
            connection.close()

    late = Thread(target=keep)
    with transaction.atomic():
        close(User.objects.get(pk=member.pk))
        late.start()
        late.join(0.5)
        assert late.is_alive()
    late.join()
    assert len(told) == 1
    assert isinstance(told[0], ClosedMeanwhile) == (what in {"a reminder", "new codes", "a consent"})
    assert not any(model.objects.exists() for model in (User, Reminder, Consent, RecoveryCode))
