"""What its writer had replaced is shown by nobody after a restore: it waits for a newer version, not for a decision."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from accounts import journal
from accounts.models import User
from moderation.actions import claim
from moderation.actions.keeping import forget_texts
from moderation.models import Case, Entry
from stories.actions import accept, appeal, erase_account, withdraw
from stories.models import Contribution, Outcome, Publication, Revision, Suppression
from stories.refusals import Refused
from tests import make
from tests.moderation import two
from tests.moderation.conftest import Age
from tests.moderation.test_taken_down import change_as, public, replay
from tests.stories.test_erasing import noted, undone

__all__ = ["noted"]
pytestmark = pytest.mark.django_db(transaction=True)
HIDDEN = "Replaced again, or hidden until a newer version comes: {}."


@pytest.fixture(autouse=True)
def own_journal(key_known: None, noted: Path) -> None:
    """Keep a journal of one's own."""


@pytest.fixture
def writer() -> User:
    return make.member()


@pytest.fixture
def live(writer: User) -> Publication:
    """Return what readers see in a restored copy, though its writer replaced it since."""
    live = make.published(make.owner(writer))
    with undone():
        change_as(make.owner(writer), live)
    journal.note(journal.REPLACED, live.revision_id)  # what follows once the change is stored
    return live


def page_of(user: User, live: Publication | Contribution) -> str:
    return make.client_of(user).get(reverse("stories:status", args=[live.pk])).content.decode()


def test_a_version_is_noted_as_replaced_once_it_is_so() -> None:
    by = make.owner()
    live, kept = make.published(by), make.published()
    with undone():
        change_as(by, live)
    assert not journal.read().holds(journal.REPLACED, live.revision_id), "it never came to be"
    change_as(by, live)
    assert journal.read().holds(journal.REPLACED, live.revision_id)
    assert not journal.read().holds(journal.REPLACED, kept.revision_id)
    assert replay().count(HIDDEN.format(0)) == 1, "nothing was brought back"


def test_what_a_proposal_took_out_is_noted_too(writer: User) -> None:
    live = make.published(make.owner(writer))
    make.hide(live)
    proposal = two.proposed(live.revision)
    accept(live.pk, proposal=proposal.pk, owner=make.owner(writer))
    assert journal.read().holds(journal.REPLACED, live.revision_id)


def test_a_restored_copy_hides_it_and_asks_nobody(live: Publication) -> None:
    other = make.published()
    assert HIDDEN.format(1) in replay("--dry-run")
    assert live.revision_id in public(), "nothing happens yet"
    said = replay()
    assert HIDDEN.format(1) in said
    assert "Hidden until a moderator decides: 0." in said
    assert public() == {other.revision_id}
    assert not Case.objects.filter(revision=live.revision_id, closing="").exists()
    assert HIDDEN.format(0) in replay(), "once is enough"


def test_its_writer_reads_what_comes_next_and_a_newer_version_shows_it(live: Publication, writer: User) -> None:
    replay()
    told = page_of(writer, live)
    assert "a newer version of yours took the place of this one" in told
    assert "please write and send it once more" in told
    assert "a person reads it" not in told
    newer = change_as(make.owner(writer), live)
    assert newer.revision_id in public()
    assert not Suppression.objects.exists()
    assert "Hidden for now" not in page_of(writer, live)


