"""A draft is kept until the end of the month after its last change, and its owner is told until when."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils.formats import date_format

from accounts.models import User
from moderation.actions.keeping import forget_texts
from stories.actions import save_draft, take_back
from stories.lifecycle import State
from stories.models import Contribution, Outcome, Revision, this_month
from stories.pause import kept_until, months_after
from tests import make
from tests.moderation.conftest import Age

pytestmark = pytest.mark.django_db


def there(revision: Revision) -> bool:
    return Revision.objects.filter(pk=revision.pk).exists()


def test_a_draft_goes_after_the_month_after_its_last_change_and_no_sooner(age: Age) -> None:
    draft, answer = make.draft(), make.draft(make.owner(), reply_to=make.published().pk, title="", text=make.REPLY)
    for one in (draft, answer):
        age(one, 1)
    forget_texts()
    assert (there(draft), there(answer)) == (True, True)
    for one in (draft, answer):
        age(one, 2)
    forget_texts()
    assert not Contribution.objects.filter(pk__in=[draft.contribution_id, answer.contribution_id]).exists()


def test_a_change_keeps_it_for_longer(age: Age) -> None:
    by = make.owner()
    draft = make.draft(by)
    age(draft, 1)
    save_draft(draft.contribution_id, {"title": "Later"}, owner=by)
    forget_texts()
    assert Revision.objects.get(pk=draft.pk).month == this_month()
    assert there(draft)


@pytest.mark.parametrize("kind", ["published", "asked", "waiting once"])
def test_the_draft_of_a_text_that_was_sent_goes_alone(kind: str, age: Age) -> None:
    by = make.owner()
    if kind == "published":
        text = make.published(by).revision
    else:
        text = make.waiting(by)
        if kind == "asked":
            make.decided(text, Outcome.ASK_CHANGES)
        else:
            take_back(text.contribution_id, owner=by)
    if kind != "waiting once":
        make.draft(by, contribution=text.contribution_id)
    draft = Revision.objects.in_state(State.DRAFT).get(contribution=text.contribution_id)
    before = Revision.objects.get(pk=text.pk)
    age(draft, 2)
    forget_texts()
    after = Revision.objects.get(pk=text.pk)
    assert not there(draft)
    assert (after.state, after.text) == (before.state, before.text)


def test_what_waits_or_is_public_is_no_draft(age: Age) -> None:
    texts = [make.waiting(), make.published().revision]
    for text in texts:
        age(text, 30)
    forget_texts()
    assert all(there(text) for text in texts)


def test_the_last_day_is_that_of_the_month_after() -> None:
    assert kept_until(Revision(month=date(2026, 3, 1))) == date(2026, 4, 30)
    assert kept_until(Revision(month=date(2026, 12, 1))) == date(2027, 1, 31)


@pytest.mark.parametrize("where", ["/stories/new/", "/stories/mine/", "/stories/status/{}/"])
def test_every_page_with_a_draft_says_until_when(where: str, member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member))
    last = kept_until(draft)
    page = member_client.get(where.format(draft.contribution_id)).content.decode()
    assert f"Kept until {date_format(last)}, and longer when you change it." in page
    assert last < months_after(this_month(), 2)
