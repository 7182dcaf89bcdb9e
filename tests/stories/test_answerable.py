"""Who may answer which story, and what becomes of an answer when its story closes or goes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from stories.actions import set_replies, withdraw
from stories.lifecycle import State
from stories.models import Contribution, Outcome, Publication, Revision
from stories.owners import Owner
from tests import make
from tests.moderation.desk import plain
from tests.stories.page import form, forms
from tests.stories.replying import ANSWER, answer_form, look, open_answer, send, somebody, the_reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Owner:
    return make.owner()


@pytest.fixture
def story(author: Owner) -> Publication:
    return make.published(author, title="The drive home")


@pytest.fixture(params=["visitor", "member"])
def client(request: pytest.FixtureRequest) -> Client:
    return somebody(request.param)


@pytest.mark.parametrize("what", ["waiting", "draft", "nothing", "members"])
def test_what_one_cannot_read_one_cannot_answer(what: str) -> None:
    pk = {
        "waiting": lambda: make.waiting().contribution_id,
        "draft": lambda: make.draft().contribution_id,
        "nothing": uuid.uuid4,
        "members": lambda: make.published(audience="members").pk,
    }[what]()
    client = Client()
    assert client.get(f"/stories/{pk}/reply/").status_code == 404
    assert client.get(f"/stories/reply/{pk}/{uuid.uuid4()}/").status_code == 404


def test_a_visitor_sends_nothing_to_a_story_for_members(story: Publication) -> None:
    client, closed = Client(), make.published(audience="members", title="Among us")
    posted = answer_form(client, story)
    posted.action = posted.action.replace(str(story.pk), str(closed.pk))
    refused = posted.post(client, **ANSWER)
    assert refused.status_code == 409
    assert make.REPLY in plain(refused.content)
    assert b"Among us" not in refused.content
    assert Contribution.objects.exclude(parent=None).count() == 0


def test_an_answer_has_the_readers_of_its_story(author: Owner) -> None:
    closed = make.published(author, audience="members")
    client = somebody("member")
    assert "The story is for members only, and so is your answer." in plain(open_answer(client, closed).content)
    send(client, closed)
    make.decided(the_reply(), Outcome.APPROVE)
    opened = make.waiting(author, contribution=closed.pk, audience="everyone")
    make.decided(opened, Outcome.APPROVE)
    assert make.REPLY not in plain(Client().get(f"/stories/{closed.pk}/").content), "it was written among members"
    assert make.REPLY in plain(client.get(f"/stories/{closed.pk}/").content)


def test_closed_replies_are_told_and_nothing_is_lost(client: Client, story: Publication, author: Owner) -> None:
    page = answer_form(client, story)
    set_replies(story.pk, wanted=False, owner=author)
    read = client.get(f"/stories/{story.pk}/")
    assert f"/stories/{story.pk}/reply/" not in read.content.decode()
    assert "Whoever told this story takes no answers now." in plain(read.content)
    refused = page.post(client, **ANSWER)
    assert refused.status_code == 409
    assert "This story takes no replies now" in plain(refused.content)
    assert form(refused, "/").fields["text"] == [make.REPLY]
    closed = open_answer(somebody("member"), story)
    assert "Whoever told this story takes no answers now." in plain(closed.content)
    assert not [one for one in forms(closed) if "/stories/" in one.action]


@pytest.mark.parametrize("how", ["closed", "withdrawn"])
def test_a_draft_is_kept_but_not_sent(client: Client, story: Publication, author: Owner, how: str) -> None:
    page = form(look(client, story), "/")
    if how == "closed":
        set_replies(story.pk, wanted=False, owner=author)
    else:
        withdraw(story.pk, owner=author)
    refused = page.post(client)
    assert refused.status_code == 409
    assert "This story takes no replies now" in plain(refused.content)
    assert make.REPLY in plain(refused.content)
    reply = the_reply()
    assert (reply.state, reply.text) == (State.DRAFT, make.REPLY)
    again = client.get(f"/stories/reply/{story.pk}/{reply.contribution_id}/")
    assert form(again, "/").fields["text"] == [make.REPLY]
    told = "takes no answers now" if how == "closed" else "The story you answered is no longer here"
    assert told in plain(again.content)
    kept = form(again, "/").post(client, text="A few other words for later on.", later="1")
    assert kept.status_code == 303
    assert the_reply().text == "A few other words for later on."


def test_whose_story_goes_is_told_and_keeps_the_words(client: Client, story: Publication, author: Owner) -> None:
    send(client, story)
    withdraw(story.pk, owner=author)
    reply = the_reply()
    assert reply.state == State.TAKEN_BACK
    page = plain(client.get(f"/stories/status/{reply.contribution_id}/").content)
    assert "The story you answered is no longer here, so your reply is not read any more." in page
    assert form(client.get(f"/stories/reply/{story.pk}/{reply.contribution_id}/"), "/").fields["text"] == [make.REPLY]


def test_others_answers_stay_theirs(client: Client, story: Publication) -> None:
    other = make.draft(reply_to=story.pk, title="", text="Somebody else began this and keeps it.")
    page = client.get(f"/stories/reply/{story.pk}/{other.contribution_id}/")
    assert "Somebody else" not in plain(page.content)
    posted = form(page, "/").post(client, **ANSWER)
    assert posted.status_code == 404
    assert make.REPLY in plain(posted.content)
    fresh = form(posted, "/")
    assert fresh.action.startswith(f"/stories/reply/{story.pk}/")
    assert str(other.contribution_id) not in fresh.action
    assert fresh.post(client).status_code == 303
    assert Revision.objects.get(pk=other.pk).text == "Somebody else began this and keeps it."


def test_an_answer_does_not_move_to_another_story(client: Client, story: Publication) -> None:
    send(client, story)
    pk, other = the_reply().contribution_id, make.published()
    assert client.get(f"/stories/reply/{other.pk}/{pk}/").status_code == 404
    assert client.get(f"/stories/reply/{other.pk}/{make.published().pk}/").status_code == 200, "a fresh one, not that"


def test_staff_do_not_answer(story: Publication) -> None:
    client = make.client_of(make.moderator())
    assert client.get(f"/stories/{story.pk}/reply/").status_code == 403
    assert client.get(f"/stories/reply/{story.pk}/{uuid.uuid4()}/").status_code == 403
    assert client.post(f"/stories/reply/{story.pk}/{uuid.uuid4()}/", ANSWER).status_code == 403


def test_a_visitors_answer_passes_what_a_visitors_story_passes(story: Publication, settings: Any) -> None:
    client = Client()
    trapped = answer_form(client, story).post(client, **ANSWER, homepage="http://x.example")
    assert (trapped.status_code, "should stay empty" in plain(trapped.content)) == (422, True)
    settings.VISITOR_LEAST_SECONDS = 60
    quick = answer_form(client, story).post(client, **ANSWER)
    assert (quick.status_code, "very quick" in plain(quick.content)) == (422, True)
    assert form(quick, "/").fields["text"] == [make.REPLY]
    settings.VISITOR_LEAST_SECONDS = 0
    settings.VISITOR_WAITING_CAP = 0
    refused = form(look(client, story), "/").post(client)
    assert (refused.status_code, "come back with your receipt code" in plain(refused.content)) == (409, True)


def test_an_author_closes_and_opens_the_replies(story: Publication) -> None:
    user = make.member()
    client = make.client_of(user)
    mine = make.published(Owner.of_account(user))
    for wanted, told in ((False, "Nobody can answer this story now."), (True, "Others may answer this story.")):
        switch = form(client.get(f"/stories/status/{mine.pk}/"), "/replies/")
        posted = switch.post(client, **({"wanted": "1"} if wanted else {}))
        assert posted.status_code == 303
        assert told in plain(client.get(posted.url).content)
        assert Contribution.objects.get(pk=mine.pk).takes_replies is wanted
    switch.action = switch.action.replace(str(mine.pk), str(story.pk))
    assert switch.post(client).status_code in {404, 409}
    assert Contribution.objects.get(pk=story.pk).takes_replies


def test_no_search_engine_is_given_what_nobody_allowed_it(author: Owner) -> None:
    story = make.published(author, consents=["publish", "rules", "index"])
    make.published_reply(story)
    found = Client().get(f"/stories/{story.pk}/").content.decode()
    assert "index, follow" in found
    assert make.REPLY not in plain(found)
    assert 'href="?answers=1#answers"' in found
    assert "on a page that we ask search engines to leave out" in found
    assert make.REPLY in plain(make.client_of(make.member()).get(f"/stories/{story.pk}/").content), "no robot signs in"
    read = Client().get(f"/stories/{story.pk}/?answers=1")
    assert make.REPLY in plain(read.content)
    assert read["X-Robots-Tag"] == "noindex"
    assert "index, follow" not in read.content.decode()
