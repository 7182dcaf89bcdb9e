"""The neutral codes by which a published story is found; they stand in addresses and hold no word."""

from __future__ import annotations

import content
from content.checks import SHOWN
from stories.models import Audience, Revision

MEMBERS = "a2"


def facets_of(revision: Revision) -> list[str]:
    """Return the facets of a version: role, shown answers, treatments, helpfulness, both together, audience.

    A treatment with its helpfulness is one facet more ("t03h1"), so that the two are asked of one row.
    """
    found = [content.load().role(revision.role).facet] if revision.role else []
    for question in SHOWN:
        answer = revision.answers.get(question, [])
        found += [answer] if isinstance(answer, str) else answer
    for row in revision.treatments:
        found += [row["code"], row.get("help", ""), row["code"] + row["help"] if row.get("help") else ""]
    if revision.audience == Audience.MEMBERS:
        found.append(MEMBERS)
    return sorted({code for code in found if code})
