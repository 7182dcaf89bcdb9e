"""What a published story is found by: its title, the labels of what its writer chose, its tips, its text."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.db.models.expressions import Combinable

import content
from content.checks import SHOWN
from stories.models import Revision
from stories.search.query import config_for, spaced


def vector_of(revision: Revision) -> Combinable:
    """Return the expression for a version's words under its language, the weightiest first.

    A: title. B: shown answers, role, treatments with what else people call them. C: tips. D: text.
    """
    config = config_for(revision.language)
    title, fields, tips, text = (
        SearchVector(Value(spaced(words)), config=config, weight=weight)
        for weight, words in zip("ABCD", _words(revision), strict=True)
    )
    return title + fields + tips + text


def _words(revision: Revision) -> tuple[str, str, str, str]:
    tips = "\n".join(row["tip"] for row in revision.treatments if row.get("tip"))
    return revision.title, "\n".join(_fields(revision)), tips, revision.text


def _fields(revision: Revision) -> list[str]:
    """Return what the version says by choosing, in the words of its language; never what is for figures only."""
    pack = content.load(revision.language)
    words = [pack.role(revision.role).reader_label] if revision.role else []
    for question in SHOWN:
        given = revision.answers.get(question, [])
        words += [pack.label(code) for code in ([given] if isinstance(given, str) else given)]
    known = {treatment.code: treatment for treatment in pack.treatments}
    for row in revision.treatments:
        if row["code"] in known:
            treatment = known[row["code"]]
            words += [treatment.name, treatment.short, *treatment.aliases]
        words += [row["name"]] if row.get("name") else []
    return words
