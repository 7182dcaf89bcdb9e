"""What a moderator types about a text, and which of it has to be there for which decision."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from moderation.actions import Verdict
from moderation.passages import MOST_OF_ONE, NotFound, Span, spans
from stories.models import Outcome, Revision, house_rules
from stories.text import clean
from stories.words import own_words

# What a decision carries, and what is given back when it cannot be taken.
CARRIED = ("text", "passages", "rules", "warnings")
FIELDS = (*CARRIED, "outcome", "token", "request_id")

NO_OUTCOME = _("Please press one of the three buttons, so that it is clear what you decide.")
NOT_READ = _("Please read the text to its end, then tick this.")
NO_RULE = _("Please tick at least one house rule, so that the writer knows why.")
NO_PASSAGE = _("Please mark at least one passage, so that the writer sees which words it is about.")
NO_TEXT = _("Please write a few words to the writer. They are what the writer will act on.")
NOT_THERE = _("This line is not in the text: “%(line)s”. Please copy it as it stands there, one passage a line.")
TOO_OFTEN = _("This stands in the text more than %(most)s times: “%(line)s”. Please copy a longer passage.")
YET_APPROVED = _("You pressed Publish, and something is filled in here that asks for a change. Please clear one.")


class DecisionForm(forms.Form):
    """A decision about one revision; the pressed button is the outcome."""

    outcome = forms.ChoiceField(choices=Outcome.choices, error_messages={"required": NO_OUTCOME})
    token = forms.UUIDField(widget=forms.HiddenInput)
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    warnings = forms.MultipleChoiceField(
        label=_("Which warnings do readers need besides the writer's own?"),
        help_text=_("They count when you publish."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    read = forms.BooleanField(label=_("I have read it to the end, and readers may see it as it is"), required=False)
    rules = forms.MultipleChoiceField(
        label=_("Which house rules is it about?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    passages = forms.CharField(
        label=_("Which passages?"),
        help_text=_("Copy the words here, one passage a line. The writer sees them marked in the text."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
        required=False,
    )
    text = forms.CharField(
        label=_("Words to the writer"),
        help_text=_("The writer reads the sentence of each ticked rule, then your words: what would make it right?"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, revision: Revision, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.revision = revision
        self.spans: list[Span] = []
        pack = content.load(get_language() or settings.LANGUAGE_CODE)
        rules = house_rules(get_language() or settings.LANGUAGE_CODE)
        self.fields["warnings"].choices = [  # type: ignore[attr-defined]  # a MultipleChoiceField
            (one.code, one.label) for one in pack.warnings if one.code not in revision.warnings
        ]
        self.fields["rules"].choices = [  # type: ignore[attr-defined]  # a MultipleChoiceField
            (one.code, format_html('{}<span class="reason">{}</span>', one.title, one.reason)) for one in rules
        ]

    @classmethod
    def fresh(cls, revision: Revision, *, token: uuid.UUID | None, typed: QueryDict | None = None) -> DecisionForm:
        """Return an empty form for a lease, or one that holds what was typed under an earlier lease."""
        initial: dict[str, Any] = {"token": token, "request_id": uuid.uuid4()}
        if typed is not None:
            initial |= {name: typed.getlist(name) for name in ("rules", "warnings")}
            initial |= {name: typed.get(name, "") for name in ("passages", "text")}
        return cls(revision=revision, initial=initial)

    def clean_text(self) -> str:
        """Clean the words as all words here are, and refuse more than fit."""
        text = clean(self.cleaned_data["text"])
        if len(text) > settings.NOTE_MAX:
            raise ValidationError(
                _("This has %(count)s characters, and %(most)s fit. Please shorten it."),
                params={"count": len(text), "most": settings.NOTE_MAX},
            )
        return text

    def clean_passages(self) -> str:
        """Find each copied line in the text."""
        quotes: str = self.cleaned_data["passages"]
        try:
            self.spans = spans(clean(quotes), own_words(self.revision))
        except NotFound as error:
            sentence = TOO_OFTEN if error.too_often else NOT_THERE
            raise ValidationError(sentence, params={"line": error.line, "most": MOST_OF_ONE}) from error
        return quotes

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen outcome needs."""
        given = self.cleaned_data
        if given.get("outcome") == Outcome.APPROVE:
            if not given.get("read"):
                self.add_error("read", NOT_READ)
            for name in ("rules", "passages"):
                if given.get(name):
                    self.add_error(name, YET_APPROVED)
        elif "outcome" in given:
            if not given.get("rules") and "rules" not in self.errors:
                self.add_error("rules", NO_RULE)
            if not given.get("passages") and "passages" not in self.errors:
                self.add_error("passages", NO_PASSAGE)
            if not given.get("text") and "text" not in self.errors:
                self.add_error("text", NO_TEXT)
        return given

    def verdict(self) -> Verdict:
        """Return the decision as it is taken."""
        given = self.cleaned_data
        outcome = Outcome(given["outcome"])
        return Verdict(
            outcome,
            rules=given["rules"],
            passages=self.spans,
            warnings=given["warnings"] if outcome == Outcome.APPROVE else (),
            text=given["text"],
            request_id=given["request_id"],
        )


class LeaseForm(forms.Form):
    """The lease under which somebody acts; ``leaving`` is its end as known to a page that is being left."""

    token = forms.UUIDField()
    leaving = forms.DateTimeField(required=False)

    @property
    def held(self) -> uuid.UUID:
        """Return the token, or one that opens nothing when none was sent."""
        self.is_valid()
        token: uuid.UUID = self.cleaned_data.get("token", uuid.UUID(int=0))
        return token

    @property
    def left(self) -> datetime | None:
        """Return the end of the lease as the page knew it, when the page sent this as it was left."""
        self.is_valid()
        end: datetime | None = self.cleaned_data.get("leaving")
        return end
