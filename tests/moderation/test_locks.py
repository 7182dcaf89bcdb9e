"""Who waits for whom: nobody for a text that another one is taking, and no two for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.db import OperationalError, connection, transaction

from accounts.models import Role, User
from moderation.actions import choose, claim, claim_next
from moderation.actions.alerting import alert
from moderation.actions.leading import change_role, close_account, set_numbers
from moderation.models import Case, Setting
from stories.refusals import Refused
from tests import make
from tests.moderation.desk import now

Login = Callable[[], psycopg.Connection[Any]]
URGENT = f"{make.TEXT}\n\nI am going to kill myself tonight."


@contextmanager
def taking(web_login: Login, case: Case) -> Iterator[None]:
    """Be somebody whose claim of a case has not ended yet: its row is locked, and shows nothing of it to others."""
    with web_login() as other, other.transaction(force_rollback=True):
        other.execute("SELECT 1 FROM moderation_case WHERE id = %s FOR UPDATE", [case.pk])
        yield


@contextmanager
def without_waiting() -> Iterator[None]:
    """Fail at once where a lock would be waited for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
        yield


def test_next_passes_over_the_text_that_somebody_is_taking(web_login: Login, moderator: User) -> None:
    make.case()
    make.case()
    first, second = Case.objects.open().next_first()
    with taking(web_login, first):
        with pytest.raises(OperationalError), without_waiting():
            claim(first.pk, moderator=moderator)
        with without_waiting():
            assert claim_next(moderator=moderator) == second


def test_telling_of_danger_passes_over_the_text_that_somebody_is_taking(
    web_login: Login, moderator: User, settings: Any
) -> None:
    settings.MAIL, settings.MAIL_FROM = {"host": "mail.harbour.example"}, "post@harbour.example"
    settings.SITE_URL = "https://harbour.example"
    choose(moderator, languages=[], leaves=[], address="somebody@harbour.example")
    taken, waits = make.case(text=URGENT), make.case(text=URGENT)
    with taking(web_login, taken), without_waiting():
        assert alert() == 1
    assert [now(one).is_alerted for one in (taken, waits)] == [False, True]
    assert len(mail.outbox) == 1


def test_a_lead_does_not_wait_for_whoever_is_deciding(web_login: Login, moderator: User) -> None:
    """At its end a decision asks that its moderator's row stays; the lead would wait for its case then."""
    lead, leaves = make.moderator(role=Role.LEAD), make.moderator()
    with web_login() as deciding, deciding.transaction():
        deciding.execute("SELECT 1 FROM accounts_user FOR KEY SHARE")
        with without_waiting():
            change_role(moderator.pk, Role.EDITOR, lead=lead)
            close_account(leaves.pk, lead=lead)
    assert [one.is_active for one in User.objects.filter(pk__in=[moderator.pk, leaves.pk]).order_by("is_active")] == [
        False,
        True,
    ]


def test_the_record_is_free_until_all_numbers_are_written(owner_connection: psycopg.Connection[Any]) -> None:
    lead = make.moderator(role=Role.LEAD)
    numbers = list(Setting.Code)
    set_numbers(dict.fromkeys(numbers, 30), lead=lead)

    def both() -> None:
        try:
            set_numbers(dict.fromkeys(numbers, 40), lead=lead)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with owner_connection.transaction():
            owner_connection.execute("SELECT 1 FROM moderation_setting WHERE code = %s FOR UPDATE", [numbers[1]])
            late = pool.submit(both)
            with pytest.raises(TimeoutError):
                late.result(timeout=0.5)
            owner_connection.execute("SELECT 1 FROM moderation_head FOR UPDATE NOWAIT")
        late.result(timeout=5)
    assert [Setting.now(one) for one in numbers] == [40, 40]


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_close_an_account_one_is_told_that_it_is_closed() -> None:
    lead, leaves = make.moderator(role=Role.LEAD), make.moderator()
    make.moderator(role=Role.LEAD)

    def also() -> str:
        try:
            with pytest.raises(Refused) as told:
                close_account(leaves.pk, lead=lead)
        finally:
            connection.close()
        return str(told.value)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            close_account(leaves.pk, lead=lead)
            late = pool.submit(also)
            with pytest.raises(TimeoutError):
                late.result(timeout=0.5)
        assert late.result(timeout=5) == "This account was closed meanwhile. Nothing was changed."