def test_no_decision_shows_it_again(live: Publication) -> None:
    """In the copy readers had reported it, and it was hidden for that."""
    make.hide(live)
    assert HIDDEN.format(1) in replay()
    moderator = make.moderator()
    case = claim(two.open_case(live.revision).pk, moderator=moderator)
    said = make.client_of(moderator).get(reverse("moderation:case", args=[case.pk])).content.decode()
    assert "readers do not see it, whatever you decide" in said
    two.decides(case, Outcome.KEEP, moderator)
    assert Suppression.objects.get().ground == Suppression.REPLACED
    assert Client().get(reverse("stories:detail", args=[live.pk])).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM stories_suppression",
        "UPDATE stories_suppression SET ground = 'kind'",
        "INSERT INTO stories_suppression SELECT * FROM stories_suppression",
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.KEEP, Outcome.REMOVE])
def test_the_database_shows_it_to_nobody(live: Publication, outcome: Outcome, statement: str) -> None:
    make.hide(live)
    replay()
    make.decided(live.revision, outcome)
    with pytest.raises(DatabaseError, match="hid"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_taken_down_and_given_back_it_stays_hidden(live: Publication, writer: User) -> None:
    """A decision, an appeal and a second decision end where one does."""
    make.hide(live)
    replay()
    make.decided(live.revision, Outcome.REMOVE)
    appeal(live.pk, text="Please look again.", owner=make.owner(writer))
    make.decided(live.revision, Outcome.APPROVE)
    assert Publication.objects.filter(revision=live.revision_id).exists()
    assert live.revision_id not in public()


def test_what_was_proposed_about_it_is_no_way_back(live: Publication, writer: User) -> None:
    make.hide(live)
    proposal = two.proposed(live.revision)
    replay()
    with pytest.raises(Refused):
        accept(live.pk, proposal=proposal.pk, owner=make.owner(writer))
    assert public() == set()


def test_its_owner_can_still_withdraw_it(live: Publication, writer: User) -> None:
    replay()
    withdraw(live.pk, owner=make.owner(writer))
    assert not Suppression.objects.exists()


def test_answers_to_it_are_there_again_with_a_newer_version(live: Publication, writer: User) -> None:
    answered = make.published_reply(live)
    replay()
    assert public() == set()
    newer = change_as(make.owner(writer), live)
    assert public() == {newer.revision_id, answered.revision_id}


def test_an_account_that_is_erased_again_destroys_nothing_that_was_to_stay(live: Publication, writer: User) -> None:
    """This copy may be thrown away again: what is noted while it is looked through would count for the next one."""
    with undone():
        erase_account(writer, keeps=lambda _pk: True, also=lambda _owner: None)
    replay()
    assert not journal.read().holds(journal.TEXT, live.pk)
    assert public() == set()


def test_the_record_tells_what_was_hidden_once(live: Publication) -> None:
    """The nightly mix writes every row anew, which hides nothing."""
    make.hide(live)
    replay()
    acts = list(Entry.objects.filter(act="hide").values_list("details", flat=True))
    assert [("replaced since" in one) for one in acts] == [False, True]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stories_suppression SET ground = ground")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Entry.objects.filter(act="hide").count() == 2


def test_whoever_reads_the_change_is_told_about_the_version_before(live: Publication, writer: User) -> None:
    replay()
    newer = make.waiting(make.owner(writer), contribution=live.pk, text=make.TEXT.replace("nobody", "no one"))
    moderator = make.moderator()
    case = claim(two.open_case(newer).pk, moderator=moderator)
    said = make.client_of(moderator).get(reverse("moderation:case", args=[case.pk])).content.decode()
    assert "If you publish this one, they see this one." in said
    assert "until somebody has decided" not in said
    assert "A lead asks" not in said


def test_when_nobody_replaces_it_it_ends_with_its_words(live: Publication, writer: User, age: Age) -> None:
    """Its owner may have no way back to it: the account is erased, or the receipt is lost."""
    replay()
    assert "There is time for that until" in page_of(writer, live)
    age(live.revision, 6)
    forget_texts()
    assert Suppression.objects.get().ground == Suppression.REPLACED
    age(live.revision, 7)
    forget_texts()
    assert not Publication.objects.exists()
    assert not Suppression.objects.exists()
    age(live.revision, 2)
    forget_texts()
    assert Revision.objects.get(pk=live.revision_id).text == ""


@pytest.mark.parametrize("outcome", [Outcome.KEEP, Outcome.REMOVE])
def test_what_is_decided_late_leaves_its_owner_the_whole_time(
    outcome: Outcome, live: Publication, writer: User, age: Age
) -> None:
    make.hide(live)
    replay()
    if outcome == Outcome.REMOVE:
        make.decided(live.revision, outcome)
        appeal(live.pk, text="Please look again.", owner=make.owner(writer))
    age(live.revision, 9)
    forget_texts()
    assert "There is time" not in page_of(writer, live), "somebody is to decide"
    make.decided(live.revision, Outcome.APPROVE if outcome == Outcome.REMOVE else outcome)
    forget_texts()
    assert "There is time for that until" in page_of(writer, live)


def test_one_that_was_taken_down_for_good_leaves_nothing(live: Publication, age: Age) -> None:
    make.hide(live)
    replay()
    make.decided(live.revision, Outcome.REMOVE)
    age(live.revision, 7)
    forget_texts()
    assert Revision.objects.get().text == ""
    assert not Suppression.objects.exists()
