"""The buttons of a decision: what each is called, its key, and what is asked before the key decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.models import OUTCOMES, Case, Cause, Decision
from stories.models import Outcome


@dataclass(frozen=True, slots=True)
class Button:
    """One of them; ``style`` is a class of the button."""

    outcome: Outcome
    key: str
    label: str | Promise
    asks: str | Promise
    style: str = "btn-quiet"


TO_COMPARE = _("Keep this for comparing? Nothing happens to the text.")
DECIDING = (
    Button(
        Outcome.KEEP, "k", _("Let it stand"), _("You have read it to the end, and it stays as it is?"), "btn-primary"
    ),
    Button(
        Outcome.APPROVE,
        "a",
        _("Publish"),
        _("You have read it to the end, and readers may see it as it is?"),
        "btn-primary",
    ),
    Button(Outcome.ASK_CHANGES, "c", _("Ask for a change"), _("Ask the writer for a change, with your words?")),
    Button(Outcome.PROPOSE, "o", _("Propose the other words"), _("Offer the words of the copy to the writer?")),
    Button(Outcome.REMOVE, "x", _("Take it down"), _("Take it down everywhere?"), "btn-danger"),
    Button(Outcome.UPHOLD, "x", _("Let the decision stand"), _("Let the decision stand, with your words?")),
    Button(Outcome.REFUSE, "x", _("Do not publish"), _("Not publish it, with your words?"), "btn-danger"),
)
AGREEING = Button(Outcome.PROPOSE, "o", _("Agree to these words"), _("Offer exactly these words to the writer?"))
COMPARING = (
    Button(Outcome.APPROVE, "a", _("I would publish it"), TO_COMPARE, "btn-primary"),
    Button(Outcome.ASK_CHANGES, "c", _("I would ask for a change"), TO_COMPARE),
    Button(Outcome.PROPOSE, "o", _("I would propose other words"), TO_COMPARE),
    Button(Outcome.REFUSE, "x", _("I would not publish it"), TO_COMPARE),
)


def buttons(outcomes: Iterable[Outcome], *, compares: bool, agrees: bool) -> list[Button]:
    """Return those for some outcomes; who compares changes nothing, and who agrees does so to another's words."""
    offered = [one for one in (COMPARING if compares else DECIDING) if one.outcome in set(outcomes)]
    return [AGREEING if agrees and one.outcome == Outcome.PROPOSE else one for one in offered]


def outcomes_of(case: Case) -> tuple[Outcome, ...]:
    """Return what can be decided about a case; where people disagree, what one of them chose."""
    known = OUTCOMES[Cause(case.cause)]
    if not case.is_contested:
        return known
    chosen = set(Decision.objects.of_case(case).values_list("outcome", flat=True))
    return tuple(one for one in known if one in chosen)
