"""Who may open what: every address, everybody, one status to open and one to send. None may be missing."""

from __future__ import annotations

import copy
import re
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

WHO = ["visitor", "receipt", "member", "other", "moderator", "unproven", "editor", "clinician", "lead"]
ENDS = {"community:leave"}  # opened last: it ends the visit

# Opened / sent without a word typed and without a token checked: who gets past the gate, and what they are told.
# One cell stands for everybody; "rec, story" is the step of that name, "live, new" a new reply to the live text.
#                                                 vis     rec     mem     oth     mod     unp     edi     cli    lead
TABLE = """
community:home                                  200/405
community:rules                                 200/405
community:privacy                               200/405
community:reading                               200/405
community:about                                 200/405
community:design                                200/405
community:accessibility                         200/405
community:language                              200/422
community:look                                  200/422
community:leave                                 303/405
community:healthz                               200/405
community:readyz                                503/405
community:robots                                200/405
community:favicon                               302/405
feed                                            200/405
sitemap                                         200/405
treatments                                      200/405
treatment [t01]                                 200/405
treatment [none]                                404/405
numbers                                         200/405
search                                          200/422
advice:help_now                                 200/405
advice:partners                                 200/405
advice:index                                    200/405
advice:feed                                     200/405
advice:article [said]                           200/405
advice:article [none]                           404/405
advice:article_in [said, en]                    200/405
advice:opinion [said, en]                       200/422
advice:desk                                     302/302 302/302 404/404 404/404 404/404 404/404 200/405 200/405 404/404
advice:new                                      302/302 302/302 404/404 404/404 404/404 404/404 200/422 404/404 404/404
advice:desk_article [article]                   302/302 302/302 404/404 404/404 404/404 404/404 200/303 200/404 404/404
advice:version [words]                          302/403 302/403 404/404 404/404 404/404 404/404 200/409 200/404 404/404
advice:act [words, discard]                     302/403 302/403 404/404 404/404 404/404 404/404 405/303 405/404 404/404
advice:act [words, sign]                        302/403 302/403 404/404 404/404 404/404 404/404 405/404 405/422 404/404
advice:end_gone [signature]                     302/302 302/302 404/404 404/404 404/404 404/404 405/303 404/404 405/303
advice:unsign [signature]                       302/403 302/403 404/404 404/404 404/404 404/404 404/404 405/409 404/404
advice:research                                 200/405
advice:trial [trial]                            200/405
advice:trial [none]                             404/405
advice:organisations                            200/405
advice:care_team                                200/405
advice:card                                     200/405
advice:words                                    200/405
accounts:home                                   302/302 302/302 200/405 200/405 200/405 200/405 200/405 200/405 200/405
accounts:codes                                  302/302
accounts:new_codes                              302/302
accounts:devices                                302/302
accounts:export                                 302/302
accounts:close                                  302/302
accounts:closed                                 200/405
accounts:recover                                200/422 200/422 302/302 302/302 302/302 302/302 302/302 302/302 302/302
accounts:preferences                            302/302 302/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302
accounts:consents                               302/302 302/302 200/422 200/422 404/404 404/404 404/404 404/404 404/404
accounts:reminder                               302/302 302/302 200/409 200/409 404/404 404/404 404/404 404/404 404/404
accounts:reminder_off [none]                    404/404
account_signup                                  200/422 200/422 302/302 302/302 302/302 302/302 302/302 302/302 302/302
account_login                                   200/422 200/422 302/302 302/302 302/302 302/302 302/302 302/302 302/302
account_logout                                  302/302 302/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302
account_reauthenticate                          302/302 302/302 200/422 200/422 200/422 200/422 200/422 200/422 200/422
account_change_password                         302/302 302/302 200/422 200/422 200/422 200/422 200/422 200/422 200/422
mfa_index                                       302/302 302/302 200/405 200/405 200/405 200/405 200/405 200/405 200/405
mfa_authenticate                                302/302
mfa_reauthenticate                              302/302 302/302 302/302 302/302 200/422 302/302 200/422 200/422 200/422
mfa_activate_totp                               302/302
mfa_deactivate_totp                             302/302
mfa_view_recovery_codes                         302/302
mfa_generate_recovery_codes                     302/302
mfa_login_webauthn                              302/302
mfa_reauthenticate_webauthn                     302/302
mfa_add_webauthn                                302/302
mfa_remove_webauthn [key]                       302/302
stories:list                                    200/200
stories:reading                                 200/302
stories:detail [rec; mem; draft; own]           404/404
stories:detail [live]                           200/200
stories:new                                     200/200 200/200 200/200 200/200 403/403 403/403 403/403 403/403 403/403
stories:write [rec; mem; draft; live; own]      302/409 302/409 302/409 302/409 403/403 403/403 403/403 403/403 403/403
stories:step [rec, story]                       200/409 302/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:step [mem, story]                       200/409 200/409 302/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:step [draft, story; live, story]        200/409 200/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:preview [rec]                           404/409 302/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:preview [mem]                           404/409 404/409 302/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:preview [draft]                         404/409 404/409 200/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:preview [live]                          404/409 404/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:react [rec; mem; draft]                 302/409 302/409 404/409 404/409 403/403 403/403 403/403 403/403 403/403
stories:react [live]                            302/409 302/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:save [rec; mem; draft; live]            302/409 302/409 302/409 302/409 302/403 302/403 302/403 302/403 302/403
stories:saved                                   302/302 302/302 200/200 200/200 403/403 403/403 403/403 403/403 403/403
stories:fix [rec; mem; draft; live]             405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:mine                                    200/302 200/200 200/200 200/200 403/403 403/403 403/403 403/403 403/403
stories:receipt                                 200/422 200/422 200/422 200/422 403/403 403/403 403/403 403/403 403/403
stories:status [rec]                            404/404 200/200 404/404 404/404 404/404 404/404 404/404 404/404 404/404
stories:status [mem; draft; own]                404/404 404/404 200/200 404/404 404/404 404/404 404/404 404/404 404/404
stories:status [live]                           404/404
stories:take_back [rec; mem; draft; live]       405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:withdraw [rec]                          404/409 200/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:withdraw [mem]                          404/409 404/409 200/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:withdraw [draft]                        404/409 404/409 302/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:withdraw [live]                         404/409 404/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:erase [rec]                             404/409 200/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:erase [mem; draft]                      404/409 404/409 200/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:erase [live]                            404/409 404/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:export [rec]                            405/404 405/200 405/404 405/404 405/404 405/404 405/404 405/404 405/404
stories:export [mem; draft]                     405/404 405/404 405/200 405/404 405/404 405/404 405/404 405/404 405/404
stories:export [live]                           405/404
stories:discard [rec; mem; draft; live]         405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:adopt [rec; mem; draft; live]           405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:respond [rec; mem; draft; live]         405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:appeal [rec]                            404/409 302/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:appeal [mem; draft]                     404/409 404/409 302/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:appeal [live]                           404/409 404/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:appeal [no]                             404/409 404/409 200/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:detail [rep]                            302/302
stories:answer [rec; rep]                       404/405 404/405 404/405 404/405 403/405 403/405 403/405 403/405 403/405
stories:answer [live]                           302/405 302/405 302/405 302/405 403/405 403/405 403/405 403/405 403/405
stories:reply [live, new; live, rep; live, own] 200/409 200/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:replies [mem; live]                     405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
moderation:report [rec; mem; draft]             404/409 404/409 404/409 404/409 403/403 403/403 403/403 403/403 403/403
moderation:report [live]                        200/409 200/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
moderation:queue                                302/302 302/302 404/404 404/404 200/200 302/302 404/404 404/404 200/200
moderation:now                                  302/302 302/302 404/404 404/404 200/200 302/302 404/404 404/404 200/200
moderation:place                                302/302 302/302 404/404 404/404 200/303 302/302 404/404 404/404 200/303
moderation:next                                 302/302 302/302 404/404 404/404 302/303 302/302 404/404 404/404 302/303
moderation:case [case]                          302/302 302/302 404/404 404/404 200/200 302/302 404/404 404/404 200/200
moderation:take [case]                          302/403 302/403 404/404 404/404 302/303 302/302 404/404 404/404 302/409
moderation:renew [case]                         302/302 302/302 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:release [case]                       302/403 302/403 404/404 404/404 302/303 302/302 404/404 404/404 302/303
moderation:skip [case]                          302/403 302/403 404/404 404/404 302/303 302/302 404/404 404/404 302/303
moderation:decide [case]                        302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:note [case]                          302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:message [case]                       302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:escalate [case]                       302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:hide [case]                          302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:history                              302/302 302/302 404/404 404/404 200/200 302/302 404/404 404/404 200/200
moderation:transparency                         200/405
moderation:numbers                              200/405
moderation:invitation                           200/422 200/422 302/302 302/302 302/302 302/302 302/302 302/302 302/302
moderation:lead                                 302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 200/405
moderation:people                               302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 200/405
moderation:invite                               302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/422
moderation:uninvite [staff]                     302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/303
moderation:person [staff]                       302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/422
moderation:close_account [staff]                302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 200/303
moderation:words                                302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 200/405
moderation:wording [rule, kind]                 302/403 302/403 404/404 404/404 404/404 404/404 404/404 404/404 200/303
moderation:set_free [case]                      302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/303
moderation:set_numbers                          302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/422
moderation:give [case]                          302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/303
moderation:offer [case]                         302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/303
moderation:reopen [version]                     302/403 302/403 404/404 404/404 404/404 404/404 404/404 404/404 302/303
"""


