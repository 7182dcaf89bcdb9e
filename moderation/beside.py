"""What stands beside a text for who decides: reports, an appeal, earlier decisions, notes, what is much the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import get_language

import content
from accounts.models import User
from content import Step
from moderation.alike import Alike, alike
from moderation.models import Case, Cause, Decision, Note, Priority, Redaction, Report
from moderation.words import rule_titles, rules_now
from stories.consents import WISHES
from stories.difference import Run, difference
from stories.models import Appeal, Outcome, Statement, Suppression
from stories.words import own_words

MOST_REPORTS = 50
MOST_DECISIONS = 20
FOR_FIGURES = "statistics"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was decided about this text and told before, with the words of each who decided it; not who they are."""

    outcome: Outcome
    rules: list[str]
    words: list[str]
    month: date
    is_this_version: bool


@dataclass(frozen=True, slots=True)
class Reports:
    """What readers reported, of a change about what it would replace: how often which rule, their words; never who."""

    count: int
    rules: list[tuple[str, int]]
    words: list[str]
    ground: str

    @property
    def is_hidden(self) -> bool:
        """Say whether readers do not see it."""
        return bool(self.ground)

    @property
    def is_put_back(self) -> bool:
        """Say whether it is hidden because the site went back to a copy in which it could be read again."""
        return self.ground == Suppression.PUT_BACK

    @property
    def is_by_restore(self) -> bool:
        """Say whether a restore hid it, and no reader and no colleague."""
        return self.is_put_back or self.was_replaced

    @property
    def was_replaced(self) -> bool:
        """Say whether its writer had replaced it after that copy was made, so that no decision shows it again."""
        return self.ground == Suppression.REPLACED


@dataclass(frozen=True, slots=True)
class Said:
    """A note of a colleague's, or one's own."""

    text: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A step of what is done when somebody may be in danger, and whether it was."""

    step: Step
    is_done: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """One field of the words that another moderator proposes, compared with the writer's."""

    paragraphs: list[list[Run]]


@dataclass(frozen=True, slots=True)
class Beside:
    """All of it, for one case."""

    agreed: list[str]
    earlier: list[Earlier]
    reports: Reports | None
    appeal: str
    why: str
    notes: list[Said]
    steps: list[Checked]
    messages: list[str]
    alike: list[Alike]
    proposed: list[Proposed]
    disagreement: list[str]
    is_anew: bool


def beside(case: Case, *, reader: User, kinds: Sequence[str]) -> Beside:
    """Gather what stands beside a case; ``kinds`` are the ids of the rules that screening saw in its text."""
    revision, notes = case.revision, list(case.notes.order_by("number"))
    reports = _reports(case)
    appeal = _appeal(case)
    in_crisis = case.cause != Cause.SAMPLE and (
        case.priority == Priority.URGENT or _is_crisis([*kinds, *revision.signals])
    )
    return Beside(
        agreed=[str(wish.short) for wish in WISHES if wish.code in revision.allowed and wish.code != FOR_FIGURES],
        earlier=_earlier(case),
        reports=reports,
        appeal=appeal,
        why=revision.why if case.is_about_waiting else "",
        notes=[Said(one.text, one.moderator_id == reader.pk) for one in notes if one.text],
        steps=_steps(notes) if in_crisis else [],
        messages=list(revision.messages.order_by("number").values_list("text", flat=True)) if in_crisis else [],
        alike=alike(revision),
        proposed=proposed(case) if case.is_contested else [],
        disagreement=_disagreement(case) if case.is_contested else [],
        is_anew=bool(case.cause == Cause.REPORT and reports and not (reports.count or reports.is_by_restore))
        or (case.cause == Cause.APPEAL and not appeal),
    )


def _is_crisis(rules: Sequence[str]) -> bool:
    return any(one.startswith("crisis.") for one in rules)


def _earlier(case: Case) -> list[Earlier]:
    """Return what was decided about this text before; of what is open, and what is compared, nothing is told."""
    revision = case.revision
    rows = Decision.objects.told_of(revision.contribution_id)
    if case.cause == Cause.SAMPLE:
        rows = rows.filter(revision__number__lt=revision.number)
    found = list(rows.select_related("revision")[:MOST_DECISIONS])
    letters = Statement.objects.filter(pk__in=[one.statement for one in found if one.statement], told=True)
    words, rules = dict(letters.values_list("pk", "text")), rules_now() if found else ()
    together: dict[UUID, list[Decision]] = {}
    for one in found:
        together.setdefault(one.case_id, []).insert(0, one)
    return [
        Earlier(
            Outcome(agreed[0].outcome),
            rule_titles([code for one in agreed for code in one.rules], known=rules),
            [said for one in agreed if one.statement and (said := words.get(one.statement))],
            agreed[0].month,
            agreed[0].revision_id == revision.pk,
        )
        for agreed in together.values()
    ]


def _reports(case: Case) -> Reports | None:
    """Return what was reported about a published text, or about the one that a change would take the place of."""
    about_live = case.cause in {Cause.REPORT, Cause.EDIT}
    live = getattr(case.revision.contribution, "publication", None) if about_live else None
    if live is None:
        return None
    revision = live.revision
    rows = list(Report.objects.filter(revision=revision).order_by("pk")[:MOST_REPORTS])
    counted = Counter(code for one in rows for code in one.rules)
    hidden = Suppression.objects.filter(pk=revision.contribution_id).first()
    return Reports(
        count=len(rows),
        rules=[(rule.title, counted[rule.code]) for rule in rules_now() if counted[rule.code]],
        words=[one.text for one in rows if one.text],
        ground=hidden.ground if hidden else "",
    )


def most_reported(case: Case) -> str:
    """Return the code of the rule that readers named most about a case's text; empty when none did."""
    rows = Report.objects.filter(revision=case.revision_id).order_by("pk")[:MOST_REPORTS]
    counted = Counter(code for one in rows for code in one.rules)
    return max(sorted(counted), key=lambda code: counted[code], default="")


def _appeal(case: Case) -> str:
    found = Appeal.objects.filter(case_id=case.pk).first()
    return found.text if found else ""


def _steps(notes: Sequence[Note]) -> list[Checked]:
    done = {one.step for one in notes}
    return [Checked(step, step.code in done) for step in content.load(get_language() or "en").steps]


def proposed(case: Case) -> list[Proposed]:
    """Return the words that somebody proposes for a text; whoever has yet to choose without them is not shown any."""
    redaction = Redaction.objects.filter(pk=case.pk).first()
    if redaction is None:
        return []
    there = own_words(case.revision)
    return [Proposed(difference(there.get(field, ""), said)) for field, said in redaction.words.items()]


def _disagreement(case: Case) -> list[str]:
    return sorted(str(Outcome(one.outcome).label) for one in Decision.objects.of_case(case))
