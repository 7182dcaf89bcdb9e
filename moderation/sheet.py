"""What a moderator reads: the text as readers will see it, signals in place, what an edit changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import get_language

import content
from accounts.models import User
from moderation.difference import Run, difference
from moderation.models import Case, Cause
from moderation.waiting import waited_in_steps
from stories.models import Publication, Revision
from stories.reading import Passage, Story, role_label, story_of, warning_labels
from stories.screening import Finding, rule, screen


@dataclass(frozen=True, slots=True)
class Signal:
    """What screening calls a passage, and how often it found one."""

    label: str | Promise
    times: int


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit changes beside the version that readers see now."""

    title: list[Run]
    paragraphs: list[list[Run]]
    role_before: str
    warnings_gone: list[str]
    warnings_new: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a moderator sees of a text. Who wrote it, and when, is not among it."""

    story: Story
    waited: str
    signals: list[Signal]
    change: Change | None


def sheet(case: Case, *, reader: User) -> Sheet:
    """Lay a case out for reading."""
    revision = case.revision
    in_title, in_text = screen(revision.title), screen(revision.text)
    story = story_of(revision, title_passages=_labelled(in_title), text_passages=_labelled(in_text))
    return Sheet(
        story=replace(story, example=revision.contribution.is_example),
        waited=waited_in_steps(case.opened_hour),
        signals=_signals([*in_title, *in_text]),
        change=_change(case, reader) if case.cause == Cause.EDIT else None,
    )


def _labelled(findings: Iterable[Finding]) -> list[Passage]:
    return [Passage(found.start, found.end, rule(found.rule).label) for found in findings]


def _signals(findings: Sequence[Finding]) -> list[Signal]:
    times: dict[str, int] = {}
    for finding in findings:
        times[finding.rule] = times.get(finding.rule, 0) + 1
    return [Signal(rule(name).label, count) for name, count in times.items()]


def _change(case: Case, reader: User) -> Change | None:
    """Compare with the version that readers see; None when they see none (any more)."""
    live = Publication.objects.readable_by(reader).newest().filter(pk=case.revision.contribution_id).first()
    if live is None:
        return None
    before, after = live.revision, case.revision
    return Change(
        title=_title(before, after),
        paragraphs=difference(before.text, after.text),
        role_before=role_label(before.role) if before.role != after.role else "",
        warnings_gone=warning_labels(set(live.warnings) - set(after.warnings)),
        warnings_new=warning_labels(set(after.warnings) - set(live.warnings)),
    )


def _title(before: Revision, after: Revision) -> list[Run]:
    return [run for runs in difference(before.title, after.title) for run in runs]


def rule_titles(codes: Iterable[str]) -> list[str]:
    """Return house rules by name, in the order of the pack; a code it no longer has is left out."""
    wanted = set(codes)
    return [one.title for one in content.load(get_language() or "en").rules if one.code in wanted]
