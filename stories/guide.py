"""The way from an empty page to a story that is sent: its steps, in their order."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stories.models import WriterRole

ABOUT, STORY, TRIED, SHARING, LOOK = "about", "story", "tried", "sharing", "look"
LABELS = {
    ABOUT: _("About you"),
    STORY: _("Your story"),
    TRIED: _("What you tried"),
    SHARING: _("Who may see it"),
    LOOK: _("Look once more"),
}
ORDER = list(LABELS)
WRITTEN = (ABOUT, STORY, TRIED, SHARING)  # the steps that are forms


def steps_of(role: str) -> list[str]:
    """Return the steps of a writer in this role; only somebody who has it is asked what they tried."""
    return [step for step in LABELS if step != TRIED or role in {"", WriterRole.SELF}]


def labels(role: str) -> list[str | Promise]:
    """Return what the steps are called, in their order."""
    return [LABELS[step] for step in steps_of(role)]


def place(step: str, role: str) -> int:
    """Return where a step stands, 1 for the first; a step that this role does not have stands where it would."""
    return sum(ORDER.index(one) < ORDER.index(step) for one in steps_of(role)) + 1


def after(step: str, role: str) -> str:
    """Return the step that follows."""
    return next(one for one in steps_of(role) if ORDER.index(one) > ORDER.index(step))


def before(step: str, role: str) -> str:
    """Return the step that comes before; the first one for the first."""
    earlier = [one for one in steps_of(role) if ORDER.index(one) < ORDER.index(step)]
    return (earlier or [ABOUT])[-1]


class StepConverter:
    """A step in an address."""

    regex = "|".join(WRITTEN)

    def to_python(self, value: str) -> str:
        """Return the step."""
        return value

    def to_url(self, value: str) -> str:
        """Return the step."""
        return value
