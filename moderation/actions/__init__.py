"""All that a moderator can do, and what a reader reports. Order of locks, always: a story, its reply, the case."""

from moderation.actions.care import (
    choose,
    escalate,
    give,
    leave_word,
    offer_again,
    read_words,
    reopen,
    set_free,
    take_note,
)
from moderation.actions.deciding import Verdict, WordsWait, decide
from moderation.actions.leases import Conflict, claim, claim_next, leave, release, renew, skip
from moderation.actions.record import tell
from moderation.actions.reports import hide, report, too_many_hidden

__all__ = [
    "Conflict",
    "Verdict",
    "WordsWait",
    "choose",
    "claim",
    "claim_next",
    "decide",
    "escalate",
    "give",
    "hide",
    "leave",
    "leave_word",
    "offer_again",
    "read_words",
    "release",
    "renew",
    "reopen",
    "report",
    "set_free",
    "skip",
    "take_note",
    "tell",
    "too_many_hidden",
]
