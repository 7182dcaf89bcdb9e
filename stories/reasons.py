"""The letter to an owner: what was decided, by which rules, about which words, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from stories.happened import answer_to_appeal, appeal_of, letter_to_appeal, letters_of, newest_of, wait_of
from stories.models import Outcome, Revision, Statement, house_rules
from stories.pause import appeal_until, can_appeal
from stories.pieces import Passage
from stories.reading import Story, story_of


@dataclass(frozen=True)
class Letter:
    """What an owner is told about a decision: the rules by which it was made, and the text it is about."""

    outcome: Outcome
    rules: list[content.Rule]
    notes: list[str]  # one of each person who decided
    story: Story
    is_marked: bool  # it names a passage
    month: date
    was_reported: bool  # readers had reported the text
    was_highlighted: bool  # a program had highlighted something in it


@dataclass(frozen=True)
class Appealing:
    """Where an appeal about the newest decision stands; ``words`` are the owner's.

    It is still possible, asked for, answered, or it ended without an answer.
    """

    words: str
    until: date  # the last day on which one is possible
    is_possible: bool
    is_open: bool
    is_answered: bool


def letter_about(revision: Revision, *, before: Outcome | None = None) -> Letter | None:
    """Return the newest letter about a version, or the one before a letter of this outcome; passages are marked."""
    letters = letters_of(revision)
    if before is not None:
        found = letters[-1:] and letters[-1].outcome == before
        letters = [one for one in letters if one.outcome != before] if found else []
    if not letters:
        return None
    newest = newest_of(letters)
    written = getattr(revision, "rule_words", None)  # fetched with a text that was fetched whole
    rules = house_rules(get_language() or "en", written)
    named = {code for one in newest for code in one.rules}
    passages = _passages(newest)
    return Letter(
        Outcome(newest[-1].outcome),
        [one for one in rules if one.code in named],
        [one.text for one in newest if one.text],
        story_of(revision, passages=passages),
        is_marked=bool(passages),
        month=newest[-1].month,
        was_reported=newest[-1].reported,
        was_highlighted=bool(revision.signals),
    )


def appealing(revision: Revision, *, is_moot: bool = False) -> Appealing:
    """Return where an appeal about a refused or removed version stands; about one that is moot none is possible."""
    told, answered = appeal_of(revision), answer_to_appeal(revision)
    waits = wait_of(revision) is not None
    return Appealing(
        words=told.text if told else "",
        until=appeal_until(revision),
        is_possible=told is None and can_appeal(revision) and not is_moot and letter_to_appeal(revision) is not None,
        is_open=told is not None and answered is None and waits,
        is_answered=answered is not None,
    )


def _passages(letters: Iterable[Statement]) -> dict[str, list[Passage]]:
    """Return the passages that letters name, by the names of their fields."""
    found: dict[str, list[Passage]] = {}
    for field, start, end in dict.fromkeys(tuple(one) for letter in letters for one in letter.passages):
        found.setdefault(field, []).append(Passage(start, end, _("look here")))
    return found
