"""The pages by which somebody takes all that is theirs, or erases it, and what a restored database forgets again."""

from __future__ import annotations

from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import journal
from accounts.codes import new_code
from accounts.models import Role, User
from community.local import OperatorError
from stories.actions import discard_draft, erase_text, keys, remember_newest_key, take_back, withdraw
from stories.actions.forgetting import empty_version
from stories.lifecycle import State
from stories.models import EMPTIED, Contribution, Publication, Revision
from stories.owners import Owner
from tests import make
from tests.stories.page import form
from tests.stories.test_erasing import erase, everything, noted, nothing, rows, undone
from tests.stories.test_erasing_cut_off import full_disk

__all__ = ["noted"]
CLOSE, EXPORT = "/accounts/close/", "/accounts/export/"
PASSWORD_FIRST = "/accounts/reauthenticate/?next="


def proven(user: User) -> Client:
    """Return a browser in which somebody just showed who it is."""
    client = make.client_of(user)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    return client


def page(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.mark.django_db
def test_both_ask_for_the_password_first_and_change_nothing_without(member: User) -> None:
    make.published(Owner.of_account(member))
    browser, before = make.client_of(member), rows()
    for where in (CLOSE, EXPORT):
        for answer in (browser.get(where), browser.post(where, {"staying": "none"})):
            assert answer.status_code == 302
            assert answer["Location"].startswith(PASSWORD_FIRST)
    assert rows() == before


@pytest.mark.django_db
def test_an_account_is_erased_and_the_browser_forgets_it(member: User) -> None:
    owner = Owner.of_account(member)
    stays, goes = make.published(owner, title="This one stays"), make.published(owner, title="This one goes")
    browser = proven(member)
    browser.post("/language/", {"language": "en"})
    asked = browser.get(CLOSE)
    assert "This one stays" in page(asked)
    assert "staying" not in form(asked, CLOSE).fields, "nothing is chosen for anybody"
    empty = form(asked, CLOSE).post(browser)
    assert (empty.status_code, User.objects.get(pk=member.pk).is_active) == (422, True)
    assert "Please choose what happens to your published texts." in page(empty)
    unsure = form(asked, CLOSE).post(browser, staying="none", texts=[str(stays.pk)])
    assert unsure.status_code == 422
    assert "You ticked texts, and chose to remove all." in page(unsure)
    done = form(unsure, CLOSE).post(browser, staying="some")
    assert (done.status_code, done["Location"]) == (303, "/accounts/closed/")
    assert done["Clear-Site-Data"] == '"cache", "storage"'
    assert {name for name, cookie in done.cookies.items() if not cookie["max-age"]} >= {"visit", "form", "language"}
    assert [one.pk for one in Publication.objects.all()] == [stays.pk]
    assert not Revision.objects.filter(contribution=goes.pk).exclude(salt=EMPTIED).exists()
    told = Client().get("/accounts/closed/")
    assert "The account is erased" in page(told)
    assert told.cookies == {}
    again = {"login": member.handle, "password": make.PASSWORD}
    assert browser.post("/accounts/login/", again).status_code == 422
    assert browser.get("/accounts/").status_code == 302


@pytest.mark.django_db
def test_without_published_texts_nothing_is_asked(member: User) -> None:
    make.waiting(Owner.of_account(member))
    browser = proven(member)
    asked = form(browser.get(CLOSE), CLOSE)
    assert set(asked.fields) <= {"csrfmiddlewaretoken"}
    assert asked.post(browser).status_code == 303
    assert not User.objects.filter(pk=member.pk).exists()


@pytest.mark.django_db
def test_all_can_stay(member: User) -> None:
    live = make.published(Owner.of_account(member))
    browser = proven(member)
    form(browser.get(CLOSE), CLOSE).post(browser, staying="all")
    assert Publication.objects.filter(pk=live.pk).exists()
    assert not User.objects.filter(pk=member.pk).exists()


@pytest.mark.django_db
def test_a_journal_that_cannot_be_written_is_told_and_nothing_happens(member: User, settings: Any) -> None:
    live, code = make.published(Owner.of_account(member)), new_code()
    text, browser, visitor = make.waiting(Owner.of_code(code)), proven(member), Client()
    visitor.post("/stories/receipt/", {"code": code})
    settings.ERASURE_JOURNAL = Path("/dev/full")
    for client, where in ((browser, CLOSE), (visitor, reverse("stories:erase", args=[text.contribution_id]))):
        answer = form(client.get(where), where).post(client, **({"staying": "none"} if client is browser else {}))
        assert answer.status_code == 503
        assert "Nothing can be erased at this moment, and nothing was changed." in page(answer)
    assert browser.get("/accounts/").status_code == 200
    assert Publication.objects.filter(pk=live.pk).exists()
    assert Revision.objects.get(pk=text.pk).text == make.TEXT


@pytest.mark.django_db
def test_what_stopped_on_the_way_is_said_and_goes_on_with_another_press(member: User, noted: Path) -> None:
    """The draft is gone, the journal then takes no line for the account: "nothing was changed" would be untrue."""
    live, browser = make.published(Owner.of_account(member)), proven(member)
    make.draft(Owner.of_account(member), contribution=live.pk)
    asked = form(browser.get(CLOSE), CLOSE)
    with full_disk(noted, lines=1):
        stopped = asked.post(browser, staying="all")
    assert stopped.status_code == 503
    assert not Revision.objects.in_state(State.DRAFT).exists()
    assert "Not everything could be erased just now." in page(stopped)
    assert "nothing was changed" not in page(stopped)
    assert form(stopped, CLOSE).fields["staying"] == ["all"]
    assert form(stopped, CLOSE).post(browser).status_code == 303
    assert Publication.objects.filter(pk=live.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.LEAD, Role.CLINICIAN])
