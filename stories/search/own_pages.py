"""The site's own pages as search knows them: what each is, and the words by which people mean it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class OwnPage:
    """A page; ``names`` are words and phrases between commas, in small letters, that are never shown."""

    view: str
    title: Words
    about: Words
    names: Words


HELP = OwnPage(
    "advice:help_now",
    _("Help now"),
    _("Who you can reach at once, by country."),
    _(
        "help, crisis, emergency, helpline, hotline, suicide, suicidal, self-harm, danger, violence, abuse, assault, "
        "rape, somebody to talk to"
    ),
)
OTHERS = (
    OwnPage(
        "treatments",
        _("What people tried"),
        _("Every treatment in the stories, and what members say of it."),
        _("treatment, what helped, what worked, therapy, cure"),
    ),
    OwnPage(
        "numbers",
        _("Numbers"),
        _("What the people who share their stories told about themselves, counted."),
        _("statistics, figures, survey, how many, how common"),
    ),
    OwnPage(
        "community:rules",
        _("House rules"),
        _("What may stand here, and why a person reads everything first."),
        _("rules, moderation, moderators, report"),
    ),
    OwnPage(
        "community:privacy",
        _("Privacy"),
        _("What is kept, who sees it, and what cannot be hidden."),
        _("anonymous, data, tracking, cookies"),
    ),
    OwnPage(
        "stories:new",
        _("Write a story"),
        _("With an account, or without one."),
        _("write, share, my story, post"),
    ),
    OwnPage(
        "stories:receipt",
        _("Open with a receipt code"),
        _("Come back to a text that you wrote without an account."),
        _("receipt, receipt code, withdraw, delete my story"),
    ),
    OwnPage(
        "community:about",
        _("About"),
        _("Who runs this, and what it is for."),
        _("contact, imprint, who runs this"),
    ),
)
