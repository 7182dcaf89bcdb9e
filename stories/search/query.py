"""What somebody types into the search box, read as a question to PostgreSQL."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stories.text import clean

MOST = 200  # characters
LEAST_BEGINNING = 3  # letters: shorter words are looked for whole, since too much begins with them
AND, NEXT_TO = " & ", " <-> "
CONFIGS = {"en": "english", "es": "spanish"}
# PostgreSQL takes some of these for parts of a word, a number, an address or a tag.
PUNCTUATION = string.punctuation + "‘’“”„«»…–—·¿¡"
SPACES = " " * len(PUNCTUATION)
_SPACED = str.maketrans(PUNCTUATION, SPACES)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑−–—", "-"))
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


class Unaskable(ValueError):
    """There is nothing to look for; the message says what to do instead, and is safe to show."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


EMPTY = _("Please type one word or more.")
TOO_LONG = _("That is too long to search for. Please take the few words that matter most.")
ONLY_MINUS = _("A minus leaves stories out. Please add at least one word that they should have.")


@dataclass(frozen=True)
class Query:
    """A question: the line as typed, as PostgreSQL reads it, and the words to find and to leave out.

    ``tsquery`` holds only quoted words and operators, so it is read as one whatever was typed. ``somewhere`` asks
    for the wanted words wherever they stand, side by side or not: what an index of words can tell. ``exact`` are
    the phrases and minuses, as typed and as PostgreSQL reads each.
    """

    typed: str
    tsquery: str
    somewhere: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    exact: tuple[tuple[str, str], ...]

    def under(self, config: str) -> SearchQuery:
        """Return the question with the words brought to their stems by a configuration of PostgreSQL."""
        return SearchQuery(self.tsquery, config=config, search_type="raw")


def config_for(language: str) -> str:
    """Return PostgreSQL's text search configuration for a language tag: "simple" for one it has no stems for."""
    return CONFIGS.get(language.lower().partition("-")[0], "simple")


def spaced(text: str) -> str:
    """Return a text of the same length with spaces for punctuation, as entries and questions are both read."""
    return text.translate(_SPACED)


def words_of(text: str) -> list[str]:
    """Return the runs of a text that hold a letter or a digit, as they are written."""
    return [word for word in spaced(text).split() if any(map(str.isalnum, word))]


def parse(typed: str) -> Query:
    """Read words, "phrases" and -words; raise Unaskable when nothing is left to look for.

    Only the last word finds what begins with it, since it may still be being typed: the beginnings of several common
    words stand in nearly all stories, and stems do for endings.
    """
    if len(typed) > MOST:
        raise Unaskable(TOO_LONG)
    line = " ".join(clean(typed).split())
    terms = [(term, words) for term in _TERM.finditer(line.translate(_QUOTES)) if (words := _words_in(term))]
    last_open = max((term.start() for term, _words in terms if term["word"] and not term["minus"]), default=-1)
    wanted, unwanted, parts, loose, exact = list[str](), list[str](), list[str](), list[str](), list[tuple[str, str]]()
    for term, words in terms:
        (unwanted if term["minus"] else wanted).extend(words)
        parts.append(_part(words, is_open=term.start() == last_open, is_wanted=not term["minus"]))
        loose += [] if term["minus"] else [parts[-1].replace(NEXT_TO, AND)]
        exact += [(term[0], parts[-1])] if term["minus"] or term["word"] is None else []
    if not wanted:
        raise Unaskable(ONLY_MINUS if unwanted else EMPTY)
    return Query(line, AND.join(parts), AND.join(loose), tuple(wanted), tuple(unwanted), tuple(exact))


def _words_in(term: re.Match[str]) -> list[str]:
    return words_of(term["phrase"] if term["word"] is None else term["word"])


def _part(words: list[str], *, is_open: bool, is_wanted: bool) -> str:
    """Return words that follow each other; where they are open, the last also finds what begins with it."""
    part = NEXT_TO.join(f"'{word}'" for word in words)
    part += ":*" if is_open and len(words[-1]) >= LEAST_BEGINNING else ""
    return part if is_wanted else f"!({part})"