def test_who_works_here_is_sent_to_a_lead(role: Role) -> None:
    staff = make.moderator(role=role)
    browser = proven(staff)
    for answer in (browser.get(CLOSE), browser.post(CLOSE)):
        assert "A lead closes this account" in page(answer)
    assert User.objects.get(pk=staff.pk).is_active


@pytest.mark.django_db
def test_a_receipt_erases_its_text_at_once(noted: Path) -> None:
    code = new_code()
    live, other = make.published(Owner.of_code(code), title="Under a receipt"), make.published()
    browser = Client()
    browser.post("/stories/receipt/", {"code": code})
    where = reverse("stories:erase", args=[live.pk])
    assert where in page(browser.get(reverse("stories:status", args=[live.pk])))
    asked = form(browser.get(where), where)
    assert Publication.objects.filter(pk=live.pk).exists()
    done = asked.post(browser)
    assert (done.status_code, done["Location"]) == (303, "/stories/mine/")
    assert "The text is erased. Not a word of it is left here." in page(browser.get("/stories/mine/"))
    assert set(Revision.objects.filter(contribution=live.pk).values_list("salt", flat=True)) == {EMPTIED}
    assert browser.get(reverse("stories:status", args=[live.pk])).status_code == 404
    assert asked.post(browser).status_code == 303
    theirs = reverse("stories:erase", args=[other.pk])
    assert browser.get(theirs).status_code == 404
    assert browser.post(theirs, asked.fields).status_code == 409
    assert Publication.objects.filter(pk=other.pk).exists()
    assert len(journal.read().last) == 1


