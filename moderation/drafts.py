"""Words to a writer to begin from, and the gaps in them that somebody has to fill."""

from __future__ import annotations

import re
from collections.abc import Iterable

import content
from content import Template
from moderation.models import Wording

GAP = re.compile(r"\[[^\[\]\n]+\]")


def drafts(language: str) -> list[Template]:
    """Return the templates in a language: the pack's, with a lead's words in place of theirs and more after them."""
    known = {one.code: one for one in content.load(language).templates}
    for own in Wording.objects.filter(kind=Wording.Kind.TEMPLATE, language=language).order_by("code"):
        before = known.get(own.code, Template(own.code, own.code, ""))
        known[own.code] = Template(
            own.code, own.fields.get("title") or before.title, own.fields.get("text") or before.text
        )
    return [one for one in known.values() if one.text]


def gaps(text: str, *, allowed: Iterable[str]) -> list[str]:
    """Return what stands in square brackets and is none of the allowed words."""
    return [found for found in GAP.findall(text) if found not in set(allowed)]
