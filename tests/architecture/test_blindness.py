"""Nothing that staff are served says whose text it is: every page, every press, and the order of what is on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from itertools import zip_longest
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Role, User
from moderation import urls
from moderation.models import Case
from stories.models import Contribution
from stories.owners import Owner
from tests import make
from tests.architecture.canaries import FOR_MEMBERS, PUBLIC, SAID, Field, planted
from tests.architecture.crawling import WORD
from tests.architecture.desks import FOR_LEADS, HELD, Staff, cases, names_of_routes, signs

NEW_EACH_TIME = re.compile(
    rb'name="(?:csrfmiddlewaretoken|request_id|token)" value="[^"]*"|data-(?:token|until)="[^"]*"'
)
ORDERED = ["queue", "now", "history", "lead", "people"]


@pytest.fixture
def ground(db: None, member: User) -> Field:
    return planted(Owner.of_account(member))


def told(staff: Staff, known: dict[bytes, str], words: set[bytes]) -> list[str]:
    """Return where something was served that tells too much: a sign of somebody, or a word that is not for staff."""
    found = []
    for where, page in staff.served:
        found += [f"{sort}: {where}" for sign, sort in known.items() if sign in page]
        found += [f"{word.decode()}: {where}" for word in {*WORD.findall(page)} - words]
    return found


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.LEAD])
def test_whatever_staff_press_says_nothing_about_who_wrote_or_reported(
    ground: Field, member: User, settings: Any, role: Role
) -> None:
    staff, leads_only = Staff(make.moderator(role=role)), {one.name for one in urls.leads}
    found = cases(ground, settings)
    known = signs(member, ground.reader)
    for kind, case in found.items():
        staff.served.clear()
        staff.press_everything(case, only_its_own=kind != "new")
        instead = kind in FOR_LEADS and role != Role.LEAD  # "next" brings the one that is due first
        mine = ground.named(*HELD["urgent" if instead else kind])
        assert told(staff, known, ground.named(*PUBLIC, *FOR_MEMBERS) | mine | {SAID.encode()}) == [], kind
        assert mine <= {word for _, page in staff.served for word in WORD.findall(page)}, kind
    assert names_of_routes() - staff.done == (set() if role == Role.LEAD else leads_only)


def change_hands(author: Owner, mine: list[Any], other: Owner) -> None:
    """Give the author's texts to somebody else, and all others to the author; the names in a thread are public."""
    used = {bytes(tag) for tag in Contribution.objects.values_list("owner_tag", flat=True)}
    free = {to: (tag for tag in to.tags() if tag not in used) for to in (author, other)}
    for one in Contribution.objects.all():
        to = other if one.pk in mine else author
        Contribution.objects.filter(pk=one.pk).update(
            owner_tag=next(free[to]),
            person_seal=to.seal_person(one.pk),
            from_receipt=to.is_receipt,
        )


def seen_by(staff: Staff, found: dict[str, Case]) -> list[Any]:
    """Return all that somebody sees in an order: the pages with lists, each text with what is beside it, the queue."""
    seen: list[Any] = []
    for kind, case in found.items():
        with staff.undone():
            staff.held(case, "case")
            pages = [path for name, path in staff.routes(case) if name in {"case", *(ORDERED if kind == "new" else [])}]
            seen += [NEW_EACH_TIME.sub(b"", staff.client.get(path).content) for path in pages]
    with staff.undone():
        while "/cases/" in (taken := staff.client.post(reverse("moderation:next"), {"anyway": "1"}).url):
            token = Case.objects.being_read().get(lease_by=staff.user).lease_token
            staff.client.post(taken + "skip/", {"token": str(token)})
            seen.append(taken)
    return seen


def changed(before: list[Any], after: list[Any]) -> Iterator[str]:
    """Yield what is not as it was, by line."""
    for one, other in zip_longest(before, after):
        if one != other:
            yield from unified_diff(str(one).split("\\n"), str(other).split("\\n"), n=0)


def test_the_same_texts_by_other_people_are_the_same_pages_in_the_same_order(
    ground: Field, member: User, settings: Any
) -> None:
    lead, found = Staff(make.moderator(role=Role.LEAD)), cases(ground, settings)
    for number in range(8):
        make.waiting(title=f"By somebody else, {number}")
    before = seen_by(lead, found)
    assert len(before) > len(found) + len(ORDERED) + 8
    change_hands(Owner.of_account(member), ground.contributions, make.owner())
    assert [*changed(before, seen_by(lead, found))] == []
