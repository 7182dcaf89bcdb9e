"""What the page that shows the design system is filled with: samples of every component, and no real data."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

THEMES = ("light", "dark")
COLOURS = (
    ("paper", "The page"),
    ("sheet", "Fields, slips, doors"),
    ("shade", "The foot, quiet notices"),
    ("ink", "Text"),
    ("muted", "Quiet text"),
    ("line", "Rules between things"),
    ("edge", "Borders of fields"),
    ("accent", "Links, the main button"),
    ("accent-tint", "Good news"),
    ("warning", "Care"),
    ("warning-tint", "Behind care"),
    ("danger", "Errors"),
    ("danger-tint", "Behind errors"),
    ("mark", "Marked passages"),
)
ICONS = (
    "arrow-left",
    "arrow-right",
    "arrow-counterclockwise",
    "book",
    "box-arrow-right",
    "check-circle",
    "check-lg",
    "clipboard",
    "clock",
    "exclamation-circle",
    "exclamation-octagon",
    "exclamation-triangle",
    "eye",
    "flag",
    "hourglass-split",
    "inbox",
    "info-circle",
    "journal-text",
    "key",
    "life-preserver",
    "lock",
    "pencil",
    "people",
    "person",
    "plus-lg",
    "printer",
    "shield-check",
    "trash",
    "x-lg",
)
SAMPLE_TEXT = (
    "I waited four years before I said it aloud.\n\n"
    "She wrote a number on a slip, 0170 555 0199, and said that I could ring when I was ready."
)


class SampleForm(forms.Form):
    """A form with one field of every kind that the site uses."""

    quiet = True

    title = forms.CharField(max_length=120, help_text="Neutral words are safest. You can change it later.")
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), label="Your story")
    language = forms.ChoiceField(choices=[("", "Choose one"), ("en", "English"), ("fr", "French")])
    role = forms.ChoiceField(
        label="Who is writing",
        choices=[("self", "I have it"), ("partner", "I am a partner"), ("friend", "I am a friend or family")],
        widget=forms.RadioSelect,
    )
    warnings = forms.MultipleChoiceField(
        label="What a reader may want to know first",
        help_text="Tick what is in your text. Nothing has to be.",
        choices=[("exam", "An examination"), ("pain", "Pain"), ("grief", "Loss")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    publish = forms.BooleanField(
        label="This text may be published here once a person has read it",
        help_text="I can withdraw it at any time.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set up the form as every form of the site is set up."""
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.attrs = {"novalidate": "", "autocomplete": "off"}
        self.helper.add_input(Submit("send", "Look at it once more"))


def samples(theme: str) -> dict[str, object]:
    """Return the context of the design page; a `theme` that is not known leaves the choice to the system."""
    return {
        "theme": theme if theme in THEMES else "",
        "colours": COLOURS,
        "icons": ICONS,
        "form": SampleForm(auto_id="id_%s"),
        "bad_form": SampleForm({"title": "A story", "language": ""}, auto_id="bad_%s"),
        "step_labels": ["Write", "Look once more", "Sent"],
        "sample_text": SAMPLE_TEXT,
        "pieces": SAMPLE_TEXT.partition("0170 555 0199"),
        "codes": [f"{n}KQ7-M2XW-9TRC-H4V{n}" for n in "23456789"],
        "code": "7QKD-M2XW-9TRC-H4VP-3NSE-6YJA",
        "groups": ["7QKD", "M2XW", "9TRC", "H4VP", "3NSE", "6YJA"],
        "passages": [{"text": "0170 555 0199", "note": "House rule 2: nothing that leads to a person"}],
        "events": [
            {"title": "Sent", "text": "You sent this text."},
            {"title": "Changes asked", "text": "A moderator asked for one change."},
            {"title": "Waiting", "text": "Usually read within two days."},
        ],
        "card_warnings": ["an examination", "pain"],
    }
