"""What a new version changes beside the one that readers see: its words, and everything that was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from stories.difference import SAME, Run, difference
from stories.models import Revision
from stories.reading import role_label, warning_labels
from stories.shown import Answer, all_answers, treatments_in_words, wishes_of
from stories.words import Words


@dataclass(frozen=True)
class FieldChange:
    """What was taken out of one field and what was put in, in words."""

    label: str
    gone: list[str]
    came: list[str]


@dataclass(frozen=True)
class Changes:
    """All that differs between two versions; the words of both are there in runs."""

    title: list[Run]
    paragraphs: list[list[Run]]
    fields: list[FieldChange]

    @property
    def of_words(self) -> bool:
        """Say whether a word differs."""
        return any(run.kind != SAME for runs in (self.title, *self.paragraphs) for run in runs)


def changes(
    before: Revision, after: Revision, *, warnings_before: Iterable[str] | None = None, shown_only: bool = False
) -> Changes:
    """Compare two versions; ``warnings_before`` are those that readers see now, the moderator's among them.

    With ``shown_only`` what was answered for figures only is left out.
    """
    old = _fields(before, before.warnings if warnings_before is None else warnings_before, shown_only=shown_only)
    new = _fields(after, after.warnings, shown_only=shown_only)
    return Changes(
        title=[run for runs in difference(before.title, after.title) for run in runs],
        paragraphs=difference(before.text, after.text),
        fields=list(_compared(old, new)),
    )


def beside(draft: Revision, typed: Words) -> Changes:
    """Compare a draft with what was typed on a page that was opened before it became what it is."""
    return changes(draft, Revision(**asdict(typed)))


def _fields(revision: Revision, warnings: Iterable[str], *, shown_only: bool) -> dict[str, list[str]]:
    """Return every choice of a version in words, by what it is called, in the order of the form."""
    ticked = [str(wish.short) for wish, allowed in wishes_of(revision) if allowed]
    hope = [_("Yes")] if revision.hope else []
    chosen = [
        Answer(_("Who writes"), [role_label(revision.role)] if revision.role else []),
        *all_answers(revision, shown_only=shown_only),
        Answer(_("What was tried"), treatments_in_words(revision, shown_only=shown_only)),
        Answer(_("What readers know before they open it"), warning_labels(warnings)),
        Answer(_("Who may read it"), [str(revision.get_audience_display())]),
        Answer(_("What else you agreed to"), ticked),
        Answer(_("A message of hope"), hope),
    ]
    return {one.question: one.given for one in chosen}


def _compared(old: Mapping[str, list[str]], new: Mapping[str, list[str]]) -> Iterator[FieldChange]:
    for label in dict.fromkeys([*old, *new]):
        before, after = old.get(label, []), new.get(label, [])
        gone = [one for one in before if one not in after]
        came = [one for one in after if one not in before]
        if gone or came:
            yield FieldChange(label, gone, came)
