"""What moderators type: a decision, what they do beside it, and what they choose to read."""

from moderation.forms.beside import LeaseForm, fitting, said
from moderation.forms.deciding import CARRIED, FIELDS, DecisionForm, carried
from moderation.forms.left import words_in
from moderation.forms.place import PlaceForm
from moderation.forms.redaction import WORDS, changed

__all__ = [
    "CARRIED",
    "FIELDS",
    "WORDS",
    "DecisionForm",
    "LeaseForm",
    "PlaceForm",
    "carried",
    "changed",
    "fitting",
    "said",
    "words_in",
]
