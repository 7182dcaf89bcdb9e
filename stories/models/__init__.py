"""What members write, what readers follow and leave, and the figures made from it."""

from stories.models.keys import KeyCheck
from stories.models.letters import SILENT, Acceptance, Appeal, Message, Outcome, Statement, Wait
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
    EMPTIED,
    PATIENT_ONLY,
    Audience,
    Contribution,
    ContributionQuerySet,
    Revision,
    RevisionQuerySet,
    WriterRole,
)
from stories.models.wording import Wording, house_rules, words_of_rules

__all__ = [
    "A_MEMBER",
    "EMPTIED",
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
    "Wait",
    "Wording",
    "WriterRole",
    "house_rules",
    "newest_place",
    "places_by_facets",
    "this_month",
    "words_of_rules",
]
