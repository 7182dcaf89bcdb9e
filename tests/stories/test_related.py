from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from stories import related as module
from stories.choices import Choices
from stories.models import Publication
from stories.related import related
from tests import make

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def tried(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "help": "h1"} for code in codes]


def titles(publication: Publication, reader: Any = VISITOR) -> list[str]:
    return [card.title for card in related(publication, reader=reader, choices=Choices())]


def test_related_share_role_and_stage_or_a_treatment_closest_first() -> None:
    for title, stage, codes in [
        ("All the same", "s4", ("t01", "t02")),
        ("One treatment", "s9", ("t02",)),
        ("The stage", "s4", ()),
        ("The stage too", "s4", ()),
        ("Nothing", "s1", ("t03",)),
    ]:
        make.published(title=title, answers={"stage": stage}, treatments=tried(*codes))
    make.published(title="Of a partner", role="partner")
    story = make.published(title="This one", answers={"stage": "s4"}, treatments=tried("t01", "t02"))
    assert titles(story) == ["All the same", "One treatment", "The stage too"]


def test_partner_is_shown_partners() -> None:
    make.published(title="Of a patient", answers={"stage": "s4"})
    make.published(title="Of a partner", role="partner")
    assert titles(make.published(role="partner")) == ["Of a partner"]


def test_related_are_what_this_reader_may_read() -> None:
    make.published(title="For members", answers={"stage": "s4"}, audience="members")
    hidden = make.published(title="Hidden", answers={"stage": "s4"})
    make.hide(hidden.contribution)
    story = make.published(answers={"stage": "s4"})
    make.published_reply(story)
    assert titles(story) == []
    assert titles(story, make.member()) == ["For members"]


def test_related_on_a_page_for_search_engines_are_those_that_may_be_shown_there() -> None:
    allowed = ["publish", "rules", "index"]
    for title, more in [
        ("Closed", {}),
        ("Open", {"consents": allowed}),
        ("An example", {"example": True, "consents": allowed}),
    ]:
        make.published(title=title, answers={"stage": "s4"}, **more)
    story = make.published(title="This one", answers={"stage": "s4"}, consents=allowed)
    address = reverse("stories:detail", args=[story.pk])

    def listed(client: Client, query: str = "") -> list[str]:
        shown = client.get(address + query).content.decode()
        return re.findall(r"<a href=\"/stories/[0-9a-f-]{36}/\">([^<]+)<", shown)

    assert listed(Client()) == ["An example", "Open"]
    assert listed(Client(), "?answers=1") == ["An example", "Open", "Closed"]
    assert listed(make.client_of(make.member())) == ["An example", "Open", "Closed"]


def test_related_warned_stories_show_no_word_before_they_are_opened() -> None:
    make.published(answers={"stage": "s4"}, warnings=["w1"])
    story = make.published(answers={"stage": "s4"})
    (closed,) = related(story, reader=VISITOR, choices=Choices())
    (opened,) = related(story, reader=VISITOR, choices=Choices.of(["w1"]))
    assert closed.excerpt == ""
    assert opened.excerpt.startswith("For a long time")


def test_related_come_from_the_places_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REACH", 2)
    far, near = (make.published(title=title, answers={"stage": "s4"}) for title in ("Far", "Near"))
    story = make.published(answers={"stage": "s4"})
    assert titles(story) == ["Near"]
    assert (far.position, near.position) < (story.position, story.position)


def test_story_leads_to_people_like_its_writer() -> None:
    make.published(title="Near", answers={"stage": "s4"}, treatments=tried("t01"))
    make.published(title="Elsewhere", answers={"stage": "s1"}, treatments=tried("t01"))
    story = make.published(title="This one", answers={"stage": "s4", "goal": ["g1"]}, treatments=tried("t01", "t02"))
    page = Client().get(reverse("stories:detail", args=[story.pk])).content.decode()
    assert 'href="/stories/?f=r1.s4.t01.t02"' in page
    listed = Client().get("/stories/?f=r1.s4.t01.t02").content.decode()
    assert re.findall(r"<a href=\"/stories/[0-9a-f-]{36}/\">([^<]+)<", listed) == ["This one", "Near"]
