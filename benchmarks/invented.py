"""Invented stories that look like real ones: how long they are, which words they use, what was answered.

Lengths are log-normal with a median of 250 words; words follow Zipf's law over some thousands of invented and
some real ones; COMMON stands in about 30 of 100 stories, RARE in about 20 of any number.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import content

# How many agree to what is off by default, and leave a line about what they tried: so few that a page which looks for
# them feels every other story that it walks past. Figures read all who may be counted: many, for the job to be long.
WISHES = {"index": 0.03, "quote": 0.04, "statistics": 0.4}
TIPS = 0.3
COMMON, RARE = "waiting", "lighthouse"
RARE_STORIES = 20
MEDIAN_WORDS, SPREAD = 250, 0.7
SYLLABLES = (
    "ba be di do fa fe ga go ha hi ka ke la le li lo ma me mi mo na ne no pa pe ra re ri ro sa se ta te to".split()
)
PLAIN = """
the and to I a of it was that in my for not me with but had on we he at have is so as when they be all this what
her you she about could one from would there an or said time did been like if no were him how then out up because
felt after first went told know day now back think before never only body doctor pain help partner week year home
night friend slowly breath appointment room hand clinic word question story small better worse tried again
""".split()


@dataclass(frozen=True)
class Invented:
    """One story, or a reply to one (``parent`` is the number of its story)."""

    number: int
    role: str
    title: str
    text: str
    answers: dict[str, Any] = field(default_factory=dict)
    treatments: list[dict[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    consents: list[str] = field(default_factory=list)
    audience: str = "everyone"
    parent: int | None = None


class Writers:
    """Writes stories that are always the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - invented text, no secret
        coined = ["".join(self.dice.choices(SYLLABLES, k=self.dice.choice((2, 2, 3, 3, 4)))) for _ in range(6_000)]
        self.words = list(dict.fromkeys([*PLAIN, *coined]))
        self.weights = list(accumulate(1 / (place + 2.7) for place in range(len(self.words))))
        self.pack = content.load()

    def stories(self, count: int) -> Iterator[Invented]:
        """Yield so many stories, and about one reply for every five of them."""
        step = max(1, count // RARE_STORIES)
        for number in range(count):
            yield self._story(number, has_rare=number % step == 0)
            if self.dice.random() < 0.2:
                yield Invented(number, "self", "", self._text(60), consents=["publish", "rules"], parent=number)

    def _story(self, number: int, *, has_rare: bool) -> Invented:
        dice = self.dice
        role = dice.choices(("self", "partner", "friend"), (85, 10, 5))[0]
        own = role == "self"
        return Invented(
            number,
            role,
            title=" ".join(self._some(dice.randint(2, 8))).capitalize(),
            text=self._text(MEDIAN_WORDS, rare=has_rare),
            answers=self._answers() if own else {},
            treatments=self._treatments() if own else [],
            warnings=dice.sample([one.code for one in self.pack.warnings], dice.choice((1, 1, 2, 3)))
            if dice.random() < 0.4
            else [],
            consents=["publish", "rules", *(code for code, share in WISHES.items() if dice.random() < share)],
            audience="members" if dice.random() < 0.1 else "everyone",
        )

    def _text(self, median: int, *, rare: bool = False) -> str:
        length = min(6_000, max(20, round(median * math.exp(self.dice.gauss(0, SPREAD)))))
        words = self._some(length)
        if self.dice.random() < 0.3:
            words[self.dice.randrange(length)] = COMMON
        if rare:
            words[self.dice.randrange(length)] = RARE
        paragraphs, place = [], 0
        while place < length:
            end = place + self.dice.randint(40, 120)
            paragraphs.append(" ".join(words[place:end]).capitalize() + ".")
            place = end
        return "\n\n".join(paragraphs)

    def _some(self, count: int) -> list[str]:
        return self.dice.choices(self.words, cum_weights=self.weights, k=count)

    def _answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for question in self.pack.asked("self"):
            codes = [option.code for option in question.options]
            if not codes or self.dice.random() < 0.3:
                continue
            answers[question.code] = self._one(codes) if question.kind == "one" else [self._one(codes)]
        return answers

    def _treatments(self) -> list[dict[str, str]]:
        codes = [one.code for one in self.pack.treatments]
        helped = [one.code for one in self.pack.helpfulness]
        tried = dict.fromkeys(self._one(codes) for _ in range(self.dice.choice((0, 1, 1, 2, 2, 3, 4, 6))))
        tips = ({"tip": "Go slowly."} if self.dice.random() < TIPS else {} for _ in tried)
        return [{"code": code, "help": self._one(helped), **tip} for code, tip in zip(tried, tips, strict=True)]

    def _one(self, codes: Sequence[str]) -> str:
        """Return one of some codes, the first ones more often."""
        return self.dice.choices(codes, [1 / (place + 1) for place in range(len(codes))])[0]
