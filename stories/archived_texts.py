"""An owner's texts as they are taken along: every version, with what was decided about it and what was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language

from stories.consents import NEEDED, WISHES
from stories.models import EMPTIED, Contribution, Message, Outcome, Revision, Statement, house_rules
from stories.reading import role_label, warning_labels
from stories.shown import all_answers, treatments_in_words
from stories.text import paragraphs
from stories.words import Words, own_words

AT_ONCE = 10  # texts that are read together


@dataclass(frozen=True)
class Told:
    """One text with the versions whose words are still here, oldest first."""

    contribution: Contribution
    versions: Sequence[Revision]

    @property
    def data(self) -> dict[str, Any]:
        """Return the text as data."""
        text = self.contribution
        live = getattr(text, "publication", None)
        return {
            "id": str(text.pk),
            "kind": "reply" if text.parent_id else "story",
            "answers": place_of(text.parent_id) if text.parent_id else None,
            "month": month_of(text.month),
            "takes_replies": text.takes_replies,
            "published": {"since": month_of(live.month), "address": place_of(text.pk)["address"]} if live else None,
            "hidden_for_now": hasattr(text, "suppression"),
            "versions": [_version(one) for one in self.versions],
        }

    @property
    def in_words(self) -> list[InWords]:
        """Return the versions as a page tells them."""
        return [InWords(one) for one in self.versions]


@dataclass(frozen=True)
class InWords:
    """One version in words, in the language of the page."""

    revision: Revision

    @property
    def paragraphs(self) -> list[str]:
        """Return the text, paragraph by paragraph."""
        return paragraphs(self.revision.text)

    @property
    def facts(self) -> list[str]:
        """Return everything that was chosen or answered, a line each."""
        one = self.revision
        agreed = [str(consent.label) for consent in (*NEEDED, *WISHES) if consent.code in one.consents]
        answered = [f"{answer.question} {', '.join(answer.given)}" for answer in all_answers(one)]
        chosen = [role_label(one.role), str(one.get_audience_display()), *warning_labels(one.warnings)]
        return [line for line in (*chosen, *answered, *treatments_in_words(one), *agreed) if line]

    @cached_property
    def letters(self) -> list[dict[str, Any]]:
        """Return what was decided about it, with the rules by their names."""
        rules = {rule.code: rule.title for rule in house_rules(get_language() or "en")}
        told = [_letter(self.revision, one) for one in self.revision.statements.all()]
        return [
            {
                **one,
                "outcome": Outcome(one["outcome"]).label,
                "rules": [rules.get(code, code) for code in one["rules"]],
            }
            for one in told
        ]

    @property
    def messages(self) -> list[Message]:
        """Return what moderators left for its owner."""
        return list(self.revision.messages.all())


def texts_of(pks: Sequence[UUID]) -> Iterator[Told]:
    """Yield texts whole, in this order; some are read at a time, and those that are gone meanwhile are left out."""
    letters = Statement.objects.filter(told=True).select_related("appeal").order_by("number")
    kept = Revision.objects.exclude(salt=EMPTIED).select_related("acceptance").order_by("number")
    versions = kept.prefetch_related(
        Prefetch("statements", letters), Prefetch("messages", Message.objects.order_by("number"))
    )
    for start in range(0, len(pks), AT_ONCE):
        here = Contribution.objects.select_related("publication", "suppression").in_bulk(pks[start : start + AT_ONCE])
        grouped: dict[UUID, list[Revision]] = {}
        for one in versions.filter(contribution__in=here):
            grouped.setdefault(one.contribution_id, []).append(one)
        for pk in pks[start : start + AT_ONCE]:
            if pk in here:
                yield Told(here[pk], grouped.get(pk, []))


def _version(revision: Revision) -> dict[str, Any]:
    """Return one version as data: all that was typed and chosen, where it stands, and what was said about it."""
    acceptance = getattr(revision, "acceptance", None)
    return {
        "number": revision.number,
        "state": revision.state,
        "month": month_of(revision.month),
        **asdict(Words.of(revision)),
        "why": revision.why,
        "ended_unanswered": revision.ran_out,
        "proposed_by_a_moderator": revision.redacts_id is not None,
        "agreed_to_in": month_of(acceptance.month) if acceptance else None,
        "noticed_by_software": list(revision.signals),
        "decisions": [_letter(revision, one) for one in revision.statements.all()],
        "messages": [{"text": one.text, "month": month_of(one.month)} for one in revision.messages.all()],
    }


def _letter(revision: Revision, letter: Statement) -> dict[str, Any]:
    """Return what was decided, which words it is about, and what the owner wrote against it."""
    words, appeal = own_words(revision), getattr(letter, "appeal", None)
    return {
        "outcome": letter.outcome,
        "rules": list(letter.rules),
        "passages": [words.get(name, "")[start:end] for name, start, end in letter.passages],
        "text": letter.text,
        "readers_had_reported_it": letter.reported,
        "month": month_of(letter.month),
        "appeal": {"text": appeal.text, "month": month_of(appeal.month)} if appeal else None,
    }


def month_of(month: date) -> str:
    """Return a month as data has it."""
    return f"{month:%Y-%m}"


def place_of(text: UUID) -> dict[str, str]:
    """Return where a text is, which may be somebody else's: its id and its address, and no word of it."""
    return {"id": str(text), "address": settings.SITE_URL + reverse("stories:detail", args=[text])}
