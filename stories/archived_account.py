"""What is known of an account, as it is taken along: as data, and in words that need no list of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from accounts.access import second_factors_of
from accounts.devices import visits_of
from accounts.documents import DOCUMENTS, agreed_to
from accounts.look import own_names
from accounts.models import Reminder, User
from accounts.passkeys import passkeys_of
from stories.archived_texts import month_of
from stories.choices import Choices
from stories.reading import warning_labels

SECOND_STEPS = {
    "totp": _later("An app on a telephone"),
    "recovery_codes": _later("Spare codes"),
    "webauthn": _later("A passkey"),  # of who works here
}


@dataclass(frozen=True)
class Fact:
    """Something that is known of an account: what the page calls it and says, and the same as data."""

    label: str
    said: Sequence[str | Promise]
    data: Mapping[str, Any]


def facts_of(user: User) -> list[Fact]:
    """Return everything that is kept of an account beside its texts, but what only this site can read."""
    return [
        Fact(_("Your sign-in name"), [user.handle], {"sign_in_name": user.handle}),
        Fact(_("What this account is for"), [user.get_role_display()], {"role": user.role}),
        _recovery_codes(user),
        _second_steps(user),
        _passkeys(user),
        _visits(user),
        _agreed_to(user),
        _choices(user),
        Fact(_("Light or dark"), [user.get_theme_display()], {"theme": user.theme}),
        Fact(_("Language"), [_name_of(user.language)], {"language": user.language}),
        _reminder(user),
    ]


def _recovery_codes(user: User) -> Fact:
    left = user.recovery_codes.count()
    confirmed = _("One was typed back") if user.codes_confirmed else _("None was typed back yet")
    data = {"recovery_codes_confirmed": user.codes_confirmed, "recovery_codes_left": left}
    return Fact(_("Recovery codes"), [str(left), confirmed], data)


def _second_steps(user: User) -> Fact:
    counted = [*second_factors_of(user), Authenticator.Type.RECOVERY_CODES]
    found = Authenticator.objects.filter(user=user, type__in=counted)
    kinds = sorted(set(found.values_list("type", flat=True)))
    return Fact(_("Second step"), [SECOND_STEPS[kind] for kind in kinds] or [_("Off")], {"second_steps": kinds})


def _passkeys(user: User) -> Fact:
    found = [_("Key %(number)s") % {"number": one.data.get("name", "")} for one in passkeys_of(user)]
    return Fact(_("Passkeys"), found, {"passkeys": len(found)})


def _visits(user: User) -> Fact:
    found = sorted(visits_of(user, b""), key=lambda one: (one.browser, str(one.week)))
    said = [
        f"{one.browser or _('Another browser')}: "
        + _("Signed in during the week of %(day)s") % {"day": date_format(one.week, "DATE_FORMAT") if one.week else "–"}
        for one in found
    ]
    data = [{"browser": one.browser, "week": one.week.isoformat() if one.week else ""} for one in found]
    return Fact(_("Where you are signed in"), said, {"visits": data})


def _agreed_to(user: User) -> Fact:
    agreed = agreed_to(user)
    said = [
        _("%(document)s, version %(version)s, agreed to in %(month)s")
        % {
            "document": DOCUMENTS[one.document].name if one.document in DOCUMENTS else one.document,
            "version": one.version,
            "month": date_format(one.month, "YEAR_MONTH_FORMAT"),
        }
        for one in agreed
    ]
    data = [{"document": one.document, "version": one.version, "month": month_of(one.month)} for one in agreed]
    return Fact(_("What you agreed to"), said, {"agreed_to": data})


def _choices(user: User) -> Fact:
    choices = Choices.of(user.reading_choices)
    said = [*warning_labels(choices.opened), *([_("Leave out partners’ stories")] if choices.without_partners else [])]
    return Fact(_("What opens by itself"), said, {"reading_choices": list(user.reading_choices)})


def _reminder(user: User) -> Fact:
    reminder = Reminder.objects.filter(user=user).first()
    address, language = (reminder.shown_address, reminder.language) if reminder else ("", "")
    said = [address or _("On"), _name_of(language)] if reminder else [_("Off")]
    data = {"is_on": reminder is not None, "address": address, "language": language}
    return Fact(_("A weekly reminder by mail"), said, {"weekly_reminder": data})


def _name_of(language: str) -> str:
    """Return what a language calls itself."""
    return dict(own_names()).get(language, _("As the browser asks"))
