"""Who decided what: cases, decisions, reports, the record, and what moderators chose for themselves."""

from moderation.models.beside import Note, Redaction
from moderation.models.cases import OUTCOMES, Case, CaseQuerySet, Cause, Closing, Priority, Skip
from moderation.models.decisions import Decision, DecisionQuerySet
from moderation.models.desk import Place, Setting, sealed_address
from moderation.models.record import READ_WORDS, Anchor, Entry, Head, Tally, Waited
from moderation.models.reports import Report
from stories.models import Wording

__all__ = [
    "OUTCOMES",
    "READ_WORDS",
    "Anchor",
    "Case",
    "CaseQuerySet",
    "Cause",
    "Closing",
    "Decision",
    "DecisionQuerySet",
    "Entry",
    "Head",
    "Note",
    "Place",
    "Priority",
    "Redaction",
    "Report",
    "Setting",
    "Skip",
    "Tally",
    "Waited",
    "Wording",
    "sealed_address",
]
