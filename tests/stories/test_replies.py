"""Answering a story: one page, kept and looked at and sent like a story, and closed when its author says so."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from community.models import Counter
from stories.actions import withdraw
from stories.lifecycle import State
from stories.models import Contribution, Outcome, Publication, Revision
from stories.owners import Owner
from stories.thread import name_of
from tests import make
from tests.moderation.desk import plain
from tests.stories.page import form
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


def test_an_answer_is_written_looked_at_sent_and_read(client: Client, story: Publication) -> None:
    page = plain(send(client, story, hope="on", warnings=["w3"], role=["partner"]).content)
    assert "Waiting to be read" in page
    assert "An answer to: The drive home" in page
    reply = the_reply()
    assert (reply.state, reply.contribution.parent_id, reply.title, reply.hope) == ("waiting", story.pk, "", True)
    assert (reply.role, reply.warnings, reply.text) == ("partner", ["w3"], make.REPLY)
    make.decided(reply, Outcome.APPROVE)
    thread = plain(Client().get(f"/stories/{story.pk}/").content).partition("Answers")[2]
    assert name_of(bytes(reply.contribution.voice)) in thread
    assert "A message of hope A partner" in thread
    assert make.REPLY in thread


def test_the_page_shows_the_story_the_rule_and_what_can_be_said(client: Client, story: Publication) -> None:
    page = open_answer(client, story)
    words = plain(page.content)
    assert "An answer to: The drive home" in words
    assert words.index("your experience, not instructions") < words.index("Your answer")
    assert "What would you like the person who wrote this to know?" in words
    assert "This is a message of hope" in words
    assert page["X-Robots-Tag"] == "noindex" if page.has_header("X-Robots-Tag") else b"noindex" in page.content
    assert page.request["PATH_INFO"].startswith(f"/stories/reply/{story.pk}/")


def test_the_look_names_the_writer_as_the_thread_will(client: Client, story: Publication) -> None:
    page = plain(look(client, story).content)
    assert f"In this thread you are called {name_of(bytes(the_reply().contribution.voice))}" in page
    assert make.REPLY in page


@pytest.mark.parametrize("missing", ["text", "role", "consents"])
def test_what_is_missing_is_said_and_what_is_there_is_kept(client: Client, story: Publication, missing: str) -> None:
    posted = answer_form(client, story).post(client, **(ANSWER | {missing: None}))
    assert posted.status_code == 303
    page = client.get(posted.url)
    assert "One thing needs another look" in plain(page.content)
    kept = form(page, "/").fields
    expected = {name: [value] if isinstance(value, str) else value for name, value in ANSWER.items()} | {missing: []}
    assert {name: [one for one in kept.get(name, []) if one] for name in ANSWER} == expected
    assert the_reply().state == State.DRAFT


@pytest.mark.parametrize("consents", [["publish"], ["rules"]])
def test_both_are_needed(client: Client, story: Publication, consents: list[str]) -> None:
    posted = answer_form(client, story).post(client, **(ANSWER | {"consents": consents}))
    assert "Please tick both" in plain(client.get(posted.url).content)


BAD = {
    "five letters": "Hello",
    "only spaces": " \u00a0\u2003" * 30,
    "controls": "\x01\u202e\u200b\ufeff" * 20,
    "nothing": "",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_words_that_say_nothing_are_told_beside_the_box(client: Client, story: Publication, text: str) -> None:
    posted = answer_form(client, story).post(client, **(ANSWER | {"text": text}))
    page = client.get(posted.url)
    assert page.status_code == 200
    words = plain(page.content)
    assert "Please write at least a sentence." in words or "Please write your answer here." in words


def test_null_characters_are_not_taken(client: Client, story: Publication) -> None:
    page = answer_form(client, story)
    typed = urlencode(page.fields | ANSWER | {"text": "\0".join(make.REPLY)}, doseq=True)
    assert client.post(page.action, typed, content_type="application/x-www-form-urlencoded").status_code == 400
    assert Contribution.objects.exclude(parent=None).count() == 0


@pytest.mark.parametrize("length", [10_001, 50_000, 100_000])
def test_too_long_an_answer_is_given_back_whole(client: Client, story: Publication, length: int) -> None:
    text = ("word " * (length // 5 + 1))[: length - 1] + "."
    posted = answer_form(client, story).post(client, **(ANSWER | {"text": text}))
    assert posted.status_code == 422
    assert f"{length:,} characters" in plain(posted.content)
    assert form(posted, "/").fields["text"] == [text]


def test_odd_values_change_nothing_but_what_is_asked(client: Client, story: Publication) -> None:
    odd = {
        "title": "A title",
        "answer-stage": "s1",
        "tried-0-code": "t01",
        "audience": "members",
        "warnings": ["w3", "w99", "<b>"],
        "language": "xx",
        "hope": "maybe",
        "is_example": "on",
        "parent": str(uuid.uuid4()),
    }
    posted = answer_form(client, story).post(client, **(ANSWER | odd))
    assert posted.status_code in {303, 422}
    reply = the_reply()
    assert (reply.title, reply.answers, reply.treatments, reply.audience) == ("", {}, [], "everyone")
    assert (reply.warnings, reply.language, reply.contribution.is_example) == (["w3"], "en", False)


def test_markup_and_addresses_stay_words(client: Client, story: Publication) -> None:
    text = "<script>alert(1)</script> Look at https://example.org/x & tell me."
    send(client, story, text=text)
    make.decided(the_reply(), Outcome.APPROVE)
    page = Client().get(f"/stories/{story.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Look at https://example.org/x &amp; tell me." in page
    assert 'href="https://example.org' not in page


def test_what_was_begun_is_gone_on_with(client: Client, story: Publication) -> None:
    posted = answer_form(client, story).post(client, text="I read this and", later="1")
    assert "/stories/status/" in posted.url
    page = open_answer(client, story)
    assert page.request["PATH_INFO"] == f"/stories/reply/{story.pk}/{the_reply().contribution_id}/"
    assert form(page, "/").fields["text"] == ["I read this and"]
    status = plain(client.get(posted.url).content)
    assert "Go on writing" in status
    assert client.get(f"/stories/new/{the_reply().contribution_id}/").url == page.request["PATH_INFO"]


def test_nothing_typed_is_nothing_kept(client: Client, story: Publication) -> None:
    posted = answer_form(client, story).post(client, later="1")
    assert posted.status_code == 303
    assert "3 things need another look" in plain(client.get(posted.url).content)
    assert Contribution.objects.exclude(parent=None).count() == 0


def test_an_edit_leaves_the_approved_answer_up(client: Client, story: Publication) -> None:
    send(client, story)
    make.decided(the_reply(), Outcome.APPROVE)
    pk = the_reply().contribution_id
    page = client.get(f"/stories/reply/{story.pk}/{pk}/")
    assert "Readers see the version that was approved" in plain(page.content)
    assert "consents" not in form(page, "/").fields, "consent is asked anew"
    posted = form(page, "/").post(client, text="Other words that come instead.", consents=["publish", "rules"])
    form(client.get(posted.url), "/").post(client)
    read = plain(Client().get(f"/stories/{story.pk}/").content)
    assert make.REPLY in read
    assert "Other words" not in read
    make.decided(Revision.objects.get(state="waiting"), Outcome.APPROVE)
    read = plain(Client().get(f"/stories/{story.pk}/").content)
    assert "Other words that come instead." in read
    assert make.REPLY not in read


def test_a_reply_has_no_page_of_its_own_and_no_replies(client: Client, story: Publication) -> None:
    reply = make.published_reply(story)
    assert client.get(f"/stories/{reply.pk}/").url == f"/stories/{story.pk}/?answers=1#reply-{reply.pk}"
    assert client.get(f"/stories/{reply.pk}/reply/").status_code == 404
    assert client.get(f"/stories/reply/{reply.pk}/{uuid.uuid4()}/").status_code == 404
    assert str(reply.pk) not in plain(client.get("/stories/").content)


def test_a_receipt_shows_and_opens_an_answer(story: Publication) -> None:
    visitor, later = Client(), Client()
    assert "Your receipt" in plain(look(visitor, story).content)
    code = visitor.session["receipt"]
    form(visitor.get(f"/stories/preview/{the_reply().contribution_id}/"), "/").post(visitor)
    assert later.post("/stories/receipt/", {"code": code}).status_code == 303
    assert "An answer to: The drive home" in plain(later.get(f"/stories/status/{the_reply().contribution_id}/").content)


def test_answers_move_no_count(author: Owner, story: Publication) -> None:
    before = dict(Counter.objects.values_list("name", "value"))
    replier = make.owner()
    reply = make.published_reply(story, replier)
    make.published_reply(story, author)
    withdraw(reply.pk, owner=replier)
    assert dict(Counter.objects.values_list("name", "value")) == before


def test_the_page_of_a_thread_costs_the_same_at_any_length(
    story: Publication, django_assert_max_num_queries: Any
) -> None:
    for more in (1, 29):
        for _ in range(more):
            make.published_reply(story)
        with django_assert_max_num_queries(4):
            page = Client().get(f"/stories/{story.pk}/")
    further = page.content.decode().partition('href="?below=')[2].partition("#")[0]
    with django_assert_max_num_queries(4):
        rest = Client().get(f"/stories/{story.pk}/?below={further}")
    assert rest.content.decode().count('<li class="entry" id="reply-') == 10
    assert b"noindex" in rest.content
    assert Client().get(f"/stories/{story.pk}/?below=x").status_code == 404
