"""What tests of the advice need: articles and versions, made through the same actions as the site's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from advice import actions
from advice.actions import Words
from advice.models import Kind, SignOff, Version
from tests import make

SOURCE = {"key": "one", "title": "A paper", "publisher": "A journal", "link": "https://example.org/paper", "year": 2020}


def editor() -> User:
    return make.moderator(role=Role.EDITOR, second_factor=False)


def clinician() -> User:
    return make.moderator(role=Role.CLINICIAN, second_factor=False)


def words(**changes: Any) -> Words:
    plain: dict[str, Any] = {
        "title": "What could a first step be?",
        "short": "There is no wrong first step.",
        "body": "## Today\n\nNothing has to happen today.[^one]\n\n## Later\n\nA friend may come along.",
        "sources": (SOURCE,),
    }
    return Words(**plain | changes)


def draft(slug: str = "first-step", language: str = "en", *, kind: Kind = Kind.QUESTION, **changes: Any) -> Version:
    by = editor()
    begun = actions.begin(slug=slug, language=language, kind=kind, place=10, editor=by)
    return actions.write(begun.pk, words(**changes), seen=Words().digest, editor=by)


def live(slug: str = "first-step", language: str = "en", **changes: Any) -> Version:
    return publish(draft(slug, language, **changes))


def publish(version: Version) -> Version:
    return actions.publish(version.pk, seen=Words.of(version).digest, editor=editor())


def waiting(version: Version | None = None, **changes: Any) -> Version:
    one = version or draft(**changes)
    return actions.send(one.pk, seen=Words.of(one).digest, editor=editor())


def edited(version: Version, **changes: Any) -> Version:
    """Return a draft of the article with other words."""
    by = editor()
    begun = actions.draft_of(version.article_id, editor=by)
    return actions.write(begun.pk, words(**changes), seen=Words.of(begun).digest, editor=by)


def signed(version: Version, *, days: int = 30, by: User | None = None) -> SignOff:
    return actions.sign(
        version.pk,
        seen=Words.of(version).digest,
        name="Alba Hazelmere",
        qualification="Physiotherapist",
        due_on=timezone.localdate() + timedelta(days=days),
        clinician=by or clinician(),
    )
