"""What somebody may have meant, asked of the words that many stories hold."""

from __future__ import annotations

import re

from django.db import connection

from stories.search.query import MOST, Query

FEW = 3  # with fewer stories than that, another spelling is offered
# A word that stands there as typed is the closest to itself, and stays.
CLOSEST = """
SELECT typed.word, closest.word
FROM unnest(%s::text[]) AS typed (word)
CROSS JOIN LATERAL (
    SELECT word, similarity(plain, unaccent(typed.word)) AS likeness FROM stories_searchword
    WHERE plain %% unaccent(typed.word) ORDER BY likeness DESC, stories DESC, word LIMIT 1
) AS closest
WHERE closest.likeness >= 0.4
"""


def guess(query: Query) -> str:
    """Return the question with each word in the closest spelling that is known; nothing where none is closer.

    Asks the table of words, which is there only while an operator wants it.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLOSEST, [[word.lower() for word in query.wanted]])
        closest = dict(cursor.fetchall())
    guessed = query.typed
    for typed, word in closest.items():
        guessed = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", word, guessed, flags=re.IGNORECASE)
    return guessed if guessed.lower() != query.typed.lower() and len(guessed) <= MOST else ""
