"""What others changed about a text is news until its owner looks; what the owner does is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.codes import new_code
from accounts.models import User
from moderation.actions import claim, report
from moderation.actions.reports import hide
from moderation.models import Case
from stories import actions
from stories.actions.forgetting import run_out
from stories.models import Contribution, Outcome, Publication, Revision
from stories.owners import Owner
from tests import make
from tests.accounts.person import marks, sign_in
from tests.stories.answering import judge, proposal, removed, reported
from tests.stories.test_own import MINE, RECEIPT, status

pytestmark = pytest.mark.django_db
LINE = re.compile(r"(\d+) of your texts ha(?:s|ve) news")


def seen(text: Any) -> bool:
    return Contribution.objects.values_list("is_seen", flat=True).get(pk=getattr(text, "contribution_id", text))


def look(text: Any) -> None:
    Contribution.objects.update(is_seen=True)


def _refused(by: Owner) -> Revision:
    return make.decided(make.waiting(by), Outcome.REFUSE).revision


def _lost_its_story(by: Owner) -> Revision:
    teller = make.owner()
    story = make.published(teller)
    answer = make.reply(story, by)
    actions.withdraw(story.pk, owner=teller)
    return answer


def _hidden(by: Owner) -> Revision:
    revision = make.published(by).revision
    look(revision)
    return reported(Publication.objects.get(revision=revision), hidden=True)


def _hidden_by_hand(by: Owner) -> Revision:
    revision = reported(make.published(by))
    look(revision)
    reviewer = make.moderator(second_factor=False)
    held = claim(Case.objects.get(revision=revision, closing="").pk, moderator=reviewer)
    assert held.lease_token is not None
    hide(held.pk, ground="kind", token=held.lease_token, moderator=reviewer)
    return revision


def _shown_again(by: Owner) -> Revision:
    revision = _hidden(by)
    look(revision)
    judge(revision, Outcome.KEEP, rules=(), text="")
    return revision


def _upheld(by: Owner) -> Revision:
    revision = _refused(by)
    actions.appeal(revision.contribution_id, text="Please look again.", owner=by)
    look(revision)
    judge(revision, Outcome.UPHOLD)
    return revision


def _told(by: Owner) -> Revision:
    revision = make.waiting(by)
    actions.leave_message(revision, "Thank you for writing.")
    return revision


def _proposed_for_a_live_one(by: Owner) -> Revision:
    revision = reported(make.published(by))
    look(revision)
    return proposal(revision, f"{make.TEXT} Less.")


BY_OTHERS: list[Callable[[Owner], Any]] = [
    lambda by: make.published(by).revision,
    lambda by: make.decided(make.waiting(by), Outcome.ASK_CHANGES).revision,
    _refused,
    removed,
    lambda by: proposal(make.waiting(by), f"{make.TEXT} Less."),
    _proposed_for_a_live_one,
    _hidden,
    _hidden_by_hand,
    _shown_again,
    _upheld,
    _told,
    _lost_its_story,
]
NAMES = ["published", "asked", "refused", "removed", "proposed", "proposed for a live one", "hidden", "hidden by hand"]
NAMES += ["shown again", "upheld", "told", "lost its story"]


@pytest.mark.parametrize("act", BY_OTHERS, ids=NAMES)
def test_what_others_change_is_news(act: Callable[[Owner], Any]) -> None:
    assert not seen(act(make.owner()))


def test_what_ran_out_is_news(settings: Any) -> None:
    revision = make.decided(make.waiting(make.owner()), Outcome.ASK_CHANGES).revision
    look(revision)
    settings.ANSWER_MONTHS = -1
    assert len(run_out([])) == 1
    assert not seen(revision)


def test_what_changes_nothing_for_its_owner_is_no_news() -> None:
    by = make.owner()
    live = make.published(by)
    look(live)
    report(live, rules=["kind"], text="", owner=make.owner())
    judge(live.revision, Outcome.KEEP, rules=(), text="")
    make.reply(live)
    assert seen(live.pk)


def test_what_its_owner_does_is_no_news() -> None:
    by = make.owner()
    sent = make.waiting(by)
    actions.take_back(sent.contribution_id, owner=by)
    actions.submit(sent.contribution_id, owner=by)
    actions.withdraw(sent.contribution_id, owner=by)
    answered = proposal(make.waiting(by), f"{make.TEXT} Less.")
    declined = proposal(make.waiting(by), f"{make.TEXT} Less.")
    look(answered)
    actions.accept(answered.contribution_id, proposal=answered.pk, owner=by)
    actions.decline(declined.contribution_id, proposal=declined.pk, owner=by, own_words=True)
    refused = _refused(by)
    look(refused)
    make.waiting(by, contribution=refused.contribution_id)
    assert [one for one in Contribution.objects.owned_by(by) if not one.is_seen] == []


def said(client: Client) -> int:
    found = LINE.search(client.get(MINE).content.decode())
    return int(found[1]) if found else 0


def test_a_sign_in_tells_once_how_many_have_news(member: User) -> None:
    by = make.owner(member)
    live, refused = make.published(by, title="Up at last"), _refused(by)
    make.waiting(by, title="Not read yet")
    make.published(title="Of somebody else")
    client = Client()
    sign_in(client, member.handle, make.PASSWORD)
    page = client.get(MINE).content.decode()
    assert LINE.findall(page) == ["2"]
    notice = page.split('class="notice notice--info"')[1].split("</ul>")[0]
    assert {status(live.revision), status(refused)} == set(re.findall(r'<a href="([^"]+)"', notice))
    assert page.count("<strong>News</strong>") == 2
    assert said(client) == 0, "said once; the list goes on marking them"
    client.get(status(refused))
    assert client.get(MINE).content.decode().count("<strong>News</strong>") == 1
    sign_in(other := Client(), member.handle, make.PASSWORD)
    assert said(other) == 1
    other.get(status(live.revision))
    sign_in(third := Client(), member.handle, make.PASSWORD)
    assert said(third) == 0


def test_a_receipt_is_told_when_its_code_is_typed() -> None:
    code = new_code()
    live = make.published(Owner.of_code(code))
    client = Client()
    client.post(RECEIPT, {"code": code})
    assert (said(client), said(client)) == (1, 0)
    client.get(status(live.revision))
    assert seen(live.revision)


def test_only_its_owner_makes_news_old_and_only_by_looking(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member))
    for other in (Client(), make.client_of(make.member()), make.client_of(make.moderator())):
        other.get(status(live.revision))
    member_client.head(status(live.revision))
    member_client.get(f"/stories/{live.pk}/")
    member_client.get(MINE)
    assert not seen(live.revision)


def test_a_look_that_renews_the_visit_leaves_the_text_alone(member: User, settings: Any) -> None:
    live, client = make.published(make.owner(member)), make.client_of(member)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key of this site"
    assert client.get(status(live.revision)).status_code == 200
    assert not seen(live.revision), "a session was written in that request"
    client.get(status(live.revision))
    assert seen(live.revision)


@pytest.mark.django_db(transaction=True)
def test_looking_writes_to_the_text_alone(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member))
    tables = ("accounts_user", "accounts_session", "accounts_consent", "stories_revision", "stories_publication")
    before = marks(*tables)
    assert member_client.get(status(live.revision)).status_code == 200
    assert seen(live.revision)
    assert marks(*tables) == before
    text = marks("stories_contribution")
    member_client.get(status(live.revision))
    assert marks("stories_contribution") == text, "what is seen is not written again"
