"""A text's own page: who may see it, others like it, and of a reply the story that it answers."""

from __future__ import annotations

import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.codes import new_code
from accounts.models import User
from stories.actions import discard_draft, set_replies, take_back, withdraw
from stories.models import Contribution, Outcome, Revision
from stories.owners import Owner
from stories.screening import screen
from tests import make
from tests.stories.page import form, forms

pytestmark = pytest.mark.django_db
GONE = "The story you answered is no longer here, so your reply is not read any more. Your words stay here."
TRIED = [{"code": "t01", "help": "h1"}, {"code": "t03"}, {"code": "other", "name": "Warm baths"}]


def page_of(client: Client, text: Revision | Contribution) -> str:
    pk = text.contribution_id if isinstance(text, Revision) else text.pk
    page = client.get(reverse("stories:status", args=[pk]))
    assert page.status_code == 200
    return html.unescape(page.content.decode())


def test_status_says_who_may_see_it(member: User, member_client: Client) -> None:
    sent = make.waiting(make.owner(member), audience="members", consents=["publish", "rules", "quote"])
    page = page_of(member_client, sent)
    for row in (
        "<dt>Who may read it</dt><dd>Members only</dd>",
        "<dd>Not shown by search engines, because it is for members only</dd>",
        "<dt>This site may quote it</dt><dd>Yes</dd>",
        "<dt>It counts in figures</dt><dd>No</dd>",
    ):
        assert row in page


@pytest.mark.parametrize(
    ("audience", "sentence"), [("everyone", "Everybody can read it."), ("members", "Every member can read it.")]
)
def test_published_text_says_who_reads_it(audience: str, sentence: str, member: User, member_client: Client) -> None:
    live = make.published(make.owner(member), audience=audience)
    assert sentence in page_of(member_client, live.revision)


def test_stories_like_mine_are_one_link_away(member: User, member_client: Client) -> None:
    by = make.owner(member)
    facts = {"answers": {"stage": "s4", "goal": ["g4"], "age": "e2"}, "treatments": TRIED, "audience": "members"}
    sent = make.waiting(by, **facts)
    link = 'href="/stories/?f=r1.s4.t01.t03">Stories like mine</a>'
    assert link in page_of(member_client, sent)
    make.decided(sent, Outcome.APPROVE)
    assert link in page_of(member_client, sent)
    make.draft(by, contribution=sent.contribution_id, answers={"stage": "s1"})
    assert link in page_of(member_client, sent)
    assert "Stories like mine" not in page_of(member_client, make.draft(by, **facts))
    withdraw(sent.contribution_id, owner=by)
    assert "Stories like mine" not in page_of(member_client, sent)
    assert member_client.get("/stories/?f=r1.s4.t01.t03").status_code == 200


def test_others_may_answer_or_not(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member))
    address = reverse("stories:status", args=[live.pk])
    for wanted in (False, True):
        answer = form(member_client.get(address), "/replies/").post(member_client, wanted="1" if wanted else None)
        assert answer.url == address
        assert Contribution.objects.get(pk=live.pk).takes_replies is wanted
    set_replies(live.pk, wanted=False, owner=make.owner(member))
    assert "Nobody can answer this story now." in page_of(member_client, live.revision)


def test_a_reply_is_not_answered(member: User, member_client: Client) -> None:
    reply = make.reply(make.published(), make.owner(member))
    page = member_client.get(reverse("stories:status", args=[reply.contribution_id]))
    assert not [one for one in forms(page) if one.action.endswith("/replies/")]
    assert "Who may see it" not in page.content.decode()
    assert "Stories like mine" not in page.content.decode()


def test_reply_names_the_story_that_it_answers(member: User, member_client: Client) -> None:
    story = make.published(title="A story of somebody")
    reply = make.published_reply(story, make.owner(member), text="I know this too, and how.")
    page = page_of(member_client, reply.revision)
    assert "I know this too, and how.</h1>" in page
    assert "Your answer to a story" in page
    assert (
        f'<a href="{reverse("stories:detail", args=[story.pk])}" lang="en" dir="auto">A story of somebody</a>' in page
    )
    assert "Everybody can read it." in page


@pytest.mark.parametrize("how", ["withdrawn", "hidden"])
@pytest.mark.parametrize("state", ["draft", "reply", "published_reply"])
def test_reply_to_a_story_that_is_gone_is_kept_for_its_writer(
    state: str, how: str, member: User, member_client: Client
) -> None:
    teller, by = make.owner(), make.owner(member)
    story = make.published(teller, title="A story of somebody")
    kept = {"title": "", "text": make.REPLY}
    made = make.draft(by, reply_to=story.pk, **kept) if state == "draft" else getattr(make, state)(story, by)
    revision = made if isinstance(made, Revision) else made.revision
    if how == "withdrawn":
        withdraw(story.pk, owner=teller)
    else:
        make.hide(story.contribution)
    page = page_of(member_client, revision)
    assert GONE in page
    assert "A story of somebody" not in page
    assert "Everybody can read it." not in page
    assert "See it as readers do" not in page
    assert make.REPLY[:30] in page


