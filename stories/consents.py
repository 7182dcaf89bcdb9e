"""What a writer agrees to: two consents without which nothing is published, and what they may allow beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Consent:
    """One of them: its sentence on the form, and in short where it is listed; those that are needed are not."""

    code: str
    label: Promise
    short: Promise | str = ""

    @property
    def choice(self) -> tuple[str, Promise]:
        """Return it as a form offers it."""
        return self.code, self.label


INDEX, QUOTE, STATISTICS = "index", "quote", "statistics"
NEEDED = (
    Consent(
        "publish",
        _("This text may be published here once a person has read it. I can withdraw it at any time."),
    ),
    Consent(
        "rules", _("I have read the house rules, I am 18 or older, and this text names nobody, as far as I can tell.")
    ),
)
WISHES = (
    Consent(
        INDEX,
        _("Search engines may show it. A story for members only is not shown by search engines, ticked or not."),
        _("Search engines may show it"),
    ),
    Consent(
        QUOTE,
        _("This site may quote a few lines of it on its own pages, never anywhere else."),
        _("This site may quote it"),
    ),
    Consent(
        STATISTICS,
        _(
            "My answers may be counted in figures. No figure is shown that fewer than five stories stand behind. "
            "If you leave this empty, your answers for figures are deleted when you send."
        ),
        _("It counts in figures"),
    ),
)
NEEDED_CODES = frozenset(one.code for one in NEEDED)


def staying(consents: Iterable[str]) -> list[str]:
    """Return what stays agreed to in a new version: wishes do, what is needed is asked anew."""
    return [code for code in consents if code not in NEEDED_CODES]
