"""What is typed about a text, one module a step, and which of it has to be there before somebody reads it."""

from stories.forms.about import AboutForm
from stories.forms.fields import TYPED_MAX, StepForm, WordsField
from stories.forms.receipt import ReceiptForm
from stories.forms.sharing import SharingForm
from stories.forms.story import StoryForm
from stories.forms.tried import ROWS, TriedForm
from stories.forms.whole import FORMS, PART, first_missing, held, next_to_write, posted

__all__ = [
    "FORMS",
    "PART",
    "ROWS",
    "TYPED_MAX",
    "AboutForm",
    "ReceiptForm",
    "SharingForm",
    "StepForm",
    "StoryForm",
    "TriedForm",
    "WordsField",
    "first_missing",
    "held",
    "next_to_write",
    "posted",
]
