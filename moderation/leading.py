"""What a lead sees: who works here, the words that can be changed, and where people disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef

import content
from accounts.access import SECOND_FACTORS
from accounts.models import Role, User
from content import Rule
from moderation.models import Case, Cause, Wording


@dataclass(frozen=True)
class Person:
    """Somebody who works here, as leads see them."""

    pk: Any
    handle: str
    role: Role
    has_second_factor: bool
    is_me: bool


@dataclass(frozen=True)
class Held:
    """A case in somebody's hands."""

    pk: Any
    cause: Cause
    handle: str
    until: Any


@dataclass(frozen=True)
class Text:
    """A rule or a template in one language, and whether a lead wrote words for it."""

    kind: str
    code: str
    language: str
    title: str
    is_changed: bool


def people(me: User) -> list[Person]:
    """List who works here, by role and name."""
    proven = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    rows = User.objects.working_here().annotate(proven=Exists(proven)).order_by("role", "handle")
    return [Person(one.pk, one.handle, Role(one.role), one.proven, one.pk == me.pk) for one in rows]


def held() -> list[Held]:
    """List the cases that somebody reads now."""
    rows = Case.objects.being_read().select_related("lease_by").order_by("lease_until")
    return [
        Held(one.pk, Cause(one.cause), one.lease_by.handle, one.lease_until) for one in rows if one.lease_by is not None
    ]


def texts() -> list[tuple[str, list[Text], list[Text], str]]:
    """List rules and templates by language: its name, its rules, its templates, and the code of the next template."""
    written = {(one.kind, one.code, one.language): one.fields for one in Wording.objects.all()}
    found = []
    for language, name in settings.LANGUAGES:
        rules = [
            _text(Wording.Kind.RULE, rule.code, language, rule.title, written) for rule in content.load(language).rules
        ]
        codes = sorted(code for kind, code, spoken in written if kind == Wording.Kind.TEMPLATE and spoken == language)
        templates = [_text(Wording.Kind.TEMPLATE, code, language, code, written) for code in codes]
        taken = {code for kind, code, _spoken in written if kind == Wording.Kind.TEMPLATE}
        free = next(f"letter-{number}" for number in range(1, len(taken) + 2) if f"letter-{number}" not in taken)
        found.append((str(name), rules, templates, free))
    return found


def _text(
    kind: str, code: str, language: str, title: str, written: Mapping[tuple[str, str, str], Mapping[str, str]]
) -> Text:
    fields = written.get((kind, code, language), {})
    return Text(kind, code, language, fields.get("title") or title, bool(fields))


def words_now(kind: str, code: str, language: str) -> dict[str, str]:
    """Return the words of a rule or a template as they are now."""
    kept = Wording.objects.filter(kind=kind, code=code, language=language).values_list("fields", flat=True).first()
    if kind == Wording.Kind.TEMPLATE:
        return dict(kept or {})
    rule = content.load(language).rule(code)
    return {"title": rule.title, "text": rule.text, "reason": rule.reason} | dict(kept or {})


def changed(kind: str, code: str, language: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what of the typed words differs from the pack's: only that is kept."""
    if kind == Wording.Kind.TEMPLATE:
        return dict(typed)
    rule = content.load(language).rule(code)
    return {name: words for name, words in typed.items() if words != getattr(rule, name)}


def preview(code: str, language: str, typed: Mapping[str, str]) -> Rule:
    """Return a rule as it would read."""
    rule = content.load(language).rule(code)
    said = {"title": rule.title, "text": rule.text, "reason": rule.reason}
    said |= {name: words for name, words in typed.items() if words}
    return replace(rule, title=said["title"], text=said["text"], reason=said["reason"])
