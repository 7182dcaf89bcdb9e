"""Help that appears when somebody's words sound like a crisis."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import content
from accounts.models import User
from stories import guide
from stories.actions import withdraw
from stories.models import Outcome, Revision
from tests import make

pytestmark = pytest.mark.django_db
PAST = "Sometimes I want to die, and I do not know whom to tell."
NOW = "I am going to kill myself tonight."


def page_of(client: Client, name: str, revision: Revision, query: str = "") -> str:
    page = client.get(reverse(f"stories:{name}", args=[revision.contribution_id]) + query)
    assert page.status_code == 200
    return html.unescape(page.content.decode())


def text(words: str) -> dict[str, Any]:
    return {"text": f"{make.TEXT}\n\n{words}"}


@pytest.mark.parametrize(
    ("words", "sentence"), [(PAST, "This sounds like a lot to carry."), (NOW, "You do not have to be alone with it")]
)
@pytest.mark.parametrize("name", ["preview", "status"])
def test_help_comes_before_everything(
    name: str, words: str, sentence: str, member: User, member_client: Client
) -> None:
    page = page_of(member_client, name, make.draft(make.owner(member), **text(words)))
    main = page[page.index("<h1") :]
    assert sentence in main
    assert (
        main.index('id="nearby"')
        < min(main.index(later) for later in ("notice", "<h2", "<form") if later in main) + 200
    )
    assert main.index('id="nearby"') < main.index("As readers will see it" if name == "preview" else "What you can do")
    assert 'href="/help-now/"' in main[: main.index("</section>")]
    assert "findahelpline.com" in main


@pytest.mark.parametrize(
    "where",
    [{"title": "I want to die"}, {"treatments": [{"code": "t01", "tip": "It made me want to die: I want to die."}]}],
)
def test_help_comes_wherever_the_words_stand(where: dict[str, Any], member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), **where)
    assert 'id="nearby"' in page_of(member_client, "preview", draft)


def test_gravest_words_choose_the_sentence(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), **text(f"{PAST}\n\n{NOW}"))
    assert "You do not have to be alone with it" in page_of(member_client, "preview", draft)


@pytest.mark.parametrize("name", ["preview", "status"])
def test_danger_now_comes_first_and_then_the_country(name: str, member: User, member_client: Client) -> None:
    page = page_of(member_client, name, make.draft(make.owner(member), **text(NOW)))
    first = "In danger now? Call the emergency number where you are."
    places = [page.index(one) for one in (first, "people are there for you now", "Where are you?", "findahelpline.com")]
    assert places == sorted(places)
    assert "Find help in another country" not in page
    assert first not in page_of(member_client, name, make.draft(make.owner(member), **text(PAST)))


TIP = [{"code": "t01", "tip": NOW[:90]}]


@pytest.mark.parametrize(
    ("typed", "role", "whole"),
    [
        (text(NOW), "self", {"story", "tried"}),
        (text(NOW), "partner", {"story", "sharing"}),
        ({"treatments": TIP}, "self", {"tried", "sharing"}),
    ],
)
def test_help_is_folded_once_it_was_shown_whole(
    typed: dict[str, Any], role: str, whole: set[str], member: User, member_client: Client
) -> None:
    draft = make.draft(make.owner(member), role=role, **typed)
    for step in guide.steps_of(role)[:-1]:
        page = member_client.get(reverse("stories:step", args=[draft.contribution_id, step])).content.decode()
        help_ = page[page.index('id="nearby"') :].split("</section>")[0]
        assert help_.startswith('id="nearby" aria-labelledby="nearby-title">\n  <details>') == (step not in whole), step
        assert "findahelpline.com" in help_
    assert "Help is here if you want it" not in page_of(member_client, "preview", draft)


@pytest.mark.parametrize("step", ["about", "story", "tried", "sharing"])
def test_help_stands_on_every_step_of_what_is_kept(step: str, member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), **text(NOW))
    page = member_client.get(reverse("stories:step", args=[draft.contribution_id, step])).content.decode()
    assert page.index("<h1") < page.index('id="nearby"') < page.index('method="post" action="/stories/new/')
    (opened,) = re.findall(r'<form class="nearby__place"[^>]*>', page)
    assert 'action="/help-now/"' in opened
    assert 'target="_blank"' in opened, "what is typed and not kept yet stays"
    calm = make.draft(make.owner(member))
    assert (
        "nearby" not in member_client.get(reverse("stories:step", args=[calm.contribution_id, step])).content.decode()
    )


def test_no_help_is_pressed_on_anybody(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text=f"{make.TEXT} Write to quiet.fern@example.org.")
    for name in ("preview", "status"):
        assert "nearby" not in page_of(member_client, name, draft)


@pytest.mark.parametrize("name", ["preview", "status"])
@pytest.mark.parametrize("country", [one.code for one in content.load().countries])
def test_help_of_a_country_is_that_of_the_pack(name: str, country: str, member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), **text(PAST))
    page = page_of(member_client, name, draft, f"?country={country}")
    for line in content.load().help_in(country):
        assert line.contact in page
    assert f'<option value="{country}" selected>' in page


@pytest.mark.parametrize("country", ["", "XX", "gb", "../etc"])
def test_nothing_is_guessed(country: str, member: User) -> None:
    client = make.client_of(member, headers={"accept-language": "en-GB"})
    draft = make.draft(make.owner(member), **text(PAST))
    page = page_of(client, "preview", draft, f"?country={country}")
    assert "findahelpline.com" in page
    assert "Samaritans" not in page
    assert " selected>" not in page


def test_choosing_a_country_writes_nothing_and_needs_no_token(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), **text(PAST))
    page_of(member_client, "preview", draft)
    with CaptureQueriesContext(connection) as seen:
        page = page_of(member_client, "preview", draft, "?country=GB")
    assert not [one for one in seen if not one["sql"].startswith("SELECT")]
    form = page[page.index('class="nearby__place"') :]
    assert "csrf" not in form[: form.index("</form>")]


def test_words_of_a_crisis_are_marked_without_a_wish_to_change_them(member: User, member_client: Client) -> None:
    page = page_of(member_client, "preview", make.draft(make.owner(member), **text(PAST)))
    assert '>I want to die<a class="signal__label" href="#noticed-1">Help is listed above</a></mark>' in page
    assert 'id="noticed-1" href="#passage-1" dir="auto">I want to die</a>' in page
    assert "A program noticed something" not in page
    assert page.count('name="fix"') == page.count("Add this warning") == 1


def test_help_stays_while_the_text_waits_and_after_the_answer(member: User, member_client: Client) -> None:
    by = make.owner(member)
    sent = make.waiting(by, **text(PAST))
    assert 'id="nearby"' in page_of(member_client, "status", sent)
    make.decided(sent, Outcome.REFUSE)
    assert 'id="nearby"' in page_of(member_client, "status", sent)
    withdraw(sent.contribution_id, owner=by)
    assert 'id="nearby"' not in page_of(member_client, "status", sent)


def test_a_reply_gets_help_too(member: User, member_client: Client) -> None:
    reply = make.draft(make.owner(member), reply_to=make.published().pk, title="", text=PAST)
    for name in ("preview", "status"):
        assert 'id="nearby"' in page_of(member_client, name, reply)
    address = reverse("stories:reply", args=[reply.contribution.parent_id, reply.contribution_id])
    assert 'id="nearby"' in member_client.get(address).content.decode()
