"""Somebody erases a text, or all that is theirs: every word goes at once, what was to stay stays, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction

from accounts import journal
from accounts.actions import close_staff, issue_codes
from accounts.keys import tag
from accounts.models import Consent, RecoveryCode, Reminder, Role, Session, User
from community.models import counts
from moderation.actions import report
from moderation.actions.erasing import forget_reports
from moderation.models import Case, Report
from stories.actions import (
    erase_account,
    erase_text,
    react,
    save_for_later,
    withdraw,
)
from stories.models import EMPTIED, Contribution, Outcome, Publication, Reaction, Revision, SavedItem
from stories.owners import Owner
from stories.refusals import NotYours, Refused
from tests import make
from tests.architecture.canaries import planted


@pytest.fixture(autouse=True)
def noted(settings: Any, tmp_path: Path) -> Path:
    """Keep a journal of erasures of one's own."""
    settings.ERASURE_JOURNAL = tmp_path / "erased"
    return tmp_path / "erased"


def nothing(_pk: UUID) -> bool:
    return False


def everything(_pk: UUID) -> bool:
    return True


def erase(user: User, keeps: Any = nothing) -> None:
    erase_account(user, keeps=keeps, also=forget_reports)


def commit() -> None:
    """Check what a commit checks."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def rows(*but: str) -> str:
    """Return every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall() if name not in but]
        held = []
        for name in names:
            cursor.execute(f'SELECT t::text FROM "{name}" AS t ORDER BY 1')
            held += [f"{name} {row}" for (row,) in cursor.fetchall()]
    return "\n".join(held)


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is done inside, as when an older copy of the database is restored."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_erasing_an_account_leaves_no_word_of_it_in_any_state(member: User) -> None:
    ground = planted(Owner.of_account(member))
    owner, handle, texts = Owner.of_account(member), member.handle, set(ground.contributions)
    theirs = {word.decode() for word in ground.words.values()}
    before = rows()
    assert {word for word in theirs if word in before} == theirs
    erase(member)
    left = rows()
    assert {word for word in theirs if word in left} == set()
    assert handle not in left
    assert owner.secret.hex() not in left
    # Rows without a word stay of what was sent, of nobody; of a draft nothing.
    assert not Contribution.objects.owned_by(owner).exists()
    assert set(Revision.objects.filter(contribution__in=texts).values_list("salt", flat=True)) == {EMPTIED}
    assert not Case.objects.filter(revision__contribution__in=texts, closing="").exists()
    assert not Publication.objects.filter(pk__in=texts).exists()
    commit()


@pytest.mark.django_db
def test_a_published_text_that_is_to_stay_stays_as_it_was_and_nothing_beside_it(member: User) -> None:
    owner, other = Owner.of_account(member), make.owner()
    stays, goes = make.published(owner), make.published(owner)
    make.waiting(owner, contribution=stays.pk, text=f"{make.TEXT} kanariedit")
    asked = make.published(owner)
    make.decided(make.waiting(owner, contribution=asked.pk, text=f"{make.TEXT} kanariasked"), Outcome.ASK_CHANGES)
    begun = make.published(owner)
    make.draft(owner, contribution=begun.pk, text=f"{make.TEXT} kanaribegun")
    hidden, waits, draft = make.published(owner), make.waiting(owner), make.draft(owner)
    make.hide(hidden)
    theirs = make.published(other)
    before = {pk: Publication.objects.values().get(pk=pk) for pk in (stays.pk, asked.pk, begun.pk, theirs.pk)}
    tags = dict(Contribution.objects.filter(pk__in=before).values_list("pk", "owner_tag"))
    words = dict(Revision.objects.filter(publication__in=before).values_list("pk", "text"))
    erase(member, lambda pk: pk != goes.pk)
    assert {pk: Publication.objects.values().get(pk=pk) for pk in before} == before
    assert dict(Contribution.objects.filter(pk__in=before).values_list("pk", "owner_tag")) == tags
    assert dict(Revision.objects.filter(publication__in=before).values_list("pk", "text")) == words
    assert Publication.objects.count() == len(before)
    left = rows()
    assert [word for word in ("kanariedit", "kanariasked", "kanaribegun") if word in left] == []
    gone = [goes.pk, hidden.pk, waits.contribution_id, draft.contribution_id]
    assert not Revision.objects.filter(contribution__in=gone).exclude(salt=EMPTIED).exists()
    assert not Case.objects.filter(closing="").exists()
    commit()


