"""House rules by name, for pages that moderators read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language

from content import Rule
from stories.models import house_rules


def rules_now() -> list[Rule]:
    """Return the house rules in the reader's language."""
    return list(house_rules(get_language() or "en"))


def rule_titles(codes: Iterable[str], *, known: Sequence[Rule] = ()) -> list[str]:
    """Return house rules by name, in the order of the pack; a code it no longer has is left out.

    ``known`` are the rules, for who asks often.
    """
    wanted = set(codes)
    return [one.title for one in known or rules_now() if one.code in wanted]
