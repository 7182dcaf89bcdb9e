"""What writes to the rows of one account at once waits its turn, and nothing waits for each other."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connections, transaction

from accounts import actions, keeping
from accounts.keeping import hold_open
from accounts.models import Consent, Reminder, User
from stories.actions.closing import close
from tests import make
from tests.stories.test_races import waits_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)


def begin(act: Callable[[], object], outcomes: list[str]) -> threading.Thread:
    """Do something in a connection of its own, as far as it gets."""

    def done() -> None:
        try:
            act()
            outcomes.append("done")
        except (actions.CodeUnknownError, OperationalError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    thread = threading.Thread(target=done)
    thread.start()
    return thread


@pytest.mark.parametrize("act", ["closing", "new codes"])
def test_a_code_that_goes_while_it_is_used_lets_nobody_in(act: str) -> None:
    member, outcomes = make.member(), list[str]()
    code = actions.issue_codes(member)[0]

    with transaction.atomic():
        hold_open(member)  # as both begin
        used = begin(lambda: actions.use_recovery_code(code, hashed="!"), outcomes)
        waits_for_a_lock()
        if act == "closing":
            close(member)
        else:
            actions.issue_codes(member)
    used.join()

    assert outcomes == ["CodeUnknownError"]
    assert not User.objects.filter(password="!").exists()


def test_a_reminder_is_switched_off_while_its_account_is_erased() -> None:
    member, outcomes = make.member(), list[str]()
    keeping.switch_on(member, address="canary.one@quay.example", language="en")

    with transaction.atomic():
        list(Consent.objects.select_for_update().filter(user=member))
        closing = begin(lambda: close(member), outcomes)
        waits_for_a_lock()
        off = begin(lambda: keeping.switch_off_by_mail(member.pk), outcomes)
        waits_for_a_lock(many=2)
    closing.join()
    off.join()

    assert outcomes == ["done", "done"]
    assert not Consent.objects.exists()
    assert not Reminder.objects.exists()
