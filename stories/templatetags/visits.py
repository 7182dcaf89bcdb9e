"""What a page outside this app shows of a visit: the code of the receipt that is open."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from stories.models import Contribution
from stories.visit import owners_of, receipt_of

register = template.Library()


@register.simple_tag(takes_context=True)
def begun_here(context: RequestContext) -> dict[str, Any] | None:
    """Return the receipt that is open in this visit, for a slip; None without one, or with no text under it."""
    request = context["request"]
    owner = next((one for one in owners_of(request) if one.is_receipt), None)
    if owner is None or not Contribution.objects.owned_by(owner).exists():
        return None
    return receipt_of(request, owner)
