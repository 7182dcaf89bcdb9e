"""One text at a time for each moderator, whatever they press; what a closed case still knows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from moderation.actions import Conflict, Verdict, claim, claim_next, decide
from moderation.models import Case
from stories.actions import withdraw
from stories.models import Outcome, Publication
from tests import make
from tests.moderation.desk import Desk, now
from tests.moderation.ground import PUBLISH


@pytest.mark.django_db
def test_taking_a_text_again_gives_the_other_back(moderator: User) -> None:
    first, second = make.case(), make.case()
    claim(first.pk, moderator=moderator)
    claim(second.pk, moderator=moderator)
    assert list(Case.objects.open().held_by(moderator)) == [second]
    assert Case.objects.get(pk=first.pk).lease_by is None


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_one_moment_take_one_text(moderator: User) -> None:
    for _ in range(8):
        make.case()
    start = Barrier(6)

    def press(_: int) -> Any:
        start.wait()
        try:
            return claim_next(moderator=moderator)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = {case.pk for case in pool.map(press, range(6)) if case}
    assert len(taken) == 1
    assert Case.objects.open().held_by(moderator).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("leaving", ["9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+14:00"])
def test_an_end_that_no_page_knew_breaks_nothing(moderator: User, leaving: str) -> None:
    case = claim(make.case().pk, moderator=moderator)
    assert Desk(moderator).act(case, "release", leaving=leaving).status_code == 204
    assert now(case).is_held_by(moderator)


@pytest.mark.django_db
def test_a_request_id_of_another_case_is_a_conflict(moderator: User) -> None:
    verdict = Verdict(Outcome.APPROVE)
    first = claim(make.case().pk, moderator=moderator)
    assert first.lease_token is not None
    decide(first.pk, verdict, token=first.lease_token, moderator=moderator)
    second = claim(make.case().pk, moderator=moderator)
    assert second.lease_token is not None
    with pytest.raises(Conflict):
        decide(second.pk, verdict, token=second.lease_token, moderator=moderator)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["decided", "moot"])
def test_a_closed_case_knows_its_month_and_no_wait(how: str) -> None:
    owner = make.owner()
    revision = make.waiting(owner)
    if how == "decided":
        make.decided(revision, Outcome.APPROVE)
    else:
        withdraw(revision.contribution_id, owner=owner)
    case = Case.objects.get(revision=revision)
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    assert case.closing == how
    assert {case.opened_hour, case.enters_at, case.due_at} == {month}


def test_a_publication_cannot_slip_in_beside_a_withdrawal(
    web_login: Any,
) -> None:
    owner = make.owner()
    live = make.published(owner)
    with web_login() as withdrawing, web_login() as publishing, ThreadPoolExecutor(1) as pool:
        withdrawing.execute("BEGIN")
        withdrawing.execute("DELETE FROM stories_searchentry WHERE publication_id = %s", [live.pk])
        withdrawing.execute("DELETE FROM stories_publication WHERE contribution_id = %s", [live.pk])
        withdrawing.execute("UPDATE stories_revision SET state = 'withdrawn' WHERE id = %s", [live.revision_id])
        late = pool.submit(publishing.execute, PUBLISH.format(live.revision_id))
        with pytest.raises(TimeoutError):
            late.result(timeout=0.5)
        withdrawing.execute("COMMIT")
        with pytest.raises(psycopg.errors.CheckViolation):
            late.result(timeout=5)
    assert not Publication.objects.filter(pk=live.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["take", "decide"])
def test_words_of_who_was_signed_out_are_given_back(what: str) -> None:
    case = make.case()
    answer = make.client_of().post(
        f"/moderation/cases/{case.pk}/{what}/", {"text": "What I wrote for an hour.", "rules": ["contact"]}
    )
    assert answer.status_code == 403
    assert b"What I wrote for an hour." in answer.content
