"""What a moderator types about a text, and which of it has to be there for which decision."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import content
from content import StandIn
from moderation.actions import Verdict
from moderation.drafts import drafts, gaps
from moderation.forms.beside import fitting
from moderation.forms.buttons import Button, buttons, outcomes_of
from moderation.forms.left import left_over, words_in
from moderation.forms.redaction import WORDS, changed, check, copies
from moderation.models import Case, Cause
from moderation.passages import MOST_OF_ONE, NotFound, Span, spans
from moderation.standins import is_grave, replaced, stand_ins
from stories.models import Outcome, house_rules
from stories.text import clean
from stories.words import own_words

# What a decision carries, and what is given back when it cannot be taken.
CARRIED = ("text", "passages", "rules", "warnings", "second", "note", "message")
FIELDS = (*CARRIED, WORDS, "outcome", "token", "request_id", "seen")
NOT_COMPARED = ("warnings", "passages", "second", "draft", "text", "note", "message")  # of no use where nothing happens
STAND_IN_KEYS = "fjqrz"  # none of the other keys; a pack has no more general words than these
AREA = {"dir": "auto", "autocomplete": "off"}
ASKING = {Outcome.ASK_CHANGES, Outcome.REFUSE, Outcome.REMOVE}
POSITIVE = {Outcome.APPROVE, Outcome.KEEP}

NO_OUTCOME = _("Please press one of the buttons, so that it is clear what you decide.")
NOT_READ = _("Please read the text to its end, then tick this.")
NO_RULE = _("Please tick at least one house rule, so that the writer knows why.")
NO_PASSAGE = _("Please mark at least one passage, so that the writer sees which words it is about.")
NO_TEXT = _("Please write a few words to the writer. They are what the writer will act on.")
NO_CHANGE = _("Nothing is changed in the copy yet. Please put other words in it, or ask the writer for a change.")
NOT_THERE = _("This line is not in the text: “%(line)s”. Please copy it as it stands there, one passage a line.")
TOO_OFTEN = _("This stands in the text more than %(most)s times: “%(line)s”. Please copy a longer passage.")
A_GAP = _("This still has a gap to fill: %(gaps)s. Please put your own words there, or take it out.")


def carried(typed: QueryDict) -> Iterator[tuple[str, str]]:
    """Return all that was typed, by name, to be sent once more."""
    for name in typed:
        if name in CARRIED or name.startswith(WORDS):
            yield from ((name, value) for value in typed.getlist(name))


class DecisionForm(forms.Form):
    """A decision about one case; the pressed button is the outcome.

    ``outcomes`` are those there are for it. A lead chooses between what two people chose, and among them are words
    to agree to; the second of two knows of none before they have chosen. Who compares gives an outcome and its rules.
    """

    outcome = forms.ChoiceField(choices=Outcome.choices, error_messages={"required": NO_OUTCOME})
    token = forms.UUIDField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(required=False)
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
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
        widget=forms.Textarea(attrs=AREA | {"rows": 3, "spellcheck": "false"}),
        required=False,
    )
    text = forms.CharField(
        label=_("Words to the writer"),
        help_text=_("The writer reads the sentence of each ticked rule, then your words: what would make it right?"),
        widget=forms.Textarea(
            attrs={"rows": 4, "dir": "auto", "autocomplete": "off", "data-key": "t", "aria-keyshortcuts": "t"}
        ),
        required=False,
    )

    second = forms.BooleanField(
        label=_("A second person should decide too"),
        help_text=_("Nothing happens until somebody else comes to the same, without knowing what you chose."),
        required=False,
    )
    draft = forms.ChoiceField(
        label=_("Begin from a template"),
        widget=forms.Select(attrs={"data-key": "d", "aria-keyshortcuts": "d"}),
        required=False,
    )
    note = forms.CharField(
        label=_("A note to your colleagues"),
        help_text=_("The writer never reads it."),
        widget=forms.Textarea(
            attrs={"rows": 2, "dir": "auto", "autocomplete": "off", "data-key": "i", "aria-keyshortcuts": "i"}
        ),
        required=False,
    )
    message = forms.CharField(
        label=_("A message to the writer now"),
        help_text=_("The writer reads it, and so do colleagues who read this text. It decides nothing."),
        widget=forms.Textarea(attrs=AREA | {"rows": 4, "data-key": "h", "aria-keyshortcuts": "h"}),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, case: Case, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.case, self.revision = case, case.revision
        self.spans: list[Span] = []
        self.redaction: dict[str, str] = {}
        self.outcomes = outcomes_of(case)
        self.compares = case.cause == Cause.SAMPLE
        self.agrees = case.is_contested and Outcome.PROPOSE in self.outcomes
        self.may_propose = Outcome.PROPOSE in self.outcomes and not self.agrees and not self.compares
        if self.may_propose:
            self.fields |= copies(self.revision)
        if case.needs == 2:
            del self.fields["second"]
        if self.compares:
            self.fields = {name: one for name, one in self.fields.items() if name not in NOT_COMPARED}
        self._offer()

    def _offer(self) -> None:
        """Say what can be chosen, in the reader's language; templates are in the writer's."""
        language = get_language() or settings.LANGUAGE_CODE
        pack, rules = content.load(language), house_rules(language)
        self.drafts = {one.code: one for one in drafts(self.revision.language)}
        choices: Any = {
            "warnings": [(one.code, one.label) for one in pack.warnings if one.code not in self.revision.warnings],
            "rules": [
                (one.code, format_html('{}<span class="reason">{}</span>', one.title, one.reason)) for one in rules
            ],
            "draft": [("", _("Choose one")), *((one.code, one.title) for one in self.drafts.values())],
        }
        for name, offered in choices.items():
            if name in self.fields:
                self.fields[name].choices = offered  # type: ignore[attr-defined]  # fields with choices

    @property
    def stand_ins(self) -> list[tuple[str, StandIn]]:
        """Return the general words that may be put in place of others, in the writer's language, each with its key."""
        return list(zip(STAND_IN_KEYS, content.load(self.revision.language).stand_ins, strict=False))

    @property
    def yes(self) -> list[Button]:
        """Return the buttons that leave the text as it is."""
        return [one for one in self._buttons() if one.outcome in POSITIVE]

    @property
    def no(self) -> list[Button]:
        """Return the buttons of every other outcome."""
        return [one for one in self._buttons() if one.outcome not in POSITIVE]

    def _buttons(self) -> list[Button]:
        return buttons(self.outcomes, compares=self.compares, agrees=self.agrees)

    @property
    def copied(self) -> list[forms.BoundField]:
        """Return the boxes with copies of the writer's words."""
        return [self[name] for name in self.fields if name.startswith(WORDS)]

    @property
    def has_other_words(self) -> bool:
        """Say whether a copy was changed, or cannot be taken as it is."""
        return bool(self.is_bound and changed(self.data, self.revision)) or any(
            self.initial.get(name, said) != said
            for name, said in ((WORDS + field, said) for field, said in own_words(self.revision).items())
        )

    @classmethod
    def fresh(cls, case: Case, *, typed: QueryDict | None = None) -> DecisionForm:
        """Return an empty form for a lease, or one that holds what was typed under an earlier lease."""
        initial: dict[str, Any] = {"token": case.lease_token, "request_id": uuid.uuid4(), "seen": case.joined}
        if typed is not None:
            initial |= {name: typed.getlist(name) for name in ("rules", "warnings")}
            initial |= {name: typed.get(name, "") for name in ("passages", "text", "second", "note", "message")}
            initial |= {name: clean(typed.get(name, "")) for name in typed if name.startswith(WORDS)}
        return cls(case=case, initial=initial)

    @classmethod
    def missing(cls, typed: QueryDict, case: Case, name: str, sentence: Any) -> DecisionForm:
        """Return the form as it was typed, with one sentence beside one field and no other."""
        form = cls(typed, case=case)
        form.__dict__ |= {"cleaned_data": {}, "_errors": ErrorDict()}
        form.add_error(name, sentence)
        return form

    def with_draft(self, code: str) -> DecisionForm:
        """Put the words of a template after what was written to the writer so far."""
        if code in self.drafts:
            words = [self.initial.get("text", "").strip(), self.drafts[code].text]
            self.initial["text"] = "\n\n".join(one for one in words if one)
            self.fields["text"].widget.attrs["autofocus"] = True
        return self

    def clean_text(self) -> str:
        """Clean the words as all words here are, and refuse more than fit."""
        text = fitting(self.cleaned_data["text"])
        open_ = gaps(text, allowed=stand_ins(self.revision.language))
        if open_:
            raise ValidationError(A_GAP, params={"gaps": ", ".join(open_)})
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

    def clean_outcome(self) -> Outcome:
        """Take only what can be decided about this case."""
        outcome = Outcome(self.cleaned_data["outcome"])
        if outcome not in self.outcomes:
            raise ValidationError(NO_OUTCOME)
        return outcome

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen outcome needs."""
        given = self.cleaned_data
        self.redaction = changed(self.data, self.revision) if self.may_propose else {}
        outcome = given.get("outcome")
        if outcome is None:
            return given
        if outcome not in POSITIVE:
            self._check_reasons(outcome)
        elif not given.get("read"):
            self.add_error("read", NOT_READ)
        if not self.compares:
            for name, sentence in left_over(outcome, self._filled()):
                self.add_error(name, sentence)
        return given

    def _filled(self) -> list[str]:
        ticked = ["rules"] if self.cleaned_data.get("rules") else []
        return [name for name in (*words_in(self.data, self.revision), *ticked) if name in self.fields]

    def _check_reasons(self, outcome: Outcome) -> None:
        self._need("rules", NO_RULE)
        if self.compares:
            return
        self._need("text", NO_TEXT)
        if outcome in ASKING:
            self._need("passages", NO_PASSAGE)
        if outcome == Outcome.PROPOSE and self.may_propose:
            self._check_words()

    def _need(self, name: str, sentence: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def _check_words(self) -> None:
        if not self.redaction:
            self.add_error(next(name for name in self.fields if name.startswith(WORDS)), NO_CHANGE)
        for field, said in self.redaction.items():
            try:
                check(field, said)
            except ValidationError as error:
                self.add_error(WORDS + field, error)

    def verdict(self) -> Verdict:
        """Return the decision as it is taken."""
        given = self.cleaned_data
        outcome, there = Outcome(given["outcome"]), own_words(self.revision)
        redaction = self.redaction if outcome == Outcome.PROPOSE else {}
        agrees = self.agrees or given["agreed"]
        return Verdict(
            outcome,
            rules=given["rules"] if outcome not in POSITIVE else (),
            passages=(self.spans or replaced(there, {} if agrees else redaction)) if outcome not in POSITIVE else (),
            warnings=given.get("warnings", ()) if outcome == Outcome.APPROVE else (),
            text=given.get("text", ""),
            redaction=redaction,
            agrees=agrees,
            is_grave=is_grave(there, redaction, stand_ins(self.revision.language)),
            second=given.get("second", False),
            seen=given["seen"] or 0,
            request_id=given["request_id"],
        )
