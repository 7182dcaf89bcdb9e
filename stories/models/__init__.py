"""What members write, what readers follow and leave, and the figures made from it."""

from stories.models.keys import KeyCheck
from stories.models.letters import SILENT, Acceptance, Appeal, Message, Outcome, Statement
from stories.models.months import this_month
from stories.models.numbers import Figure
from stories.models.public import (
    A_MEMBER,
    Publication,
    PublicationQuerySet,
    SearchEntry,
    Suppression,
    newest_place,
    places_by_facets,
)
from stories.models.readers import Reaction, SavedItem
from stories.models.texts import (
    PATIENT_ONLY,
    Audience,
    Contribution,
    ContributionQuerySet,
    Revision,
    RevisionQuerySet,
    WriterRole,
)

__all__ = [
    "A_MEMBER",
    "PATIENT_ONLY",
    "SILENT",
    "Acceptance",
    "Appeal",
    "Audience",
    "Contribution",
    "ContributionQuerySet",
    "Figure",
    "KeyCheck",
    "Message",
    "Outcome",
    "Publication",
    "PublicationQuerySet",
    "Reaction",
    "Revision",
    "RevisionQuerySet",
    "SavedItem",
    "SearchEntry",
    "Statement",
    "Suppression",
    "WriterRole",
    "newest_place",
    "places_by_facets",
    "this_month",
]
