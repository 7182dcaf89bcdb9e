"""What moderators type: a decision, what they do beside it, and what they choose to read."""

from moderation.forms.beside import BesideForm, LeaseForm
from moderation.forms.deciding import CARRIED, FIELDS, DecisionForm, carried
from moderation.forms.place import PlaceForm
from moderation.forms.redaction import WORDS, copies

__all__ = ["CARRIED", "FIELDS", "WORDS", "BesideForm", "DecisionForm", "LeaseForm", "PlaceForm", "carried", "copies"]