def replay(*options: str) -> str:
    said = StringIO()
    call_command("replay_erasures", *options, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_a_restored_database_forgets_again_what_was_erased_since(member: User) -> None:
    owner, other, code = Owner.of_account(member), make.member(), Owner.of_code(new_code())
    stays, goes, waits = make.published(owner), make.published(owner), make.waiting(owner)
    receipts, theirs = make.published(code), make.published(Owner.of_account(other))
    back, draft = make.published(code), make.draft(owner)
    with undone():
        discard_draft(draft.contribution_id, owner=owner)  # it is in the copy, and of nobody any more
        erase(member, lambda pk: pk == stays.pk)
        erase_text(receipts.pk, owner=code)
        withdraw(back.pk, owner=code)
    before = rows()
    assert replay("--dry-run").startswith(
        "Accounts that would be erased again: 1. Texts beside theirs: 3. Withdrawn again: 1. "
    )
    assert rows() == before
    assert replay().startswith("Accounts that were erased again: 1. Texts beside theirs: 1. Withdrawn again: 1. ")
    assert set(Publication.objects.values_list("pk", flat=True)) == {stays.pk, theirs.pk}
    whole = Revision.objects.exclude(salt=EMPTIED).values_list("contribution_id", flat=True)
    assert set(whole) == {stays.pk, theirs.pk, back.pk}
    assert Revision.objects.get(contribution=back.pk).state == State.WITHDRAWN
    assert set(User.objects.filter(role=Role.MEMBER)) == {other}
    assert waits.contribution_id not in whole
    assert goes.pk not in whole
    assert replay().startswith("Accounts that were erased again: 0. Texts beside theirs: 0. Withdrawn again: 0. ")


@pytest.mark.django_db
def test_a_copy_from_before_the_newest_key_forgets_as_well(member: User, settings: Any) -> None:
    make.published(Owner.of_account(member))
    settings.OWNERSHIP_KEYS = [b"n" * 32, *settings.OWNERSHIP_KEYS]
    with undone():
        remember_newest_key()
        erase(member, lambda _pk: False)
    assert replay("--dry-run").startswith("Accounts that would be erased again: 1. ")
    keys._known_keys.clear()  # what restores is another process
    assert replay().startswith("Accounts that were erased again: 1. ")
    assert not Publication.objects.exists()


@pytest.mark.django_db
def test_a_restored_database_forgets_what_was_emptied_before_its_account_was_erased(member: User) -> None:
    """The copy is older than the withdrawal, and has every word of it."""
    owner = Owner.of_account(member)
    gone, stays = make.published(owner), make.published(owner)
    with undone():
        withdraw(gone.pk, owner=owner)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('fernway.erasing', %s, true)", [str(gone.pk)])
        assert empty_version(gone.revision_id)  # as the job does when its time is over
        before = Contribution.objects.values().get(pk=gone.pk)
        erase(member, everything)
        assert Contribution.objects.values().get(pk=gone.pk) == before
    replay()
    assert [one.pk for one in Publication.objects.all()] == [stays.pk]
    assert Revision.objects.exclude(salt=EMPTIED).get().contribution_id == stays.pk


@pytest.mark.django_db
def test_a_restored_database_takes_back_again_what_its_author_took_back(noted: Path) -> None:
    by = make.owner()
    waits, stays = make.waiting(by), make.waiting()
    with undone():
        take_back(waits.contribution_id, owner=by)
    assert Revision.objects.get(pk=waits.pk).state == State.WAITING
    assert "Taken back again: 1." in replay()
    assert Revision.objects.get(pk=waits.pk).state == State.TAKEN_BACK
    assert Revision.objects.in_state(State.DRAFT).get(contribution=waits.contribution_id).text == waits.text
    assert Revision.objects.get(pk=stays.pk).state == State.WAITING
    assert "Taken back again: 0." in replay()


@pytest.mark.django_db
def test_a_text_is_withdrawn_also_when_that_cannot_be_noted(settings: Any) -> None:
    settings.ERASURE_JOURNAL = Path("/dev/full")
    by = make.owner()
    live = make.published(by)
    withdraw(live.pk, owner=by)
    assert not Publication.objects.exists()


@pytest.mark.django_db
def test_a_line_that_was_cut_off_hides_no_other(member: User, noted: Path, settings: Any) -> None:
    text = make.published()
    noted.write_text("\n" + "a" * 20)
    journal.note(journal.TEXT, text.pk)
    journal.note(journal.ACCOUNT, member.pk)
    held = journal.read()
    assert held.holds(journal.TEXT, text.pk)
    assert held.holds(journal.ACCOUNT, member.pk)
    assert not held.holds(journal.ACCOUNT, text.pk)
    settings.OWNERSHIP_KEYS = [b"n" * 32, *settings.OWNERSHIP_KEYS]
    assert held.holds(journal.TEXT, text.pk)
    assert str(text.pk) not in noted.read_text()


@pytest.mark.django_db
def test_replaying_says_what_is_missing(settings: Any, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="There is no journal"):
        replay()
    settings.ERASURE_JOURNAL = tmp_path
    with pytest.raises(OperatorError, match="cannot be read"):
        replay()
    settings.OWNERSHIP_KEYS = [b"w" * 32]
    with pytest.raises(OperatorError, match="does not fit this database"):
        replay()
    assert not Contribution.objects.exists()
    assert nothing(make.member().pk) is False
