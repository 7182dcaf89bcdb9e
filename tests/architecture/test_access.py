"""Everybody gets what the table says, at every address, in an answer that tells nobody else anything.

And in an old visit no address shows an owner's words.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.codes import new_code
from accounts.models import Role
from moderation.actions import claim
from moderation.models import Case
from stories.models import Outcome
from stories.owners import Owner
from tests import make
from tests.advice import written
from tests.architecture.access import WHO, table
from tests.architecture.answers import judged

ENDS = {"community:leave"}  # opened last: it ends the visit
MINE = "kanaria"  # a word in whatever the member wrote


def names(patterns: Iterable[Any], space: str = "") -> Iterator[str]:
    """Yield the name of every address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}"


@pytest.fixture
def people(db: None) -> tuple[dict[str, Client], dict[str, Any]]:
    """Sign everybody in, and put one text of each kind there."""
    code, writer, reviewer = new_code(), make.member(), make.moderator()
    clients = {
        "visitor": make.client_of(),
        "receipt": make.client_of(),
        "member": make.client_of(writer),
        "other": make.client_of(make.member()),
        "moderator": make.client_of(reviewer),
        "unproven": make.client_of(make.moderator(second_factor=False)),
        "editor": make.client_of(make.moderator(role=Role.EDITOR)),
        "clinician": make.client_of(make.moderator(role=Role.CLINICIAN)),
        "lead": make.client_of(make.moderator(role=Role.LEAD)),
    }
    told = make.published()
    live, answer = told.pk, make.published_reply(told).pk
    mine = make.draft(Owner.of_account(writer), reply_to=live, title="", text=f"{MINE} {make.REPLY}").contribution_id
    ours, theirs = make.waiting(Owner.of_code(code)), make.waiting(Owner.of_account(writer), title=MINE)
    clients["receipt"].post(reverse("stories:receipt"), {"code": code})
    make.trial(1)
    signature, words = written.signed(written.live("said")), written.draft("draft")
    held = claim(Case.objects.get(revision=theirs).pk, moderator=reviewer)
    draft = make.draft(Owner.of_account(writer), title=MINE)
    refused = make.waiting(Owner.of_account(writer), title=MINE)
    make.decided(refused, Outcome.REFUSE)
    # A text that waits (of a receipt, of a member), a draft, one that is published with a reply, a case with its
    # lease; a text that was refused.
    objects = {
        "rec": ours.contribution_id,
        "mem": theirs.contribution_id,
        "draft": draft.contribution_id,
        "live": live,
        "rep": answer,
        "own": mine,
        "no": refused.contribution_id,
        "case": held.pk,
        "staff": reviewer.pk,
        "key": 7,
        "rule, kind": ("rule", "kind", "en"),
        "version": told.revision_id,
        "t01": "t01",
        "none": "t99",
        "trial": "nct00000001",
        "said": signature.version.article.slug,
        "said, en": (signature.version.article.slug, "en"),
        "article": words.article_id,
        "words": words.pk,
        "words, discard": (words.pk, "discard"),
        "words, sign": (words.pk, "sign"),
        "signature": signature.pk,
    }
    objects |= {f"{one}, story": (objects[one], "story") for one in ("rec", "mem", "draft", "live")}
    objects |= {f"live, {one}": (live, objects.get(one, uuid.UUID(int=7))) for one in ("new", "rep", "own")}
    return clients, objects


def address(name: str, thing: Any) -> str:
    """Return an address of one thing, of several, or of none."""
    return reverse(name, args=thing if isinstance(thing, tuple) else [thing] if thing else [])


def opened(client: Client, address: str) -> Any:
    """Open a page."""
    return client.get(address, HTTP_ACCEPT_ENCODING="gzip, br")


def sent(client: Client, address: str) -> Any:
    """Send an empty form, and take back whatever it did."""
    cookies = copy.deepcopy(client.cookies)
    try:
        with transaction.atomic():
            answer = client.post(address)
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return answer


def test_every_address_is_in_the_table() -> None:
    assert {name for name, _ in table()} == set(names(get_resolver().url_patterns))


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "ask"), [(0, opened), (1, sent)], ids=["opened", "sent"])
def test_everybody_gets_what_the_table_says(
    people: tuple[dict[str, Client], dict[str, Any]], place: int, ask: Callable[[Client, str], Any], settings: Any
) -> None:
    clients, objects = people
    settings.MAIL = {"host": "unused"}  # with it there are more fields
    expected, found = {row: [codes[place] for codes in cells] for row, cells in table().items()}, {}
    wrong = []
    for name, thing in sorted(expected, key=lambda row: row[0] in ENDS):
        where = address(name, objects[thing] if thing else None)
        answers = [ask(clients[who], where) for who in WHO]
        found[name, thing] = [answer.status_code for answer in answers]
        wrong += [f"{who} {one}" for who, answer in zip(WHO, answers, strict=True) for one in judged(answer, where)]
    assert found == expected
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.django_db
@pytest.mark.parametrize("age", ["old", "new"])
def test_in_an_old_visit_no_address_shows_an_owners_words(
    people: tuple[dict[str, Client], dict[str, Any]], age: str, settings: Any
) -> None:
    clients, objects = people
    settings.OWN_TEXTS_HOURS = -1 if age == "old" else 1
    own = {str(objects[one]) for one in ("mem", "draft", "own", "no")}
    shown, led = set(), []
    for name, thing in sorted(table(), key=lambda row: row[0] in ENDS):
        where = address(name, objects[thing] if thing else None)
        for ask in (Client.get, Client.head, sent):
            answer = ask(clients["member"], where)
            shown |= {name} if MINE in answer.content.decode() else set()
            led += [one for one in own if one in answer.headers.get("Location", "") and one not in where]
    if age == "old":
        assert (shown, led) == (set(), [])
    else:
        # Erasing and taking along ask always, unless somebody proved it just now: tests/stories/test_leaving.py.
        every = "appeal mine new preview reply status step withdraw"
        assert shown == {f"stories:{name}" for name in every.split()}
        assert led