def test_visitor_is_not_shown_the_title_of_a_story_for_members() -> None:
    code = new_code()
    story = make.published(title="Only for members", audience="members")
    reply = make.reply(story, Owner.of_code(code), audience="members")
    visitor = Client()
    visitor.post(reverse("stories:receipt"), {"code": code})
    page = page_of(visitor, reply)
    assert "Only for members" not in page
    assert GONE not in page


@pytest.mark.parametrize("versions", [1, 4])
@pytest.mark.parametrize("kind", ["reply", "edit", "crisis"])
def test_status_asks_the_database_at_most_four_times(kind: str, versions: int) -> None:
    code = new_code()
    by = Owner.of_code(code)
    text = make.TEXT + (" Sometimes I want to die." if kind == "crisis" else "")
    more = {"reply_to": make.published().pk} if kind == "reply" else {}
    sent = make.waiting(by, text=text, **more)
    for _ in range(versions):
        make.decided(sent, Outcome.APPROVE if kind == "edit" else Outcome.ASK_CHANGES)
        sent = make.waiting(by, contribution=sent.contribution_id, text=f"{sent.text} And more.")
    visitor = Client()
    visitor.post(reverse("stories:receipt"), {"code": code})
    page_of(visitor, sent)  # notes the news, which takes three more, once
    with CaptureQueriesContext(connection) as seen:
        page = page_of(visitor, sent)
    assert len(seen) <= 4, [one["sql"][:150] for one in seen]
    assert bool(screen(sent.text)) == ('id="nearby"' in page) == (kind == "crisis")
    assert ("What you changed" in page) == (kind == "edit")


@pytest.mark.parametrize("outcome", [None, Outcome.APPROVE, Outcome.REFUSE, "taken_back", "withdrawn"])
@pytest.mark.parametrize("kind", ["story", "reply"])
def test_owner_reads_what_was_sent(
    kind: str, outcome: Outcome | str | None, member: User, member_client: Client
) -> None:
    by = make.owner(member)
    more = {"treatments": TRIED} if kind == "story" else {"title": "", "reply_to": make.published().pk}
    sent = make.waiting(by, **more)
    if outcome == "withdrawn":
        withdraw(sent.contribution_id, owner=by)
    elif outcome == "taken_back":
        take_back(sent.contribution_id, owner=by)
        discard_draft(sent.contribution_id, owner=by)
    elif outcome is not None:
        make.decided(sent, Outcome(outcome))
    page = page_of(member_client, sent)
    assert page.count(make.TEXT.split("\n\n")[1]) == 1
    assert ("Your text as you sent it" in page) == (outcome != Outcome.REFUSE)
    assert ("Warm baths" in page) == (kind == "story")


def test_draft_is_not_shown_as_sent(member: User, member_client: Client) -> None:
    assert "Your text as you sent it" not in page_of(member_client, make.draft(make.owner(member)))


def test_waiting_reply_whose_story_is_withdrawn_says_so(member: User, member_client: Client) -> None:
    teller, by = make.owner(), make.owner(member)
    story = make.published(teller)
    reply = make.reply(story, by)
    withdraw(story.pk, owner=teller)
    page = page_of(member_client, reply)
    assert page.count(GONE) == 1
    assert "The story it answers is no longer here, so it is not read any more" in page
    for untrue in ("You took", "Begin again with these words"):
        assert untrue not in page
    link = f"{reverse('stories:new')}?from={reply.contribution_id}"
    assert f'href="{link}">Make a story of it</a>' in page
    assert make.REPLY in html.unescape(member_client.get(link, follow=True).content.decode())


def test_reply_that_was_taken_back_from_a_story_that_is_there_says_so(member: User, member_client: Client) -> None:
    by = make.owner(member)
    reply = make.reply(make.published(), by)
    take_back(reply.contribution_id, owner=by)
    discard_draft(reply.contribution_id, owner=by)
    page = page_of(member_client, reply)
    assert "It was taken back" in page
    assert "Begin again with these words" in page
    assert "An answer to:" in page


def test_narrowing_says_when_it_is_so(member: User, member_client: Client) -> None:
    by = make.owner(member)
    sentence = "To stop at once, withdraw the text."
    assert sentence in page_of(member_client, make.published(by).revision)
    assert sentence not in page_of(member_client, make.waiting(by))
