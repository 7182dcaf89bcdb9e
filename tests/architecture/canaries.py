"""A marked word in every state and field, under as many consents as there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django_countries import countries

import content
from accounts.models import User
from advice import actions
from moderation.actions import report
from stories.actions import appeal, decline, leave_message, save_for_later, take_back, withdraw
from stories.models import Outcome, Publication, Revision
from stories.owners import Owner
from tests import make
from tests.advice import written
from tests.stories.answering import proposal

TREATMENT = "t01"
PARTS = ("title", "text", "tip", "other")
# Chosen for figures only: the words for them are canaries too, which only the forms and the owner's pages hold.
UNSEEN_ANSWERS = {"country": "tv", "also": ["o5"], "age": "e6"}
UNSEEN_ROW = {"duration": "d3", "supervised": "m3", "ending": "z3", "reason": "i5"}
_CHOSEN = ["o5", "e6", *UNSEEN_ROW.values()]
UNSEEN = {words.encode() for words in (countries.name("TV"), *map(content.load().label, _CHOSEN))}

PUBLIC = ("approved", "live", "kept", "replacement", "half", "answered")
FOR_MEMBERS = ("members", "answerundermembers")


def word(name: str) -> str:
    return f"kanari{name.replace('_', '')}end"


SAID = word("saidlive")  # in an article: everybody reads it
_OF_THE_DESK = ("saiddraft", "saiddraftbody", "saidtitle", "saidwaiting", "saidremark", "saidaway")
AT_THE_DESK = {word(name).encode() for name in _OF_THE_DESK}


@dataclass
class Field:
    """What was planted: every word by the name of its place, and the ids to look behind."""

    owner: Owner
    reader: User  # another member, who put some of it aside
    words: dict[str, bytes] = field(default_factory=dict)
    contributions: list[Any] = field(default_factory=list)
    answers: list[tuple[Any, Any]] = field(default_factory=list)  # each with its story before it

    def typed(self, name: str) -> dict[str, Any]:
        """Return all that can be typed or chosen, with a word of its own in each place, and every consent."""
        for part in PARTS:
            self.words[f"{name}_{part}"] = word(f"{name}_{part}").encode()
        return {
            "title": f"About {word(f'{name}_title')}",
            "text": f"{make.TEXT}\n\n{word(f'{name}_text')} is the word. {make.TEXT}",
            "treatments": [
                {"code": TREATMENT, "help": "h1", "tip": f"{word(f'{name}_tip')} helped me.", **UNSEEN_ROW},
                {"code": "other", "name": f"A thing called {word(f'{name}_other')}", "help": "h1"},
            ],
            "answers": UNSEEN_ANSWERS,
            "consents": ["publish", "rules", "index", "quote", "statistics"],
        }

    def plant(self, name: str, outcome: Outcome | None = None, **changes: Any) -> Revision:
        """Plant a text that waits, or that was decided."""
        revision = make.waiting(self.owner, **self.typed(name) | changes)
        self.contributions.append(revision.contribution_id)
        return self.decide(name, revision, outcome)

    def decide(self, name: str, revision: Revision, outcome: Outcome | None) -> Revision:
        if outcome is not None:
            note = f"A note with {word(f'{name}_note')} in it."
            if outcome != Outcome.APPROVE:
                self.words[f"{name}_note"] = word(f"{name}_note").encode()
            make.decided(revision, outcome, text=note)
        return revision

    def edit(self, name: str, of: Revision, outcome: Outcome | None = None) -> Revision:
        """Plant a newer version of a text."""
        edited = make.waiting(self.owner, contribution=of.contribution_id, **self.typed(name))
        return self.decide(name, edited, outcome)

    def answer(self, name: str, story: Revision, outcome: Outcome | None = None, *, sent: bool = True) -> Revision:
        """Plant an answer to a story: a draft, one that waits, or one that was decided."""
        place = f"{name}_text"
        self.words[place] = word(place).encode()
        plant = make.waiting if sent else make.draft
        text = f"{make.REPLY} {word(place)} is the word."
        answer = plant(self.owner, reply_to=story.contribution_id, title="", text=text)
        self.contributions.append(answer.contribution_id)
        self.answers.append((story.contribution_id, answer.contribution_id))
        return self.decide(name, answer, outcome)

    def put_aside(self, revision: Revision) -> None:
        """Let the reader put a story aside for later."""
        story = Publication.objects.get(revision=revision)
        save_for_later(story, owner=Owner.of_account(self.reader))

    def report(self, revision: Revision) -> None:
        """Plant the words of a reader who reports a text."""
        self.words["reported_words"] = word("reported_words").encode()
        seen = Publication.objects.get(revision=revision)
        report(seen, rules=["kind"], text=f"It says {word('reported_words')}.", owner=Owner.of_account(self.reader))

    def named(self, *names: str) -> set[bytes]:
        """Return the words of these places, whatever the field."""
        return {value for key, value in self.words.items() if key.rpartition("_")[0] in names}


def take_down(revision: Revision) -> None:
    """Take a text off the site, as after a report."""
    make.hide(revision.contribution_id)
    make.decided(revision, Outcome.REMOVE)


def planted(owner: Owner) -> Field:
    """Plant every state and every field for one owner."""
    ground = Field(owner, make.member())
    approved = ground.plant("approved", Outcome.APPROVE)
    ground.report(approved)
    ground.put_aside(approved)
    members = ground.plant("members", Outcome.APPROVE, audience="members")
    ground.answer("answerundermembers", members, Outcome.APPROVE)
    edited = ground.plant("live", Outcome.APPROVE)
    ground.edit("pending", edited)
    refused_edit = ground.plant("kept", Outcome.APPROVE)
    ground.edit("badedit", refused_edit, Outcome.REFUSE)
    replaced = ground.plant("replaced", Outcome.APPROVE)
    ground.edit("replacement", replaced, Outcome.APPROVE)
    ground.plant("waiting")
    ground.plant("asked", Outcome.ASK_CHANGES)
    ground.plant("refused", Outcome.REFUSE)
    back = ground.plant("takenback")
    take_back(back.contribution_id, owner=owner)
    gone = ground.plant("withdrawn", Outcome.APPROVE)
    ground.answer("answergone", gone, Outcome.APPROVE)
    ground.answer("answertakenback", gone)
    make.draft(owner, contribution=gone.contribution_id, **ground.typed("discarded"))
    ground.put_aside(gone)
    withdraw(gone.contribution_id, owner=owner)
    hidden = ground.plant("hidden", Outcome.APPROVE)
    ground.answer("answerunderhidden", hidden, Outcome.APPROVE)
    ground.put_aside(hidden)
    make.hide(hidden.contribution_id)
    removed = ground.plant("removed", Outcome.APPROVE)
    ground.answer("answerunderremoved", removed, Outcome.APPROVE)
    ground.put_aside(removed)
    take_down(removed)
    draft = make.draft(owner, **ground.typed("draft"))
    ground.contributions.append(draft.contribution_id)
    half = ground.plant("half", Outcome.APPROVE)
    make.draft(owner, contribution=half.contribution_id, **ground.typed("halfdraft"))
    plant_answers(ground, approved)
    plant_decisions(ground)
    plant_articles()
    return ground


def plant_articles() -> None:
    """Put a word into what readers see of an article, its draft, what waits for a clinician, and a remark."""
    live = written.live("first-step", body=f"The word is {SAID}.")
    written.edited(live, short=word("saiddraft"), body=word("saiddraftbody"))
    other = written.live("second-step")
    waits = written.waiting(written.edited(other, title=word("saidtitle"), body=word("saidwaiting")))
    actions.remark(waits.pk, word("saidremark"), author=written.clinician())
    actions.discard(written.draft("third-step", body=word("saidaway")).pk, editor=written.editor())


def plant_decisions(ground: Field) -> None:
    """Plant what moderators propose and leave beside a text, and what its owner writes against a decision."""
    offered = ground.plant("offered")
    ground.words["proposed_text"] = word("proposed_text").encode()
    proposal(offered, f"{make.TEXT} {word('proposed_text')} is the word.")
    kept = proposal(ground.plant("keptown"), f"{make.TEXT} Less.")
    ground.words["why_words"] = word("why_words").encode()
    why = f"Because {word('why_words')} is no name."
    decline(kept.contribution_id, proposal=kept.pk, owner=ground.owner, own_words=True, why=why)
    against = ground.plant("appealed", Outcome.REFUSE)
    ground.words["appeal_words"] = word("appeal_words").encode()
    appeal(against.contribution_id, text=f"I meant {word('appeal_words')} and nobody else.", owner=ground.owner)
    left = ground.plant("kindly", Outcome.REFUSE)
    ground.words["message_text"] = word("message_text").encode()
    leave_message(left, f"Please think of {word('message_text')}.")


def plant_answers(ground: Field, story: Revision) -> None:
    """Plant an answer in every state under a story that readers see."""
    ground.answer("answered", story, Outcome.APPROVE)
    ground.answer("answerwaiting", story)
    ground.answer("answerasked", story, Outcome.ASK_CHANGES)
    ground.answer("answerrefused", story, Outcome.REFUSE)
    ground.answer("answerdraft", story, sent=False)
    back, gone = ground.answer("answerback", story), ground.answer("answerwithdrawn", story, Outcome.APPROVE)
    take_back(back.contribution_id, owner=ground.owner)
    withdraw(gone.contribution_id, owner=ground.owner)
    hidden = ground.answer("answerhidden", story, Outcome.APPROVE)
    make.hide(hidden.contribution_id)
