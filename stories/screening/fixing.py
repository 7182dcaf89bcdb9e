"""The one-click fix: one passage replaced by a word for what stood there, and nothing else touched."""

import re

from stories.screening.findings import Finding
from stories.screening.rules import rule

# Where the replacement would grow together with what stands before or after it, it gets a space.
TOUCHES_BEFORE = re.compile(r"[\w,;:.!?)\]}@/]$")
TOUCHES_AFTER = re.compile(r"[\w@(\[{]|[^\w\s,;!?'\u2019)\]}]\w")


def fixable(finding: Finding) -> bool:
    """Say whether its rule has words to put in place of the passage."""
    return bool(str(rule(finding.rule).replacement))


def fixed(text: str, finding: Finding) -> str:
    """Replace one passage in the language of the moment; the text as it is when there is nothing to replace.

    A finding that does not fit the text (it was made for another one) changes nothing.
    """
    if not (fixable(finding) and 0 <= finding.start < finding.end <= len(text)):
        return text
    before, after = text[: finding.start], text[finding.end :]
    left = " " if TOUCHES_BEFORE.search(before[-1:]) else ""
    right = " " if TOUCHES_AFTER.match(after) else ""
    return f"{before}{left}{rule(finding.rule).replacement}{right}{after}"
