"""Whether the names that an operator gave are as discreet as the site's own."""

from __future__ import annotations

import re

from django.conf import settings

import content

# Shorter parts of words stand inside many a harmless one ("uter" in "computer"): they count where a word begins.
WHOLE = 5


def names() -> str:
    """Say which of the site's names holds a word of the condition, in any language of the pack."""
    given = {name: getattr(settings, name) for name in ("SITE_NAME", "SITE_URL", "MAIL_FROM")}
    loud = [name for name, value in given.items() if any(part.search(value.casefold()) for part in _forbidden())]
    if not loud:
        return ""
    return (
        f"Choose another {' and another '.join(loud)}: a word of the condition is in it, and it stands in titles, in "
        "the browser's history, in mails and in the lists of apps and devices, where others read along."
    )


def _forbidden() -> list[re.Pattern[str]]:
    words = {word for code, _name in settings.LANGUAGES for word in content.load(code).forbidden_in_addresses}
    return [re.compile(word if len(word) >= WHOLE else rf"(?<![^\W\d_]){word}") for word in sorted(words)]
