"""House rules by name, for pages that moderators read."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

import content


def rule_titles(codes: Iterable[str]) -> list[str]:
    """Return house rules by name, in the order of the pack; a code it no longer has is left out."""
    wanted = set(codes)
    return [one.title for one in content.load(get_language() or "en").rules if one.code in wanted]
