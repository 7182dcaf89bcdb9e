"""What a moderator reads: the text as readers will see it, signals in place, what it answers, what an edit changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import get_language

from accounts.models import User
from moderation.models import Case, Cause
from moderation.waiting import waited_in_steps
from stories.changes import Changes, changes
from stories.models import Publication, Revision, house_rules
from stories.pieces import Passage
from stories.reading import Story, published_story, story_of
from stories.screening import Finding, rule, screen
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
    readers do not see it at this moment.
    """

    story: Story
    waited: str
    signals: list[Signal]
    is_reply: bool
    hope: bool
    answered: Story | None
    change: Changes | None


def sheet(case: Case, *, reader: User) -> Sheet:
    """Lay a case out for reading."""
    revision, contribution = case.revision, case.revision.contribution
    found = {field: screen(words) for field, words in own_words(revision).items()}
    story = story_of(revision, passages=_labelled(found))
    return Sheet(
        story=replace(story, example=contribution.is_example),
        waited=waited_in_steps(case.opened_hour),
        signals=_signals([finding for findings in found.values() for finding in findings]),
        is_reply=contribution.parent_id is not None,
        hope=revision.hope,
        answered=_answered(revision, reader),
        change=_change(case, reader) if case.cause == Cause.EDIT else None,
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


def _answered(revision: Revision, reader: User) -> Story | None:
    parent = revision.contribution.parent_id
    if parent is None:
        return None
    public = Publication.objects.readable_by(reader).stories().newest().filter(pk=parent).first()
    return published_story(public) if public else None


def _change(case: Case, reader: User) -> Changes | None:
    """Compare with the version that readers see; None when they see none (any more)."""
    live = Publication.objects.readable_by(reader).newest().filter(pk=case.revision.contribution_id).first()
    return changes(live.revision, case.revision, warnings_before=live.warnings, shown_only=True) if live else None


def rule_titles(codes: Iterable[str]) -> list[str]:
    """Return house rules by name, in the order of the pack; a code it no longer has is left out."""
    wanted = set(codes)
    return [one.title for one in house_rules(get_language() or "en") if one.code in wanted]
