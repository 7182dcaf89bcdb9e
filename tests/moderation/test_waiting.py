from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from moderation import urls
from moderation.actions import claim, claim_next, give, offer_again, release, set_free, skip
from moderation.actions.counting import count_months, count_wait
from moderation.board import Lately, board
from moderation.models import Case, Cause, Priority, Waited
from moderation.waiting import LEAST, usual_wait, waited_in_steps
from stories.models import Outcome, this_month
from stories.pause import months_after
from tests import make
from tests.moderation import two
from tests.moderation.desk import plain

PROMISE = "We do our best to read every text within 3 days."


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (0, "less than an hour"),
        (0.9, "less than an hour"),
        (1.1, "a few hours"),
        (5.9, "a few hours"),
        (6.1, "less than a day"),
        (24.5, "about a day"),
        (48.5, "about 2 days"),
        (190, "about 7 days"),
        (500, "more than a week"),
    ],
)
def test_waiting_is_told_in_steps(hours: float, told: str) -> None:
    assert waited_in_steps(timezone.now() - timedelta(hours=hours)) == told


def test_board_counts_what_waits_and_who_holds_it(moderator: User) -> None:
    cases = [make.case() for _ in range(5)]
    other = make.moderator()
    claim(cases[0].pk, moderator=other)
    passed = claim(cases[2].pk, moderator=moderator)
    assert passed.lease_token
    skip(passed.pk, token=passed.lease_token, moderator=moderator)
    assert claim(cases[1].pk, moderator=moderator).lease_token

    seen = board(moderator)

    assert (seen.waiting, seen.held_by_others, seen.passed_on) == (5, 1, 1)
    assert seen.mine is not None
    assert seen.mine.pk == cases[1].pk
    assert seen.oldest == "less than an hour"


def test_board_says_when_nothing_is_left_for_one(moderator: User) -> None:
    case = claim_next(moderator=moderator)
    assert case is None
    assert not board(moderator).can_take
    waiting = make.case()
    assert board(moderator).can_take
    held = claim(waiting.pk, moderator=moderator)
    assert held.lease_token
    skip(held.pk, token=held.lease_token, moderator=moderator)
    assert not board(moderator).can_take
    assert claim_next(moderator=moderator) is None
    other = make.moderator()
    assert board(other).can_take
    taken = claim_next(moderator=other)
    assert taken is not None
    assert taken.lease_token
    release(taken.pk, token=taken.lease_token, moderator=other)
    assert board(other).can_take


def test_usual_wait_is_the_promise_while_little_is_known(db: None) -> None:
    assert usual_wait() == PROMISE
    for _ in range(LEAST - 1):
        make.decided(make.waiting(), Outcome.APPROVE)
    assert usual_wait() == PROMISE
    make.decided(make.waiting(), Outcome.APPROVE)
    assert usual_wait() == f"A text is usually read within a few hours. {PROMISE}"


def test_usual_wait_leaves_examples_out(db: None) -> None:
    for _ in range(LEAST):
        make.decided(make.waiting(example=True), Outcome.APPROVE)
    assert usual_wait() == PROMISE


@pytest.fixture
def waited(db: None) -> Callable[..., None]:
    """Count texts as decided after so many hours, now or some months ago."""

    def write(hours: list[int], months_ago: int = 0) -> None:
        for one in hours:
            count_wait(timedelta(hours=one, minutes=59))
        Waited.objects.filter(month=this_month()).update(month=months_after(this_month(), -months_ago))

    return write


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ([1, 1, 9, 30, 30], "half a day."),
        ([1, 1, 20, 30, 30], "a day."),
        ([1, 1, 25, 30, 30], "2 days."),
        ([71, 72, 72, 72, 73], "3 days."),
    ],
)
def test_usual_wait_is_told_from_the_median(waited: Callable[..., None], hours: list[int], told: str) -> None:
    waited(hours)
    assert usual_wait() == f"A text is usually read within {told} {PROMISE}"


def test_usual_wait_looks_at_this_month_and_the_last(waited: Callable[..., None]) -> None:
    waited([500] * 60, 2)
    waited([1] * (LEAST - 2), 1)
    assert usual_wait() == PROMISE
    waited([1] * 2)
    assert usual_wait() == f"A text is usually read within a few hours. {PROMISE}"


