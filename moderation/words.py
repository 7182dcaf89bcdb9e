"""House rules by name, for pages that moderators read."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

from stories.models import house_rules


def rule_titles(codes: Iterable[str]) -> list[str]:
    """Return house rules by name, in the order of the pack; a code it no longer has is left out."""
    wanted = set(codes)
    return [one.title for one in house_rules(get_language() or "en") if one.code in wanted]
