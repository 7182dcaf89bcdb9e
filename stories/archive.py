"""What somebody takes along: their account and all that is theirs, as data and as a page that opens without a network.

Nobody else's words are in it but those that were written to its owner, and nothing that only this site can read:
no digests, secrets, tags or seals.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import override

import content
from accounts.models import User
from stories.archived_account import Fact, facts_of
from stories.archived_texts import Told, month_of, place_of, texts_of
from stories.models import Contribution, Reaction, SavedItem, house_rules
from stories.owners import Owner
from stories.signs import marks_left

# What a member reported, and what who works here chose for it: both are kept by a room that stories does not know.
Reports = Callable[[Owner], Iterable[Any]]
AtWork = Callable[[User], Iterable[Fact]]


@dataclass(frozen=True)
class Belongings:
    """What one archive is of: an account, told whole before it begins, and texts; the rest is found by marks."""

    owner: Owner
    account: list[Fact] = field(default_factory=list)
    texts: list[UUID] = field(default_factory=list)
    reports: Reports | None = None


def all_of(user: User, reports: Reports, at_work: AtWork) -> Belongings:
    """Return everything that an account has here."""
    owner = Owner.of_account(user)
    mine = Contribution.objects.owned_by(owner).order_by("-month", "pk")
    return Belongings(owner, [*facts_of(user), *at_work(user)], list(mine.values_list("pk", flat=True)), reports)


def files(of: Belongings, language: str) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the files of an archive, each with its pieces, which are read as they are asked for."""
    yield "data.json", _data(of)
    yield "index.html", _in(language, _page(of, language))


def _data(of: Belongings) -> Iterator[str]:
    """Yield the archive as JSON, one thing at a time."""
    yield "{\n"
    if of.account:
        yield f'"account": {_json({name: value for fact in of.account for name, value in fact.data.items()})},\n'
        for name, things in (("saved", _saved(of)), ("reactions", _reactions(of)), ("reports", _reports(of))):
            yield from _list(name, things)
            yield ",\n"
    yield from _list("texts", (told.data for told in texts_of(of.texts)))
    yield "\n}\n"


def _list(name: str, things: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield f'"{name}": ['
    for place, one in enumerate(things):
        yield f"{',' if place else ''}\n{_json(one)}"
    yield "]"


def _json(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False, indent=1)


def _page(of: Belongings, language: str) -> Iterator[str]:
    """Yield the archive as one page without any other file, one thing at a time."""
    yield render_to_string("stories/archive/head.html", {"style": _style(), "account": of.account, "code": language})
    for told in texts_of(of.texts):
        yield _text(told)
    if of.account:
        for kind, things in (("saved", _saved(of)), ("reactions", _reactions(of)), ("reports", _reports(of))):
            yield from (render_to_string("stories/archive/list.html", part) for part in _listed(kind, things, language))
    yield render_to_string("stories/archive/foot.html")


def _text(told: Told) -> str:
    return render_to_string("stories/archive/text.html", {"told": told, "data": told.data})


def _listed(kind: str, things: Iterable[dict[str, Any]], language: str) -> Iterator[dict[str, Any]]:
    """Yield the beginning of a list, each thing in it with its codes in words, and its end."""
    none = True
    labels = {one.code: one.label for one in content.load(language).reactions}
    titles = {one.code: one.title for one in house_rules(language)}
    yield {"kind": kind, "begins": True}
    for one in things:
        none = False
        sign, rules = one.get("sign", ""), one.get("rules", [])
        told = {"sign": labels.get(sign, sign), "rules": [titles.get(rule, rule) for rule in rules]}
        if "month" in one:
            told["month"] = date.fromisoformat(f"{one['month']}-01")
        yield {"kind": kind, "one": one | told}
    yield {"kind": kind, "ends": True, "none": none}


def _saved(of: Belongings) -> Iterator[dict[str, Any]]:
    rows = SavedItem.objects.saved_by(of.owner).order_by("contribution_id").values_list("contribution_id", flat=True)
    return (place_of(pk) for pk in rows.iterator())


def _reactions(of: Belongings) -> Iterator[dict[str, Any]]:
    for marks in marks_left(of.owner):
        for pk, kind in Reaction.objects.filter(mark__in=marks).values_list("contribution_id", "kind"):
            yield {**place_of(pk), "sign": kind}


def _reports(of: Belongings) -> Iterator[dict[str, Any]]:
    for one in of.reports(of.owner) if of.reports else ():
        about = place_of(one.revision.contribution_id)
        yield {**about, "rules": list(one.rules), "text": one.text, "month": month_of(one.month)}


def _style() -> str:
    """Return the styles as a part of the page."""
    styles = Path(str(finders.find("archive.css"))).read_text()
    return format_html("<style>{}</style>", mark_safe(styles))  # noqa: S308 - a file of ours


def _in(language: str, pieces: Iterable[str]) -> Iterator[str]:
    """Make each piece in a language, and leave the thread's as it was between two."""
    iterator = iter(pieces)
    while True:
        with override(language):
            piece = next(iterator, None)
        if piece is None:
            return
        yield piece
