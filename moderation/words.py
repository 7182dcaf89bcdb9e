"""House rules by name, for pages that moderators read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language

from content import Rule
from stories.models import house_rules


def rules_here() -> Sequence[Rule]:
    """Return the house rules in the language of the page."""
    return house_rules(get_language() or "en")


def rule_titles(codes: Iterable[str], rules: Sequence[Rule] | None = None) -> list[str]:
    """Return house rules by name, in the order of the pack; a code it no longer has is left out.

    ``rules`` are ``rules_here``, where one page names those of many.
    """
    wanted = set(codes)
    return [one.title for one in rules or rules_here() if one.code in wanted]
