"""Who may open what: every address, everybody, one status each. An address that is not here fails."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.codes import new_code
from accounts.models import Role
from moderation.actions import claim
from moderation.models import Case
from stories.owners import Owner
from tests import make

WHO = ["visitor", "receipt", "member", "other", "moderator", "unproven", "editor", "clinician", "lead"]
# What is opened: a text that waits (of a receipt or of a member), one that is published, a case with its lease.
ENDS = {"community:leave"}  # opened last: it ends the visit
OF_RECEIPT, OF_MEMBER, LIVE, CASE, DRAFT = "receipt's text", "member's text", "live text", "case", "member's draft"
TREATMENT, NO_TREATMENT = "t01", "no treatment"
# Answers to the live text: named by themselves, and by the story and themselves.
ANSWER, WAITING_ANSWER = "live answer", "member's answer"
NO_ANSWER, UNDER, WAITING_UNDER = "new under live text", "live answer under it", "member's answer under it"

#                                             vis  rec  mem  oth  mod  unp  edi  cli lead
GET = """
community:home                                 200  200  200  200  200  200  200  200  200
community:rules                                200  200  200  200  200  200  200  200  200
community:privacy                              200  200  200  200  200  200  200  200  200
community:about                                200  200  200  200  200  200  200  200  200
community:design                               200  200  200  200  200  200  200  200  200
community:accessibility                        200  200  200  200  200  200  200  200  200
community:leave                                303  303  303  303  303  303  303  303  303
community:healthz                              200  200  200  200  200  200  200  200  200
community:readyz                               503  503  503  503  503  503  503  503  503
community:robots                               200  200  200  200  200  200  200  200  200
community:favicon                              302  302  302  302  302  302  302  302  302
feed                                           200  200  200  200  200  200  200  200  200
sitemap                                        200  200  200  200  200  200  200  200  200
treatments                                     200  200  200  200  200  200  200  200  200
treatment [t01]                                200  200  200  200  200  200  200  200  200
treatment [no treatment]                       404  404  404  404  404  404  404  404  404
numbers                                        200  200  200  200  200  200  200  200  200
search                                         200  200  200  200  200  200  200  200  200
advice:help_now                                200  200  200  200  200  200  200  200  200
advice:partners                                200  200  200  200  200  200  200  200  200
accounts:home                                  302  302  200  200  200  200  200  200  200
accounts:codes                                 302  302  302  302  302  302  302  302  302
accounts:new_codes                             302  302  302  302  302  302  302  302  302
accounts:recover                               200  200  302  302  302  302  302  302  302
account_signup                                 200  200  302  302  302  302  302  302  302
account_login                                  200  200  302  302  302  302  302  302  302
account_logout                                 302  302  200  200  200  200  200  200  200
account_reauthenticate                         302  302  200  200  200  200  200  200  200
account_change_password                        302  302  200  200  200  200  200  200  200
mfa_index                                      302  302  200  200  200  200  200  200  200
mfa_authenticate                               302  302  302  302  302  302  302  302  302
mfa_reauthenticate                             302  302  302  302  200  302  200  200  200
mfa_activate_totp                              302  302  302  302  302  302  302  302  302
mfa_deactivate_totp                            302  302  302  302  302  302  302  302  302
mfa_view_recovery_codes                        302  302  302  302  302  302  302  302  302
mfa_generate_recovery_codes                    302  302  302  302  302  302  302  302  302
stories:list                                   200  200  200  200  200  200  200  200  200
stories:reading                                200  200  200  200  200  200  200  200  200
stories:detail [receipt's text]                404  404  404  404  404  404  404  404  404
stories:detail [member's text]                 404  404  404  404  404  404  404  404  404
stories:detail [member's draft]                404  404  404  404  404  404  404  404  404
stories:detail [live text]                     200  200  200  200  200  200  200  200  200
stories:new                                    200  200  200  200  403  403  403  403  403
stories:write [receipt's text]                 302  302  302  302  403  403  403  403  403
stories:write [member's text]                  302  302  302  302  403  403  403  403  403
stories:write [member's draft]                 302  302  302  302  403  403  403  403  403
stories:write [live text]                      302  302  302  302  403  403  403  403  403
stories:step [receipt's text, story]           200  302  200  200  403  403  403  403  403
stories:step [member's text, story]            200  200  302  200  403  403  403  403  403
stories:step [member's draft, story]           200  200  200  200  403  403  403  403  403
stories:step [live text, story]                200  200  200  200  403  403  403  403  403
stories:preview [receipt's text]               404  302  404  404  404  404  404  404  404
stories:preview [member's text]                404  404  302  404  404  404  404  404  404
stories:preview [member's draft]               404  404  200  404  404  404  404  404  404
stories:preview [live text]                    404  404  404  404  404  404  404  404  404
stories:react [receipt's text]                 302  302  404  404  403  403  403  403  403
stories:react [member's text]                  302  302  404  404  403  403  403  403  403
stories:react [member's draft]                 302  302  404  404  403  403  403  403  403
stories:react [live text]                      302  302  200  200  403  403  403  403  403
stories:save [receipt's text]                  302  302  302  302  302  302  302  302  302
stories:save [member's text]                   302  302  302  302  302  302  302  302  302
stories:save [member's draft]                  302  302  302  302  302  302  302  302  302
stories:save [live text]                       302  302  302  302  302  302  302  302  302
stories:saved                                  302  302  200  200  403  403  403  403  403
stories:fix [receipt's text]                   405  405  405  405  405  405  405  405  405
stories:fix [member's text]                    405  405  405  405  405  405  405  405  405
stories:fix [member's draft]                   405  405  405  405  405  405  405  405  405
stories:fix [live text]                        405  405  405  405  405  405  405  405  405
stories:mine                                   200  200  200  200  403  403  403  403  403
stories:receipt                                200  200  200  200  403  403  403  403  403
stories:status [receipt's text]                404  200  404  404  404  404  404  404  404
stories:status [member's text]                 404  404  200  404  404  404  404  404  404
stories:status [member's draft]                404  404  200  404  404  404  404  404  404
stories:status [live text]                     404  404  404  404  404  404  404  404  404
stories:take_back [receipt's text]             405  405  405  405  405  405  405  405  405
stories:take_back [member's text]              405  405  405  405  405  405  405  405  405
stories:take_back [member's draft]             405  405  405  405  405  405  405  405  405
stories:take_back [live text]                  405  405  405  405  405  405  405  405  405
stories:withdraw [receipt's text]              404  200  404  404  404  404  404  404  404
stories:withdraw [member's text]               404  404  200  404  404  404  404  404  404
stories:withdraw [member's draft]              404  404  302  404  404  404  404  404  404
stories:withdraw [live text]                   404  404  404  404  404  404  404  404  404
stories:discard [receipt's text]               405  405  405  405  405  405  405  405  405
stories:discard [member's text]                405  405  405  405  405  405  405  405  405
stories:discard [member's draft]               405  405  405  405  405  405  405  405  405
stories:discard [live text]                    405  405  405  405  405  405  405  405  405
stories:adopt [receipt's text]                 405  405  405  405  405  405  405  405  405
stories:adopt [member's text]                  405  405  405  405  405  405  405  405  405
stories:adopt [member's draft]                 405  405  405  405  405  405  405  405  405
stories:adopt [live text]                      405  405  405  405  405  405  405  405  405
stories:detail [live answer]                   302  302  302  302  302  302  302  302  302
stories:detail [member's answer]               404  404  404  404  404  404  404  404  404
stories:status [member's answer]               404  404  200  404  404  404  404  404  404
stories:write [member's answer]                302  302  302  302  403  403  403  403  403
stories:answer [receipt's text]                404  404  404  404  403  403  403  403  403
stories:answer [live answer]                   404  404  404  404  403  403  403  403  403
stories:answer [live text]                     302  302  302  302  403  403  403  403  403
stories:reply [new under live text]            200  200  200  200  403  403  403  403  403
stories:reply [live answer under it]           200  200  200  200  403  403  403  403  403
stories:reply [member's answer under it]       200  200  200  200  403  403  403  403  403
stories:replies [member's text]                405  405  405  405  405  405  405  405  405
stories:replies [live text]                    405  405  405  405  405  405  405  405  405
moderation:report [receipt's text]             404  404  404  404  403  403  403  403  403
moderation:report [member's text]              404  404  404  404  403  403  403  403  403
moderation:report [member's draft]             404  404  404  404  403  403  403  403  403
moderation:report [live text]                  200  200  200  200  403  403  403  403  403
moderation:queue                               302  302  404  404  200  302  404  404  200
moderation:next                                302  302  404  404  302  302  404  404  302
moderation:case [case]                         302  302  404  404  200  302  404  404  200
moderation:take [case]                         302  302  404  404  302  302  404  404  302
moderation:renew [case]                        302  302  404  404  302  302  404  404  302
moderation:release [case]                      302  302  404  404  302  302  404  404  302
moderation:skip [case]                         302  302  404  404  302  302  404  404  302
moderation:decide [case]                       302  302  404  404  302  302  404  404  302
moderation:history                             302  302  404  404  200  302  404  404  200
"""


def table(text: str) -> dict[tuple[str, str], list[int]]:
    """Read rows of `name [object] status…`."""
    rows = {}
    for line in text.strip().splitlines():
        cells = line.split()
        codes = [int(cell) for cell in cells[-len(WHO) :]]
        rows[(cells[0], " ".join(cells[1 : -len(WHO)]).strip("[]"))] = codes
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
    held = claim(Case.objects.get(revision=theirs).pk, moderator=reviewer)
    draft = make.draft(Owner.of_account(writer))
    objects = {
        OF_RECEIPT: ours.contribution_id,
        OF_MEMBER: theirs.contribution_id,
        DRAFT: draft.contribution_id,
        LIVE: live,
        ANSWER: answer,
        WAITING_ANSWER: mine,
        NO_ANSWER: (live, uuid.UUID(int=7)),
        UNDER: (live, answer),
        WAITING_UNDER: (live, mine),
        CASE: held.pk,
        TREATMENT: TREATMENT,
        NO_TREATMENT: "t99",
    }
    objects |= {f"{one}, story": (objects[one], "story") for one in (OF_RECEIPT, OF_MEMBER, DRAFT, LIVE)}
    return clients, objects


def address(name: str, thing: Any) -> str:
    """Return an address of one thing, of several, or of none."""
    return reverse(name, args=thing if isinstance(thing, tuple) else [thing] if thing else [])


@pytest.mark.django_db
def test_opening_is_as_the_table_says(people: tuple[dict[str, Client], dict[str, Any]]) -> None:
    clients, objects = people
    expected, found = table(GET), {}
    for name, thing in sorted(expected, key=lambda row: row[0] in ENDS):
        where = address(name, objects.get(thing))
        found[name, thing] = [clients[who].get(where).status_code for who in WHO]
    assert found == expected


def test_every_address_is_in_the_table() -> None:
    everything = set(names(get_resolver().url_patterns))
    assert {name for name, _ in table(GET)} == everything
    assert {name for name, _ in table(POST)} == everything


# Sent without a word typed and without a token checked: who gets past the gate, and what they are told.
#                                             vis  rec  mem  oth  mod  unp  edi  cli lead
POST = """
community:home                                 405  405  405  405  405  405  405  405  405
community:rules                                405  405  405  405  405  405  405  405  405
community:privacy                              405  405  405  405  405  405  405  405  405
community:about                                405  405  405  405  405  405  405  405  405
community:design                               405  405  405  405  405  405  405  405  405
community:accessibility                        405  405  405  405  405  405  405  405  405
community:leave                                405  405  405  405  405  405  405  405  405
community:healthz                              405  405  405  405  405  405  405  405  405
community:readyz                               405  405  405  405  405  405  405  405  405
community:robots                               405  405  405  405  405  405  405  405  405
community:favicon                              405  405  405  405  405  405  405  405  405
feed                                           405  405  405  405  405  405  405  405  405
sitemap                                        405  405  405  405  405  405  405  405  405
treatments                                     405  405  405  405  405  405  405  405  405
treatment [t01]                                405  405  405  405  405  405  405  405  405
treatment [no treatment]                       405  405  405  405  405  405  405  405  405
numbers                                        405  405  405  405  405  405  405  405  405
search                                         422  422  422  422  422  422  422  422  422
advice:help_now                                405  405  405  405  405  405  405  405  405
advice:partners                                405  405  405  405  405  405  405  405  405
accounts:home                                  302  302  405  405  405  405  405  405  405
accounts:codes                                 302  302  302  302  302  302  302  302  302
accounts:new_codes                             302  302  302  302  302  302  302  302  302
accounts:recover                               422  422  302  302  302  302  302  302  302
account_signup                                 422  422  302  302  302  302  302  302  302
account_login                                  422  422  302  302  302  302  302  302  302
account_logout                                 302  302  302  302  302  302  302  302  302
account_reauthenticate                         302  302  422  422  422  422  422  422  422
account_change_password                        302  302  422  422  422  422  422  422  422
mfa_index                                      302  302  405  405  405  405  405  405  405
mfa_authenticate                               302  302  302  302  302  302  302  302  302
mfa_reauthenticate                             302  302  302  302  422  302  422  422  422
mfa_activate_totp                              302  302  302  302  302  302  302  302  302
mfa_deactivate_totp                            302  302  302  302  302  302  302  302  302
mfa_view_recovery_codes                        302  302  302  302  302  302  302  302  302
mfa_generate_recovery_codes                    302  302  302  302  302  302  302  302  302
stories:list                                   200  200  200  200  200  200  200  200  200
stories:reading                                302  302  302  302  302  302  302  302  302
stories:detail [receipt's text]                404  404  404  404  404  404  404  404  404
stories:detail [member's text]                 404  404  404  404  404  404  404  404  404
stories:detail [member's draft]                404  404  404  404  404  404  404  404  404
stories:detail [live text]                     200  200  200  200  200  200  200  200  200
stories:new                                    200  200  200  200  403  403  403  403  403
stories:write [receipt's text]                 409  409  409  409  403  403  403  403  403
stories:write [member's text]                  409  409  409  409  403  403  403  403  403
stories:write [member's draft]                 409  409  409  409  403  403  403  403  403
stories:write [live text]                      409  409  409  409  403  403  403  403  403
stories:step [receipt's text, story]           409  409  409  409  403  403  403  403  403
stories:step [member's text, story]            409  409  409  409  403  403  403  403  403
stories:step [member's draft, story]           409  409  409  409  403  403  403  403  403
stories:step [live text, story]                409  409  409  409  403  403  403  403  403
stories:preview [receipt's text]               409  409  409  409  403  403  403  403  403
stories:preview [member's text]                409  409  409  409  403  403  403  403  403
stories:preview [member's draft]               409  409  409  409  403  403  403  403  403
stories:preview [live text]                    409  409  409  409  403  403  403  403  403
stories:react [receipt's text]                 409  409  409  409  403  403  403  403  403
stories:react [member's text]                  409  409  409  409  403  403  403  403  403
stories:react [member's draft]                 409  409  409  409  403  403  403  403  403
stories:react [live text]                      409  409  409  409  403  403  403  403  403
stories:save [receipt's text]                  409  409  409  409  403  403  403  403  403
stories:save [member's text]                   409  409  409  409  403  403  403  403  403
stories:save [member's draft]                  409  409  409  409  403  403  403  403  403
stories:save [live text]                       409  409  409  409  403  403  403  403  403
stories:saved                                  302  302  200  200  403  403  403  403  403
stories:fix [receipt's text]                   409  409  409  409  403  403  403  403  403
stories:fix [member's text]                    409  409  409  409  403  403  403  403  403
stories:fix [member's draft]                   409  409  409  409  403  403  403  403  403
stories:fix [live text]                        409  409  409  409  403  403  403  403  403
stories:mine                                   302  200  200  200  403  403  403  403  403
stories:receipt                                422  422  422  422  403  403  403  403  403
stories:status [receipt's text]                404  200  404  404  404  404  404  404  404
stories:status [member's text]                 404  404  200  404  404  404  404  404  404
stories:status [member's draft]                404  404  200  404  404  404  404  404  404
stories:status [live text]                     404  404  404  404  404  404  404  404  404
stories:take_back [receipt's text]             409  409  409  409  403  403  403  403  403
stories:take_back [member's text]              409  409  409  409  403  403  403  403  403
stories:take_back [member's draft]             409  409  409  409  403  403  403  403  403
stories:take_back [live text]                  409  409  409  409  403  403  403  403  403
stories:withdraw [receipt's text]              409  409  409  409  403  403  403  403  403
stories:withdraw [member's text]               409  409  409  409  403  403  403  403  403
stories:withdraw [member's draft]              409  409  409  409  403  403  403  403  403
stories:withdraw [live text]                   409  409  409  409  403  403  403  403  403
stories:discard [receipt's text]               409  409  409  409  403  403  403  403  403
stories:discard [member's text]                409  409  409  409  403  403  403  403  403
stories:discard [member's draft]               409  409  409  409  403  403  403  403  403
stories:discard [live text]                    409  409  409  409  403  403  403  403  403
stories:adopt [receipt's text]                 409  409  409  409  403  403  403  403  403
stories:adopt [member's text]                  409  409  409  409  403  403  403  403  403
stories:adopt [member's draft]                 409  409  409  409  403  403  403  403  403
stories:adopt [live text]                      409  409  409  409  403  403  403  403  403
stories:detail [live answer]                   302  302  302  302  302  302  302  302  302
stories:detail [member's answer]               404  404  404  404  404  404  404  404  404
stories:status [member's answer]               404  404  200  404  404  404  404  404  404
stories:write [member's answer]                409  409  409  409  403  403  403  403  403
stories:answer [receipt's text]                405  405  405  405  405  405  405  405  405
stories:answer [live answer]                   405  405  405  405  405  405  405  405  405
stories:answer [live text]                     405  405  405  405  405  405  405  405  405
stories:reply [new under live text]            409  409  409  409  403  403  403  403  403
stories:reply [live answer under it]           409  409  409  409  403  403  403  403  403
stories:reply [member's answer under it]       409  409  409  409  403  403  403  403  403
stories:replies [member's text]                409  409  409  409  403  403  403  403  403
stories:replies [live text]                    409  409  409  409  403  403  403  403  403
moderation:report [receipt's text]             409  409  409  409  403  403  403  403  403
moderation:report [member's text]              409  409  409  409  403  403  403  403  403
moderation:report [member's draft]             409  409  409  409  403  403  403  403  403
moderation:report [live text]                  409  409  409  409  403  403  403  403  403
moderation:queue                               302  302  404  404  200  302  404  404  200
moderation:next                                302  302  404  404  303  302  404  404  303
moderation:case [case]                         302  302  404  404  200  302  404  404  200
moderation:take [case]                         403  403  404  404  303  302  404  404  409
moderation:renew [case]                        302  302  404  404  409  302  404  404  409
moderation:release [case]                      302  302  404  404  303  302  404  404  303
moderation:skip [case]                         302  302  404  404  303  302  404  404  303
moderation:decide [case]                       403  403  404  404  409  302  404  404  409
moderation:history                             302  302  404  404  200  302  404  404  200
"""


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


@pytest.mark.django_db
def test_sending_is_as_the_table_says(people: tuple[dict[str, Client], dict[str, Any]]) -> None:
    clients, objects = people
    expected, found = table(POST), {}
    for name, thing in expected:
        where = address(name, objects.get(thing))
        found[name, thing] = [sent(clients[who], where) for who in WHO]
    assert found == expected