def table() -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Read rows of `name [object; object] opened/sent…`."""
    rows: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for line in TABLE.strip().splitlines():
        row = re.fullmatch(r"(\S+)(?: \[(.+)\])? +(\d.+)", line)
        assert row, line
        name, things, cells = row.groups("")
        codes = [(int(cell[:3]), int(cell[4:])) for cell in cells.split()]
        for thing in things.split("; "):
            assert (name, thing) not in rows, "each row is there once"
            rows[name, thing] = codes * len(WHO) if len(codes) == 1 else codes
    assert {len(codes) for codes in rows.values()} == {len(WHO)}
    return rows


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
    mine = make.draft(Owner.of_account(writer), reply_to=live, title="", text=make.REPLY).contribution_id
    ours, theirs = make.waiting(Owner.of_code(code)), make.waiting(Owner.of_account(writer))
    clients["receipt"].post(reverse("stories:receipt"), {"code": code})
    make.trial(1)
    signature, words = written.signed(written.live("said")), written.draft("draft")
    held = claim(Case.objects.get(revision=theirs).pk, moderator=reviewer)
    draft = make.draft(Owner.of_account(writer))
    refused = make.waiting(Owner.of_account(writer))
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


def opened(client: Client, address: str) -> int:
    """Open a page."""
    return client.get(address).status_code


def sent(client: Client, address: str) -> int:
    """Send an empty form, and take back whatever it did."""
    cookies = copy.deepcopy(client.cookies)
    try:
        with transaction.atomic():
            status = client.post(address).status_code
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return int(status)


def test_every_address_is_in_the_table() -> None:
    assert {name for name, _ in table()} == set(names(get_resolver().url_patterns))


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "ask"), [(0, opened), (1, sent)], ids=["opened", "sent"])
def test_everybody_gets_what_the_table_says(
    people: tuple[dict[str, Client], dict[str, Any]], place: int, ask: Callable[[Client, str], int]
) -> None:
    clients, objects = people
    expected, found = {row: [codes[place] for codes in cells] for row, cells in table().items()}, {}
    for name, thing in sorted(expected, key=lambda row: row[0] in ENDS):
        where = address(name, objects[thing] if thing else None)
        found[name, thing] = [ask(clients[who], where) for who in WHO]
    assert found == expected
