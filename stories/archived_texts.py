"""An owner's texts as they are taken along: every version, with what was decided about it and what was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stories.consents import NEEDED, WISHES
from stories.models import EMPTIED, Acceptance, Contribution, Message, Revision, Statement, house_rules
from stories.reading import role_label, warning_labels
from stories.shown import all_answers, treatments_in_words
from stories.text import paragraphs
from stories.words import Words, own_words

AT_ONCE = 10  # texts that are read together


@dataclass(frozen=True)
class Version:
    """One version of a text, the letters about it that its owner may read, and what moderators left beside it."""

    revision: Revision
    letters: Sequence[Statement]
    messages: Sequence[Message]
    agreed_in: date | None

    @property
    def data(self) -> dict[str, Any]:
        """Return the version as data: all that was typed and chosen, where it stands, and what was said about it."""
        one = self.revision
        return {
            "number": one.number,
            "state": one.state,
            "month": month_of(one.month),
            **asdict(Words.of(one)),
            "consents_taken_back": list(one.consents_ended),
            "why": one.why,
            "ended_unanswered": one.ran_out,
            "proposed_by_a_moderator": one.redacts_id is not None,
            "agreed_to_in": month_of(self.agreed_in) if self.agreed_in else None,
            "noticed_by_software": list(one.signals),
            "decisions": [_letter(one, letter) for letter in self.letters],
            "messages": [{"text": left.text, "month": month_of(left.month)} for left in self.messages],
        }

    @property
    def paragraphs(self) -> list[str]:
        """Return the text, paragraph by paragraph."""
        return paragraphs(self.revision.text)

    @property
    def facts(self) -> list[str]:
        """Return everything that was chosen or answered in words, a line each."""
        one = self.revision
        agreed = [str(consent.label) for consent in (*NEEDED, *WISHES) if consent.code in one.allowed]
        ended = [_("Taken back: %s") % consent.short for consent in WISHES if consent.code in one.consents_ended]
        answered = [f"{answer.question} {', '.join(answer.given)}" for answer in all_answers(one)]
        chosen = [role_label(one.role), str(one.get_audience_display()), *warning_labels(one.warnings)]
        return [line for line in (*chosen, *answered, *treatments_in_words(one), *agreed, *ended) if line]

    @property
    def decisions(self) -> list[dict[str, Any]]:
        """Return what was decided about it, with outcomes and rules by their names."""
        rules = {rule.code: rule.title for rule in house_rules(get_language() or "en")}
        told = [(letter, _letter(self.revision, letter)) for letter in self.letters]
        return [
            {
                **one,
                "outcome": letter.get_outcome_display(),
                "rules": [rules.get(code, code) for code in letter.rules],
                "month": letter.month,
            }
            for letter, one in told
        ]


@dataclass(frozen=True)
class Told:
    """One text with the versions whose words are still here, oldest first."""

    contribution: Contribution
    versions: Sequence[Version]

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
            "versions": [one.data for one in self.versions],
        }


def texts_of(pks: Sequence[UUID]) -> Iterator[Told]:
    """Yield texts whole, in this order; some are read at a time, and those that are gone meanwhile are left out."""
    for start in range(0, len(pks), AT_ONCE):
        some = pks[start : start + AT_ONCE]
        here = Contribution.objects.select_related("publication", "suppression").in_bulk(some)
        grouped = _versions(here)
        for pk in some:
            if pk in here:
                yield Told(here[pk], grouped.pop(pk, []))


def _versions(texts: Iterable[UUID]) -> dict[UUID, list[Version]]:
    """Return the versions of texts. Nothing in them leads back to itself, so that they go as soon as they are sent."""
    kept = Revision.objects.filter(contribution__in=texts).exclude(salt=EMPTIED).order_by("number")
    letters, left = defaultdict(list), defaultdict(list)
    for letter in Statement.objects.filter(revision__in=kept, told=True).select_related("appeal").order_by("number"):
        letters[letter.revision_id].append(letter)
    for message in Message.objects.filter(revision__in=kept).order_by("number"):
        left[message.revision_id].append(message)
    agreed = dict(Acceptance.objects.filter(revision__in=kept).values_list("revision_id", "month"))
    grouped: dict[UUID, list[Version]] = {}
    for one in kept:
        version = Version(one, letters[one.pk], left[one.pk], agreed.get(one.pk))
        grouped.setdefault(one.contribution_id, []).append(version)
    return grouped


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