@pytest.mark.django_db
def test_nothing_of_the_account_is_left_and_nothing_of_others_goes(member: User, settings: Any) -> None:
    issue_codes(member)
    Reminder.objects.create(user=member, address=b"sealed")
    User.objects.filter(pk=member.pk).update(reading_choices=["w3"], theme="dark", language="es")
    Authenticator.objects.create(user=member, type="totp", data={})
    visit = tag(settings.SESSION_KEYS[-1], "session owner", member.pk.bytes)
    for number, whose in enumerate((visit, None, b"somebody else's")):
        Session.objects.bulk_create(
            [Session(digest=bytes([number]), owner_tag=whose, payload=b"", expires_on="2999-01-06")]
        )
    staff, open_one = make.moderator(), make.member()
    close_staff(staff)
    members, browser = counts()["members"], make.client_of(member)
    assert browser.get("/accounts/").status_code == 200
    member.refresh_from_db()
    erase(member)
    assert counts()["members"] == members - 1
    assert browser.get("/accounts/").status_code == 302
    assert not Session.objects.filter(owner_tag=visit).exists()
    assert Session.objects.filter(digest__in=[b"\1", b"\2"]).count() == 2
    for model in (RecoveryCode, Consent, Reminder, Authenticator):
        assert not model.objects.filter(user=member.pk).exists(), model
    assert set(User.objects.all()) == {staff, open_one}
    assert str(member.pk) not in rows()


@pytest.mark.django_db
def test_signs_saved_stories_and_words_of_reports_go_and_those_of_others_stay(member: User) -> None:
    mine, theirs = Owner.of_account(member), Owner.of_account(make.member())
    story, other = make.published(), make.published()
    for who, words in ((mine, "kanarimine"), (theirs, "kanaritheirs")):
        react(story, kind="g1", owner=who)
        save_for_later(story, owner=who)
        report(other, rules=["kind"], text=words, owner=who)
    erase(member)
    assert list(Reaction.objects.values_list("mark", flat=True)) == [theirs.once("reaction", story.pk)]
    assert list(SavedItem.objects.values_list("mark", flat=True)) == [theirs.once("saved", story.pk)]
    assert sorted(Report.objects.values_list("text", flat=True)) == ["", "kanaritheirs"]
    assert Case.objects.filter(revision=other.revision_id, closing="").count() == 1


@pytest.mark.django_db
def test_rows_that_were_emptied_long_ago_stay_as_they_are(member: User) -> None:
    owner = Owner.of_account(member)
    old, new = make.published(owner).pk, make.published(owner).pk
    erase_text(old, owner=owner)
    before, lines = Contribution.objects.values().get(pk=old), len(journal.read().last)
    erase(member)
    assert Contribution.objects.values().get(pk=old) == before
    assert not Contribution.objects.owned_by(owner).filter(pk=new).exists()
    assert len(journal.read().last) == lines + 3, "the new text, the account, and that it could be written"


@pytest.mark.django_db
def test_one_text_goes_at_once_also_when_asked_twice_and_for_nobody_else(member: User, noted: Path) -> None:
    owner = Owner.of_account(member)
    live, draft = make.published(owner), make.draft(owner)
    make.published_reply(live)
    with pytest.raises(NotYours):
        erase_text(live.pk, owner=make.owner())
    assert not noted.exists()
    for _twice in range(2):
        erase_text(live.pk, owner=owner)
        erase_text(draft.contribution_id, owner=owner)
    assert [one.salt for one in Revision.objects.filter(contribution=live.pk)] == [EMPTIED]
    assert not Contribution.objects.filter(pk=draft.contribution_id).exists()
    # The row stays the owner's: how often somebody was refused for abuse is counted by its tag.
    assert Contribution.objects.owned_by(owner).filter(pk=live.pk).exists()
    assert noted.stat().st_mode & 0o777 == 0o600
    commit()


@pytest.mark.django_db
def test_who_works_here_is_not_erased() -> None:
    for role in set(Role) - {Role.MEMBER}:
        with pytest.raises(Refused, match="closed by a lead"):
            erase(make.member(role=role))


@pytest.mark.django_db
def test_the_database_empties_nothing_before_its_time_but_the_text_that_is_named(
    web_connection: psycopg.Connection[Any],
) -> None:
    by = make.owner()
    live, gone, waits = make.published(by), make.published(by), make.waiting()
    withdraw(gone.pk, owner=by)
    empties = (
        "UPDATE stories_revision SET salt = '00000000-0000-0000-0000-000000000000', title = '', text = '', role = '', "
        "warnings = '{}', consents = '{}', answers = '{}', treatments = '[]', signals = '{}', hope = false, why = '' "
        "WHERE contribution_id = %s"
    )
    for named, text in ((live.pk, gone.pk), (live.pk, live.pk), (waits.contribution_id,) * 2):
        web_connection.execute("SELECT set_config('fernway.erasing', %s, false)", [str(named)])
        with pytest.raises(psycopg.errors.CheckViolation):
            web_connection.execute(empties, [text])
