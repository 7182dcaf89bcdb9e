"""The site's own pages as search knows them: what each is, and the words by which people mean it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.shapes import Pack
from stories.models import WriterRole

Words = str | Promise


@dataclass(frozen=True)
class OwnPage:
    """A page; the content pack holds the words by which it is meant, under its code, and what it says."""

    code: str
    view: str
    title: Words
    about: Words
    said: Callable[[Pack], list[str]] | None = None


def _helplines(pack: Pack) -> list[str]:
    return [*(country.name for country in pack.countries), *(line.name for line in pack.helplines)]


def _prompts(pack: Pack) -> list[str]:
    role = pack.role(WriterRole.PARTNER)
    return [role.door_text, role.prompt, *role.prompts]


def _rules(pack: Pack) -> list[str]:
    return [words for rule in pack.rules for words in (rule.title, rule.text)]


HELP = OwnPage("help_now", "advice:help_now", _("Help now"), _("Who you can reach at once, by country."), _helplines)


def _carers(pack: Pack) -> list[str]:
    return [carer.name for carer in pack.advice.carers]


def _organisations(pack: Pack) -> list[str]:
    return [organisation.name for organisation in pack.advice.organisations]


def _terms(pack: Pack) -> list[str]:
    return [words for term in pack.advice.terms for words in (term.term, *term.aliases)]


OTHERS = (
    OwnPage(
        "advice", "advice:index", _("Questions that many people ask"), _("Short answers first, with their sources.")
    ),
    OwnPage("care_team", "advice:care_team", _("Care team"), _("Who does what, and what to ask them."), _carers),
    OwnPage(
        "organisations",
        "advice:organisations",
        _("Organisations"),
        _("Who can help, by country."),
        _organisations,
    ),
    OwnPage("words", "advice:words", _("Words"), _("What the words mean that professionals use."), _terms),
    OwnPage("research", "advice:research", _("Research"), _("Trials that look for people, and what they try.")),
    OwnPage(
        "partners",
        "advice:partners",
        _("For partners"),
        _("What others in their place have told, and a way to tell your side."),
        _prompts,
    ),
    OwnPage(
        "treatments",
        "treatments",
        _("What people tried"),
        _("Every treatment in the stories, and what members say of it."),
    ),
    OwnPage(
        "numbers",
        "numbers",
        _("Numbers"),
        _("What the people who share their stories told about themselves, counted."),
    ),
    OwnPage(
        "rules",
        "community:rules",
        _("House rules"),
        _("What may stand here, and why a person reads everything first."),
        _rules,
    ),
    OwnPage(
        "privacy",
        "community:privacy",
        _("Privacy"),
        _("What is kept, who sees it, and what cannot be hidden."),
    ),
    OwnPage("account", "accounts:home", _("Your account"), _("Signing in, the password, and the way back in.")),
    OwnPage("mine", "stories:mine", _("Your texts"), _("Drafts, what waits, what is published; and withdrawing it.")),
    OwnPage("new", "stories:new", _("Write a story"), _("With an account, or without one.")),
    OwnPage(
        "receipt",
        "stories:receipt",
        _("Open with a receipt code"),
        _("Come back to a text that you wrote without an account."),
    ),
    OwnPage("about", "community:about", _("About"), _("Who runs this, and what it is for.")),
    OwnPage(
        "accessibility",
        "community:accessibility",
        _("Accessibility"),
        _("How these pages are made to be used by everybody."),
    ),
)
# Last, since the condition is named in many questions that ask for something closer.
HOME = OwnPage("home", "community:home", _("First page"), _("What this place is about, in a few sentences."))
