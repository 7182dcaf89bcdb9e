"""Who gets in, what the pages cost, and that nothing on them tells whose text it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from moderation.models import Case, Decision
from moderation.record import A_PAGE
from stories.models import Outcome
from tests import make
from tests.moderation.desk import Desk, address, plain, state

READING = ["/moderation/", "/moderation/history/"]
ACTS = ["take", "renew", "release", "skip", "decide"]


def every_page(case: Case) -> list[tuple[str, str]]:
    """Return method and address of all that moderators have."""
    pages = [("get", page) for page in [*READING, address(case)]]
    return [*pages, ("post", "/moderation/next/"), *(("post", address(case, what)) for what in ACTS)]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EDITOR, Role.CLINICIAN])
def test_nobody_but_moderators_finds_anything(db: None, role: Role) -> None:
    case = make.case()
    client = make.client_of(make.moderator(role=role))
    assert {getattr(client, method)(page).status_code for method, page in every_page(case)} == {404}


def test_without_a_second_factor_the_way_leads_to_setting_one_up(db: None) -> None:
    case = make.case()
    client = make.client_of(make.moderator(second_factor=False))
    for method, page in every_page(case):
        answer = getattr(client, method)(page)
        assert (answer.status_code, answer.url) == (302, "/accounts/2fa/totp/activate/"), page


def test_recovery_codes_alone_are_no_second_factor(db: None) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = make.moderator(second_factor=False)
    RecoveryCodes.activate(user)
    assert make.client_of(user).get("/moderation/").url == "/accounts/2fa/totp/activate/"


def test_visitors_are_asked_to_sign_in(db: None) -> None:
    case = make.case()
    for method, page in every_page(case):
        answer = getattr(Client(), method)(page)
        if page in {address(case, what) for what in ("decide", "take", "skip", "release")}:
            assert answer.status_code == 403
        else:
            assert answer.status_code == 302
            assert answer.url.startswith("/accounts/login/?next=")
    assert Client().get(address(case, "decide")).url.startswith("/accounts/login/?next=")
    assert state(case) == "waiting"


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.LEAD])
def test_moderators_and_leads_get_in(db: None, role: Role) -> None:
    desk = Desk(make.moderator(role=role))
    for page in READING:
        assert desk.client.get(page).status_code == 200


def test_a_receipts_text_looks_as_an_accounts_text(db: None) -> None:
    pages = []
    for owner in (make.owner(make.member()), make.owner()):
        make.waiting(owner)
        desk = Desk()
        case = desk.take_next()
        page = desk.open(case)
        for own in (str(case.pk), str(case.lease_token)):
            page = page.replace(own, "")
        pages.append(plain(page.split("<main")[1].split("</main>")[0]))
    assert pages[0] == pages[1]


def test_no_moment_of_the_text_is_on_its_page(db: None) -> None:
    make.waiting()
    desk = Desk()
    case = desk.take_next()
    page = desk.open(case)
    for moment in (case.opened_hour, case.enters_at, case.due_at):
        assert f"{moment:%Y-%m-%dT%H}" not in page.replace(f'data-until="{case.lease_until:%Y-%m-%dT%H}', "")
        assert f"{moment:%H:%M}" not in plain(page)
    assert "Waiting for less than an hour" in plain(page)


def test_the_text_is_shown_as_readers_will_see_it_with_signals_in_place(db: None) -> None:
    text = make.TEXT + "\n\nRing 07700 900123 <b>now</b>."
    make.waiting(title="See example.org", text=text, role="partner", warnings=["w2", "w5"], example=True)
    desk = Desk()
    page = desk.open(desk.take_next())
    assert '<mark class="signal">07700 900123<span class="signal__label">Telephone number</span></mark>' in page
    assert '<mark class="signal">example.org<span class="signal__label">Link</span></mark>' in page
    assert "&lt;b&gt;now&lt;/b&gt;" in page
    words = plain(page)
    for shown in (
        "A partner",
        "Pain during an examination or procedure, Self-harm or suicidal thoughts",
        "Example",
    ):
        assert shown in words
    assert 'name="warnings" value="w1"' in page.replace("  ", " ")
    assert 'value="w2"' not in page, "the writer's own warnings are not offered again"


def test_an_edit_shows_what_changes(db: None) -> None:
    owner = make.owner()
    live = make.published(owner, warnings=["w1"], warnings_added=["w2"])
    edited = make.TEXT.replace("one line on a bad day", "one page on a bad day")
    make.waiting(owner, contribution=live.pk, text=edited, role="friend", warnings=["w1", "w3"])
    desk = Desk()
    page = desk.open(desk.take_next())
    assert "Taken out: </span>line </del>" in page
    assert "Put in: </span>page </ins>" in page
    words = plain(page)
    assert "Who writes Taken out: Somebody who has it or had it Put in: A friend or family member" in words
    assert "Taken out: Pain during an examination or procedure Put in: Not being believed by professionals" in words


def test_a_new_text_shows_no_change(db: None) -> None:
    make.waiting()
    desk = Desk()
    assert "What changes" not in desk.open(desk.take_next())


def decisions(desk: Desk, count: int) -> None:
    for number in range(count):
        outcome = [Outcome.APPROVE, Outcome.REFUSE, Outcome.ASK_CHANGES][number % 3]
        make.decided(make.waiting(), outcome, reviewer=desk.user)


def test_history_tells_what_and_why_but_not_about_whom(db: None) -> None:
    desk, other = Desk(), Desk()
    passages = [("text", 0, 3), ("text", 5, 7)]
    make.decided(make.waiting(), Outcome.REFUSE, reviewer=other.user, rules=["kind", "own"], passages=passages)
    make.decided(make.waiting(), Outcome.APPROVE, reviewer=desk.user, warnings=["w1"])
    page = plain(desk.client.get("/moderation/history/").content)
    assert "Not published Be kind, Tell your own part 2 passages marked" in page
    assert "Published Warnings added: Sexual violence or abuse" in page
    assert other.user.handle not in page
    assert page.count("A colleague") == 1
    mine = plain(desk.client.get("/moderation/history/?whose=mine").content)
    assert "Not published" not in mine
    assert "Warnings added: Sexual violence or abuse" in mine


def test_history_is_paged_without_a_gap(db: None) -> None:
    desk = Desk()
    decisions(desk, 2 * A_PAGE + 3)
    seen, address_, newer = 0, "/moderation/history/?whose=mine", []
    for expected in (A_PAGE, A_PAGE, 3):
        page = desk.client.get(address_).content.decode()
        assert page.count('<th scope="row">') == expected
        seen += expected
        newer.append(link(page, "prev"))
        address_ = "/moderation/history/" + link(page, "next")
    assert seen == Decision.objects.count()
    assert newer[0] == ""
    assert newer[1] == "?whose=mine"
    back = desk.client.get("/moderation/history/" + newer[2]).content.decode()
    assert link(back, "prev") == "?whose=mine"
    assert back.count('<th scope="row">') == A_PAGE


def link(page: str, rel: str) -> str:
    if f'rel="{rel}"' not in page:
        return ""
    return page.split(f'rel="{rel}" href="')[1].split('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize(
    "after", ["x", "2026-13.x", "2026-11", "2026-11.b6fd1a4e-6f0b-4c6f-8a51-0c1d2f3a4b5cx", "..", "2026-11."]
)
def test_history_has_no_page_at_a_made_up_place(db: None, after: str) -> None:
    assert Desk().client.get("/moderation/history/", {"after": after}).status_code == 404


def queries(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert ask().status_code == 200
    return len(caught)


@pytest.mark.parametrize("count", [1, 30])
def test_queue_costs_the_same_at_any_length(db: None, count: int) -> None:
    for _ in range(count):
        make.waiting()
    desk = Desk()
    assert queries(lambda: desk.client.get("/moderation/")) == QUEUE_QUERIES
    desk.take_next()
    assert queries(lambda: desk.client.get("/moderation/")) == QUEUE_QUERIES - WITH_ONE_IN_HAND


@pytest.mark.parametrize("count", [1, 30])
def test_history_costs_the_same_at_any_length(db: None, count: int) -> None:
    desk = Desk()
    decisions(desk, count)
    assert queries(lambda: desk.client.get("/moderation/history/")) == HISTORY_QUERIES


def test_a_case_costs_few_queries(db: None) -> None:
    make.waiting()
    desk = Desk()
    case = desk.take_next()
    assert queries(lambda: desk.client.get(address(case))) == CASE_QUERIES


# Each has three before it begins: the session, the account, its second factor.
QUEUE_QUERIES = 3 + 13 + 1  # one more for each person at work, of whom there is one
WITH_ONE_IN_HAND = 2  # whether there is another is not asked then
CASE_QUERIES = 3 + 7
HISTORY_QUERIES = 3 + 2