@pytest.mark.parametrize(
    ("hours", "months_ago", "lately"),
    [
        ([40] * (LEAST - 1), 0, None),
        ([0, 40, 2, 30, 1], 0, Lately(2, 40)),
        ([0] * LEAST, 0, Lately(1, 1)),
        ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 1, Lately(5, 9)),
        ([40] * LEAST, 2, None),
    ],
)
def test_board_tells_how_long_it_took_lately(
    moderator: User, waited: Callable[..., None], hours: list[int], months_ago: int, lately: Lately | None
) -> None:
    waited(hours, months_ago)
    assert board(moderator).lately == lately
    page = plain(make.client_of(moderator).get("/moderation/").content)
    told = "Of what was decided this month and last month, half was decided within"
    assert (told in page) == (lately is not None)
    if lately == Lately(2, 40):
        assert f"{told} 2 hours, and nine in ten within 40 hours." in page


def test_a_wait_is_counted_when_a_text_is_decided_and_an_example_has_none(db: None) -> None:
    make.decided(make.waiting(example=True), Outcome.APPROVE)
    make.show(make.hide(make.published().contribution).contribution_id)
    make.published()
    assert Waited.objects.of(this_month()) == [(0, 2)]
    assert Waited.objects.of(months_after(this_month(), -1)) == []


def test_waits_are_kept_for_two_months(waited: Callable[..., None]) -> None:
    for months_ago in (3, 2, 1, 0):
        waited([1], months_ago)
    count_months(today=this_month())
    assert sorted(row.month for row in Waited.objects.all()) == [months_after(this_month(), -1), this_month()]


def test_board_counts_by_cause_and_priority_and_what_waits_for_a_second(moderator: User) -> None:
    begun, _new, _urgent = make.case(), make.case(), make.case(text=f"{make.TEXT} I want to kill myself tonight.")
    two.decides(begun, Outcome.REFUSE, make.moderator(second_factor=False), second=True)
    make.report(make.published(), rules=["kind"], text="", owner=make.owner())
    seen = board(moderator)
    assert [str(label) for label in seen.priorities] == [str(one.label) for one in reversed(Priority)]
    assert [(one.cause, one.waiting, one.priorities) for one in seen.rows] == [
        (str(Cause.NEW.label), 3, [1, 0, 0, 2]),
        (str(Cause.REPORT.label), 1, [0, 0, 1, 0]),
    ]
    assert (seen.waiting, seen.urgent, seen.second) == (4, 1, 1)


def test_leads_and_nobody_else_see_that_reports_hide_many(moderator: User, settings: Any) -> None:
    settings.HIDES_AN_HOUR, lead = 1, make.client_of(make.moderator(role=Role.LEAD))
    told = "Many texts were hidden by reports this hour"
    assert told not in plain(lead.get("/moderation/").content)
    make.report(make.published(), rules=["identify"], text="", owner=make.owner(make.member()))
    assert told in plain(lead.get("/moderation/").content)
    assert told not in plain(make.client_of(moderator).get("/moderation/").content)


def test_a_case_that_has_not_entered_the_queue_is_not_there(
    moderator: User, owner_connection: psycopg.Connection[Any]
) -> None:
    case = make.case()
    owner_connection.execute("UPDATE moderation_case SET enters_at = now() + interval '9 minutes'")
    assert board(moderator).waiting == 0
    assert claim_next(moderator=moderator) is None
    assert not Case.objects.entered().filter(pk=case.pk).exists()
    assert make.client_of(moderator).get(f"/moderation/cases/{case.pk}/").status_code == 404
    assert settings.QUEUE_WAIT_MINUTES == 0


def test_nothing_is_done_about_a_case_that_has_not_entered_the_queue(
    moderator: User, owner_connection: psycopg.Connection[Any]
) -> None:
    case, lead = make.case(), make.moderator(role=Role.LEAD)
    owner_connection.execute("UPDATE moderation_case SET enters_at = now() + interval '9 minutes'")
    acts = [one.name for one in [*urls.pages, *urls.leads] if str(one.pattern).startswith("cases/<uuid:pk>/")]
    assert {"take", "decide", "give"} <= set(acts)
    browser, typed = make.client_of(lead), {"person": str(moderator.pk), "token": str(case.pk)}
    answers = [browser.post(reverse(f"moderation:{act}", args=[case.pk]), typed).status_code for act in acts]
    assert answers == [404] * len(acts)
    acts_of_a_lead = [partial(give, to=moderator), offer_again, set_free]
    for act in [partial(claim, moderator=moderator), *(partial(one, lead=lead) for one in acts_of_a_lead)]:
        with pytest.raises(Case.DoesNotExist):
            act(case.pk)
    assert Case.objects.get().lease_by is None
