"""The way through the steps: forward, back, around one, and with another role."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

import content
from stories.facets import facets_of
from stories.forms import AboutForm, first_missing, held, next_to_write, posted
from stories.models import Audience, Contribution, Revision
from stories.words import Words
from tests import make
from tests.stories.page import form
from tests.stories.writing import BY_STEP, STEPS, TYPED, at_step, begin, go_on, look, open_form, to_send, walk

pytestmark = pytest.mark.django_db
ROW = {"tried-0-code": "t01", "tried-0-help": "h2", "tried-0-tip": "Small  steps\nonly"}
ABOUT = {"answer-stage": "s3", "answer-goal": ["g4", "g1"], "answer-age": "e2", "answer-country": "nz"}


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    return make.client_of(make.member() if request.param == "member" else None, enforce_csrf_checks=True)


@pytest.mark.parametrize("code", ["age", "country", "relationship", "also", "time_to_name", "time_living", "barriers"])
def test_question_for_figures_says_so(code: str) -> None:
    fields = AboutForm(MultiValueDict({"role": ["self"]})).fields
    assert "For figures only: it is never shown with your story." in str(fields[f"answer-{code}"].help_text)


def test_every_choice_has_prefer_not_to_say(writer: Client) -> None:
    pk, unsaid = uuid.uuid4(), "prefer not to say"
    at_step(writer, pk, "about").post(writer, role="self")
    tried, sharing = (
        writer.get(reverse("stories:step", args=[pk, step])).content.decode() for step in ("tried", "sharing")
    )
    assert tried.count("<select") == tried.count(f"{unsaid}</option>")
    assert tried.count("for figures only") == 1
    assert f"or if you {unsaid}." in sharing


def draft() -> Revision:
    return Revision.objects.select_related("contribution").get()


def test_steps_lead_to_a_story_with_all_that_was_said(writer: Client) -> None:
    wishes = {"wishes": ["quote", "statistics"], "audience": "members", "replies": None}
    seen = walk(writer, about=BY_STEP["about"] | ABOUT, tried=ROW, sharing=BY_STEP["sharing"] | wishes)
    kept = draft()
    assert seen.request["PATH_INFO"] == reverse("stories:preview", args=[kept.contribution_id])
    assert kept.answers == {"stage": "s3", "goal": ["g1", "g4"], "age": "e2", "country": "nz"}
    assert kept.treatments == [{"code": "t01", "help": "h2", "tip": "Small steps only"}]
    assert (kept.audience, kept.consents) == ("members", ["publish", "rules", "quote", "statistics"])
    assert not kept.contribution.takes_replies
    assert to_send(seen).post(writer).status_code == 303
    assert draft().state == "waiting"


def test_only_what_is_needed_is_asked_for(writer: Client) -> None:
    walk(writer, sharing={"consents": ["publish", "rules"], "warnings": None})
    kept = draft()
    assert (kept.answers, kept.treatments, kept.warnings) == ({}, [], [])
    assert (kept.audience, kept.consents) == (Audience.EVERYONE, ["publish", "rules"])
    assert kept.contribution.takes_replies


def test_every_choice_may_be_left_unsaid_and_says_who_sees_it(writer: Client) -> None:
    page = begin(writer).content.decode()
    assert page.count("I prefer not to say") == 10
    assert page.count("Leave all empty if you prefer not to say.") == 4
    assert page.count("Readers see your answer beside your story") == 3
    assert page.count("it is never shown with your story") == 11


def test_going_back_keeps_what_was_typed(writer: Client) -> None:
    page = go_on(writer, begin(writer), role="self")
    answer = form(page, "/story/").post(writer, title="Half", text="Only half.", back="1")
    kept = draft()
    assert answer.url == reverse("stories:step", args=[kept.contribution_id, "about"])
    assert (kept.title, kept.text) == ("Half", "Only half.")
    assert form(go_on(writer, writer.get(answer.url)), "/story/").fields["text"] == ["Only half."]


def test_what_was_tried_can_be_skipped_and_is_kept(writer: Client) -> None:
    pk = uuid.uuid4()
    answer = at_step(writer, pk, "tried").post(writer, **ROW, skip="1")
    assert answer.url == reverse("stories:step", args=[pk, "sharing"])
    assert draft().treatments[0]["code"] == "t01"


def test_whoever_comes_back_goes_on_at_the_first_step_that_is_not_done(writer: Client) -> None:
    page = begin(writer)
    for step in STEPS:
        kept = Revision.objects.first()
        if kept:
            leads = writer.get(reverse("stories:write", args=[kept.contribution_id]))
            assert leads.url == reverse("stories:step", args=[kept.contribution_id, step])
        page = go_on(writer, page, **BY_STEP[step], **(ROW if step == "tried" else {}))
    leads = writer.get(reverse("stories:write", args=[draft().contribution_id]))
    assert leads.url == reverse("stories:preview", args=[draft().contribution_id])


def test_complete_story_is_looked_at_from_any_step(writer: Client) -> None:
    look(writer)
    pk = draft().contribution_id
    for step in ("about", "story", "tried"):
        page = writer.get(reverse("stories:step", args=[pk, step]))
        assert 'name="look"' in page.content.decode()
        assert form(page, "/").post(writer, look="1").url == reverse("stories:preview", args=[pk])
    form(page, "/").post(writer)
    at_step(writer, pk, "story").post(writer, title="")
    assert 'name="look"' not in writer.get(reverse("stories:step", args=[pk, "about"])).content.decode()


def test_last_step_leads_to_what_is_missing_before_it(writer: Client) -> None:
    pk = uuid.uuid4()
    answer = at_step(writer, pk, "sharing").post(writer, **BY_STEP["sharing"])
    assert answer.url.startswith(reverse("stories:step", args=[pk, "about"]) + "?check=")
    assert "Please choose one, so that readers know" in writer.get(answer.url).content.decode()


def test_receipt_is_offered_once_there_is_a_draft() -> None:
    visitor = Client()
    page = begin(visitor)
    assert "data-text=" not in page.content.decode()
    page = go_on(visitor, page)
    assert f'data-text="{visitor.session["receipt"]}"' in page.content.decode()
    member = make.client_of(make.member())
    assert "data-text=" not in go_on(member, begin(member)).content.decode()


def test_partner_is_asked_other_questions_and_not_what_they_tried(writer: Client) -> None:
    page = begin(writer, "r2")
    assert {name for name in form(page, "/").fields if name.startswith("answer-")} == {
        f"answer-{code}" for code in ("whose", "age", "relationship", "country")
    }
    page = go_on(writer, page, **{"answer-whose": "x1"})
    assert "What do you need that nobody asks about?" in page.content.decode()
    page = go_on(writer, page, **BY_STEP["story"])
    assert page.request["PATH_INFO"].endswith("/sharing/")
    pk = draft().contribution_id
    assert writer.get(reverse("stories:step", args=[pk, "tried"])).url == reverse("stories:step", args=[pk, "sharing"])


@pytest.mark.parametrize("role", ["partner", "friend"])
def test_nobody_else_answers_for_a_patient(writer: Client, role: str) -> None:
    writing = open_form(writer)
    answer = writing.post(writer, **(TYPED | ABOUT | ROW | {"role": role, "asked": role}))
    assert (answer.status_code, Revision.objects.exists()) == (409, False)
    assert form(answer, "/").fields["tried-0-tip"] == [ROW["tried-0-tip"]]
    seen = form(answer, "/").post(writer, **ABOUT, drop="1")
    kept = draft()
    assert seen.url == reverse("stories:preview", args=[kept.contribution_id])
    assert (kept.role, kept.answers, kept.treatments) == (role, {"age": "e2", "country": "nz"}, [])
    # Nothing by which a page of a treatment, or an article, would find it.
    assert facets_of(kept) == [content.load().role(role).facet]
    given_back = at_step(writer, kept.contribution_id, "sharing").post(writer, part=["tried"], **ROW)
    assert (given_back.status_code, draft().treatments) == (409, [])
    assert "<li>What you tried</li>" in given_back.content.decode()
    again = form(given_back, "/tried/")
    assert again.fields["tried-0-tip"] == [ROW["tried-0-tip"]]
    assert again.post(writer, **{"tried-0-tip": "x" * 999}, drop="1").url.endswith("/sharing/")
    assert writer.post(writing.action, again.fields | {"part": "tried", "drop": "1"}).status_code == 303


def test_change_of_role_that_takes_something_out_asks_first(writer: Client) -> None:
    walk(writer, about=BY_STEP["about"] | ABOUT, tried=ROW)
    pk, before = draft().contribution_id, Words.of(draft())
    asked = at_step(writer, pk, "about").post(writer, **{"role": "partner", "answer-type": "y1"})
    text = asked.content.decode()
    taken_out = (
        "Where are things for you now?",
        "Has it always been there?",
        "What do you hope for?",
        "What you tried",
    )
    for question in taken_out:
        assert f"<li>{question}</li>" in text
    assert "<li>How old are you?</li>" not in text
    assert (asked.status_code, Words.of(draft())) == (422, before)
    again = form(asked, "/about/")
    assert (again.fields["role"], again.fields["answer-type"]) == (["partner"], ["y1"])
    assert again.post(writer).status_code == 422
    answer = again.post(writer, drop="1")
    text = writer.get(answer.url).content.decode()
    assert "You changed where you stand" in text
    assert "Whose story is this?" in text
    assert (draft().role, draft().answers, draft().treatments) == ("partner", {"age": "e2", "country": "nz"}, [])
    back = at_step(writer, pk, "about").post(writer, **{"role": "self", "answer-whose": "x1"})
    assert "<li>Whose story is this?</li>" in back.content.decode()


def test_whoever_thinks_better_of_another_role_loses_nothing(writer: Client) -> None:
    asked = open_form(writer).post(writer, **(ABOUT | {"role": "friend"}))
    assert not Revision.objects.exists()
    form(asked, "/about/").post(writer, role="self")
    assert draft().answers == {"stage": "s3", "goal": ["g1", "g4"], "age": "e2", "country": "nz"}


def test_change_of_role_with_nothing_to_lose_says_only_that_the_questions_changed(writer: Client) -> None:
    page = writer.get(open_form(writer).post(writer, role="friend").url).content.decode()
    assert "You changed where you stand" in page
    assert "taken out" not in page


def test_what_only_members_read_is_nothing_for_search_engines(writer: Client) -> None:
    walk(writer, sharing=BY_STEP["sharing"] | {"wishes": ["index"], "audience": "members"})
    assert draft().consents == ["publish", "rules"]
    at_step(writer, draft().contribution_id, "sharing").post(writer, wishes=["index"], audience="everyone")
    assert draft().consents == ["publish", "rules", "index"]


def test_answers_to_a_story_can_be_closed_and_opened_again(writer: Client) -> None:
    walk(writer, sharing=BY_STEP["sharing"] | {"replies": None})
    pk = draft().contribution_id
    sharing = at_step(writer, pk, "sharing")
    assert "replies" not in sharing.fields
    sharing.post(writer, replies="on")
    assert Contribution.objects.get(pk=pk).takes_replies


def test_whole_story_is_carried_unseen_and_comes_back_the_same() -> None:
    told: dict[str, Any] = {
        "answers": {"stage": "s3", "goal": ["g1", "g4"], "country": "nz"},
        "treatments": [{"code": "t01", "help": "h2"}, {"code": "other", "name": "Swimming", "tip": "Warm water"}],
        "consents": ["publish", "rules", "index"],
        "audience": "members",
    }
    words = Words(**make.words(**told))
    assert first_missing(words) is None
    assert next_to_write(Words(**make.words(consents=[]))) == "tried"
    assert [value for name, value in posted(words) if name == "part"] == STEPS
    assert held(words, replies=False).get("replies") is None
    writer = make.client_of(make.member())
    data: dict[str, list[str]] = {}
    for name, value in posted(words):
        data.setdefault(name, []).append(value)
    open_form(writer).post(writer, **data)
    # What only members may read is nothing for search engines.
    assert Words.of(draft()) == Words(**make.words(**told | {"consents": ["publish", "rules"]}))
