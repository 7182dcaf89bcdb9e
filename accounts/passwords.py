"""Passwords that somebody who knows this site would try first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import content

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

PROJECT = "fernway"
LONGEST_SINGLE_WORD = 14


class SiteWordsValidator:
    """Refuse the site's name, the sign-in name, and a word of the site's subject standing alone."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError with a sentence that says what to do instead."""
        letters = re.sub(r"[^a-z]", "", password.casefold())
        if letters in _site_words() or _is_subject_word(letters):
            raise ValidationError(
                _("This word is tried first here. Take a few words that only you would put together."),
                code="site_word",
            )
        handle = user.get_username() if user is not None else ""
        if handle and _bare(handle) in _bare(password):
            raise ValidationError(_("The password holds your sign-in name. Please leave the name out."), code="handle")

    def get_help_text(self) -> str:
        """Say the rule in a sentence."""
        return _("Leave out your sign-in name and the name of this site.")


def _site_words() -> set[str]:
    """Return what names this site or its subject, in letters only."""
    site = content.load(get_language() or "").site
    names = (PROJECT, settings.SITE_NAME, settings.SITE_OPERATOR, site.condition, site.condition_title)
    words = {re.sub(r"[^a-z]", "", name.casefold()) for name in names} - {""}
    return words | {word * 2 for word in words}


def _is_subject_word(letters: str) -> bool:
    """Say whether the letters are one word of the subject; in a longer phrase such a word does no harm."""
    stems = content.load(get_language() or "").forbidden_in_addresses
    return len(letters) <= LONGEST_SINGLE_WORD and letters.startswith(tuple(stems))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())
