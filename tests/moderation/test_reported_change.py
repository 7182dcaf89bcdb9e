"""A change to a published text that readers reported: whoever reads it knows, and two stay two."""

from __future__ import annotations

import pytest

from moderation.actions import claim, escalate, report
from moderation.models import Case, Cause
from stories.models import Outcome, Publication, Revision
from stories.owners import Owner
from tests import make
from tests.moderation import two
from tests.moderation.desk import Desk, now, plain

pytestmark = pytest.mark.django_db
CHANGED = f"{make.TEXT} And a comma more."
WORDS = "It names her, and the street."


@pytest.fixture
def owner() -> Owner:
    return make.owner()


@pytest.fixture
def live(owner: Owner) -> Publication:
    return make.published(owner)


def edit_of(live: Publication, owner: Owner) -> Revision:
    return make.waiting(owner, contribution=live.pk, text=CHANGED)


def reported(live: Publication) -> Case:
    """Report a text so that it is hidden."""
    report(live, rules=["identify"], text=WORDS, owner=make.owner(make.member()))
    return Case.objects.reported().get()


def by_two(case: Case) -> None:
    held = claim(case.pk, moderator=two.people(1)[0])
    assert held.lease_token is not None
    assert held.lease_by is not None
    escalate(held.pk, token=held.lease_token, moderator=held.lease_by)


def test_page_of_a_change_shows_the_reports_and_the_difference_to_what_is_hidden(
    live: Publication, owner: Owner
) -> None:
    reported(live)
    edit = edit_of(live, owner)
    desk = Desk()
    words = plain(desk.open(claim(two.open_case(edit).pk, moderator=desk.user)))
    for told in ("1 reader reported the published version", WORDS, "Readers do not see it", "What changes beside"):
        assert told in words
    assert "judged anew" not in words


def test_page_of_a_change_to_what_nobody_reported_shows_no_reports(live: Publication, owner: Owner) -> None:
    edit = edit_of(live, owner)
    desk = Desk()
    words = plain(desk.open(claim(two.open_case(edit).pk, moderator=desk.user)))
    assert "the published version" not in words.replace("What changes beside the published version", "")


def test_report_that_comes_while_somebody_reads_a_change_is_read_first(live: Publication, owner: Owner) -> None:
    edit = edit_of(live, owner)
    desk = Desk()
    case = claim(two.open_case(edit).pk, moderator=desk.user)
    report_case = reported(live)
    assert desk.decide(case).status_code == 409
    assert now(report_case).closing == ""
    assert desk.decide(now(case)).status_code == 303
    assert now(report_case).closing == "moot"


@pytest.mark.parametrize("edit_first", [True, False])
def test_what_two_are_to_decide_after_a_report_is_not_ended_by_one(
    edit_first: bool, live: Publication, owner: Owner
) -> None:
    edit = edit_of(live, owner) if edit_first else None
    report_case = reported(live)
    by_two(report_case)
    case = Case.objects.get(revision=edit or edit_of(live, owner), cause=Cause.EDIT)
    assert case.needs == 2
    first, second = two.people(2)
    two.decides(case, Outcome.APPROVE, first)
    assert (now(report_case).closing, now(case).closing) == ("", "")
    two.decides(case, Outcome.APPROVE, second)
    assert (now(report_case).closing, now(case).outcome) == ("moot", "approve")
