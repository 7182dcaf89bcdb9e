"""What a moderator reads: the text as readers will see it, signals in place, what it answers, what an edit changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise

from accounts.models import User
from moderation.beside import Beside, beside
from moderation.models import Case, Cause
from moderation.waiting import waited_in_steps
from stories.changes import Changes, changes
from stories.models import Publication, Revision
from stories.pieces import Passage
from stories.reading import Story, published_story, story_of
from stories.screening import Finding, rule, screen
from stories.thread import Reply, thread_of
from stories.words import own_words


@dataclass(frozen=True, slots=True)
class Signal:
    """What screening calls a passage, and how often it found one."""

    label: str | Promise
    times: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a moderator sees of a text. Who wrote it, and when, is not among it.

    What was answered for figures only is not either. ``answered`` is the story that a reply answers, None when
    readers do not see it at this moment, and ``thread`` the first of its other published answers: whoever reads one
    again, to compare, does not see whether it stands there. ``highlighted`` are the passages that screening saw, and
    ``touched`` the house rules they may be about.
    """

    story: Story
    waited: str
    signals: list[Signal]
    is_reply: bool
    hope: bool
    answered: Story | None
    thread: list[Reply]
    change: Changes | None
    highlighted: list[str]
    touched: list[str]
    beside: Beside


def sheet(case: Case, *, reader: User) -> Sheet:
    """Lay a case out for reading."""
    revision, contribution = case.revision, case.revision.contribution
    words = own_words(revision)
    found = {field: screen(said) for field, said in words.items()}
    findings = [finding for each in found.values() for finding in each]
    answered = _answered(revision, reader)
    story = story_of(revision, passages=_labelled(found))
    return Sheet(
        story=replace(story, example=contribution.is_example),
        waited=waited_in_steps(case.enters_at),
        signals=_signals(findings),
        is_reply=contribution.parent_id is not None,
        hope=revision.hope,
        answered=published_story(answered) if answered else None,
        thread=thread_of(answered, reader, without=contribution.pk).replies if answered else [],
        change=_change(case) if case.cause == Cause.EDIT else None,
        highlighted=[
            " ".join(words[field][one.start : one.end].split()) for field, each in found.items() for one in each
        ],
        touched=sorted({rule(one.rule).house_rule for one in findings}),
        beside=beside(case, reader=reader, kinds=[one.rule for one in findings]),
    )


def _labelled(found: Mapping[str, Sequence[Finding]]) -> dict[str, list[Passage]]:
    return {
        field: [Passage(one.start, one.end, rule(one.rule).label) for one in findings]
        for field, findings in found.items()
    }


def _signals(findings: Sequence[Finding]) -> list[Signal]:
    times: dict[str, int] = {}
    for finding in findings:
        times[finding.rule] = times.get(finding.rule, 0) + 1
    return [Signal(rule(name).label, count) for name, count in times.items()]


def _answered(revision: Revision, reader: User) -> Publication | None:
    parent = revision.contribution.parent_id
    if parent is None:
        return None
    return Publication.objects.readable_by(reader).stories().newest().filter(pk=parent).first()


def _change(case: Case) -> Changes | None:
    """Compare with what is published, hidden or not; None when nothing is (any more)."""
    live = getattr(case.revision.contribution, "publication", None)
    return changes(live.revision, case.revision, warnings_before=live.warnings, shown_only=True) if live else None
