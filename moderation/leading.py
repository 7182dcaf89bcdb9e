"""What a lead sees: who works here, the words that can be changed, and where people disagree."""

from __future__ import annotations

import secrets
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
from moderation.drafts import drafts
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
        templates = [_text(Wording.Kind.TEMPLATE, one.code, language, one.title, written) for one in drafts(language)]
        new = f"letter-{secrets.token_hex(4)}"  # drawn, so that two leads never write into one another's
        found.append((str(name), rules, templates, new))
    return found


def _text(
    kind: str, code: str, language: str, title: str, written: Mapping[tuple[str, str, str], Mapping[str, str]]
) -> Text:
    fields = written.get((kind, code, language), {})
    return Text(kind, code, language, fields.get("title") or title, bool(fields))


def words_now(kind: str, code: str, language: str) -> dict[str, str]:
    """Return the words of a rule or a template as they are now."""
    kept = Wording.objects.filter(kind=kind, code=code, language=language).values_list("fields", flat=True).first()
    return shipped(kind, code, language) | dict(kept or {})


def changed(kind: str, code: str, language: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what of the typed words differs from the pack's: only that is kept."""
    before = shipped(kind, code, language)
    return {name: words for name, words in typed.items() if words != before.get(name, "")}


def shipped(kind: str, code: str, language: str) -> dict[str, str]:
    """Return the words of a rule or a template as the pack has them; none of a template that a lead added."""
    pack = content.load(language)
    if kind == Wording.Kind.RULE:
        rule = pack.rule(code)
        return {"title": rule.title, "text": rule.text, "reason": rule.reason}
    found = [one for one in pack.templates if one.code == code]
    return {"title": found[0].title, "text": found[0].text} if found else {}


def preview(code: str, language: str, typed: Mapping[str, str]) -> Rule:
    """Return a rule as it would read."""
    rule = content.load(language).rule(code)
    said = {"title": rule.title, "text": rule.text, "reason": rule.reason}
    said |= {name: words for name, words in typed.items() if words}
    return replace(rule, title=said["title"], text=said["text"], reason=said["reason"])
