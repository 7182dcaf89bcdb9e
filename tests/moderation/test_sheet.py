"""What a moderator reads beside the words: what a reply answers, what was chosen, and where a decision may point."""

from __future__ import annotations

import re
from typing import Any

import pytest

from moderation.actions import claim
from moderation.models import Case, Decision
from moderation.passages import Span
from stories.actions import withdraw
from stories.models import Outcome, Statement
from tests import make
from tests.moderation.desk import Desk, plain

TREATMENTS: list[dict[str, Any]] = [
    {"code": "t02", "help": "h1", "duration": "d2", "tip": "Ring 07700 900123 and ask for Anna"},
    {"code": "other", "name": "Swimming at example.org", "tip": "Slowly"},
]
ANSWERS = {"stage": "s4", "country": "de", "affected": ["f1", "f3"]}


def rich(**changes: Any) -> dict[str, Any]:
    return {"treatments": TREATMENTS, "answers": ANSWERS} | changes


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def test_a_reply_is_called_one_and_shows_its_story_folded(desk: Desk) -> None:
    story = make.published(title="The letter to my doctor")
    make.reply(story, hope=True, role="partner")
    page = desk.open(desk.take_next())
    words = plain(page)
    assert "An answer to a story" in words
    assert "A message of hope" in words
    folded = re.search(r"<details class=\"case__answered\">(.*?)</details>", page, re.DOTALL)
    assert folded is not None, "folded, and not open"
    assert "The letter to my doctor" in plain(folded[1])
    assert plain(make.TEXT.split("\n")[0]) in plain(folded[1])
    assert "data-passages" in page.replace(folded[0], "")
    assert make.REPLY in words


def test_a_story_is_not_called_a_reply(desk: Desk) -> None:
    make.waiting()
    page = desk.open(desk.take_next())
    assert "case__answered" not in page
    assert "An answer" not in plain(page)


def test_a_reply_to_a_hidden_story_shows_none_of_its_words(desk: Desk) -> None:
    story = make.published(title="The letter to my doctor")
    reply = make.reply(story)
    make.hide(story.contribution)
    words = plain(desk.open(claim(Case.objects.get(revision=reply).pk, moderator=desk.user)))
    assert "Readers do not see the story that it answers at this moment" in words
    assert "The letter to my doctor" not in words


def test_what_was_chosen_is_shown_with_signals_in_place(desk: Desk) -> None:
    make.waiting(**rich(audience="members"))
    page = desk.open(desk.take_next())
    words = plain(page)
    assert "For members only" in words
    for shown in ("Pelvic floor physiotherapy Helped a lot", "Still working on it", "Slowly"):
        assert shown in words
    assert '<mark class="signal">07700 900123<span class="signal__label">Telephone number</span></mark>' in page
    assert '<mark class="signal">example.org<span class="signal__label">Link</span></mark>' in page
    assert "Telephone number Link" in words, "both are told above the text"


@pytest.mark.parametrize("cause", ["new", "edit"])
def test_what_is_for_figures_only_is_not_shown(cause: str, desk: Desk) -> None:
    owner = make.owner()
    if cause == "edit":
        make.waiting(owner, contribution=make.published(owner).pk, **rich())
    else:
        make.waiting(owner, **rich())
    words = plain(desk.open(desk.take_next()))
    assert "Still working on it" in words
    for said in ("Germany", "A tampon or a cup", "An examination or a smear test", "for figures only", "4 weeks"):
        assert said not in words


def test_passages_may_lie_in_tips_and_names(desk: Desk) -> None:
    make.waiting(**rich())
    case = desk.take_next()
    answer = desk.decide(case, "ask_changes", passages="ask for Anna\nexample.org\n")
    assert answer.status_code == 303, plain(answer.content)
    expected = [list(Span("tried.0.tip", 22, 34)), list(Span("tried.1.name", 12, 23))]
    assert Decision.objects.get().passages == Statement.objects.get().passages == expected
    tip, name = TREATMENTS[0]["tip"], TREATMENTS[1]["name"]
    assert (tip[22:34], name[12:23]) == ("ask for Anna", "example.org")


def test_words_of_the_list_are_no_passage(desk: Desk) -> None:
    make.waiting(**rich())
    answer = desk.decide(desk.take_next(), "ask_changes", passages="Pelvic floor physiotherapy")
    assert answer.status_code == 422
    assert "This line is not in the text" in plain(answer.content)


def test_an_edit_names_the_choices_that_changed(desk: Desk) -> None:
    owner = make.owner()
    live = make.published(owner, **rich())
    changed = [TREATMENTS[0] | {"help": "h4"}, TREATMENTS[1]]
    answers = ANSWERS | {"stage": "s6", "country": "fr"}
    make.waiting(owner, contribution=live.pk, treatments=changed, answers=answers, audience="members")
    page = desk.open(desk.take_next())
    change = plain(page.split('class="case__change"')[1].split("</details>")[0])
    assert "No word of the text is different." in change
    for before, after in (
        ("Still working on it", "Much better"),
        ("Everybody", "Members only"),
    ):
        assert f"Taken out: {before}" in change
        assert f"Put in: {after}" in change
    assert "It helped a lot" in change
    assert "It made things worse" in change
    assert "Slowly" not in change, "what stayed is not told"


def test_a_reply_goes_to_its_thread_by_approval(desk: Desk) -> None:
    story = make.published()
    reply = make.reply(story)
    assert desk.decide(desk.take_next(), "approve").status_code == 303
    assert Decision.objects.get(revision=reply).outcome == Outcome.APPROVE


def test_a_reply_whose_story_went_is_gone_from_the_queue(desk: Desk) -> None:
    author = make.owner()
    story = make.published(author)
    make.reply(story)
    case = desk.take_next()
    withdraw(story.pk, owner=author)
    answer = desk.decide(case, "approve")
    assert answer.status_code == 409
    assert "Nothing is left to decide here" in plain(answer.content)
    assert "texts waiting to be read" in plain(desk.client.get("/moderation/").content).lower()
