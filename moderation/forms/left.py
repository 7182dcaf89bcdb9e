"""What was typed that a pressed button takes nowhere, so that no words of a moderator's are dropped in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from moderation.forms.redaction import WORDS, changed
from stories.models import Outcome, Revision

LETTER = frozenset({"rules", "passages", "text"})
TAKES = {  # every other outcome takes a letter with its reasons
    Outcome.APPROVE: frozenset({"text"}),
    Outcome.KEEP: frozenset[str](),
    Outcome.PROPOSE: LETTER | {WORDS},
}
NOT_TAKEN = _("What is here goes nowhere with the button that you pressed. Press the one it is for, or clear it.")
NOT_KEPT = _("This note is not kept yet. Keep it with its own button, or clear it. Then decide.")
NOT_LEFT = _("The writer does not have this message yet. Leave it with its own button, or clear it. Then decide.")
SENTENCES = {"note": NOT_KEPT, "message": NOT_LEFT}


def words_in(typed: Mapping[str, Any], revision: Revision) -> list[str]:
    """Return the names of the boxes that hold words of a moderator's own."""
    boxes = [name for name in ("passages", "text", "note", "message") if typed.get(name, "").strip()]
    return boxes + [WORDS + field for field in changed(typed, revision)]


def left_over(outcome: Outcome, filled: Collection[str]) -> Iterator[tuple[str, Any]]:
    """Return which of the filled boxes a decision does not take, and what is said beside each."""
    for name in filled:
        kind = WORDS if name.startswith(WORDS) else name
        if kind not in TAKES.get(outcome, LETTER):
            yield name, SENTENCES.get(name, NOT_TAKEN)
