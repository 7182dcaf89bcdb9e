"""A week's notes through a real mail server: all of them, refused ones, slow and dying servers, a killed worker."""

from __future__ import annotations

import io
import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts import keeping, rounds
from accounts.documents import DOCUMENTS
from accounts.models import MailRound, Reminder, User
from accounts.weekly import begins_at, mail_to, week_of
from tests import make
from tests.accounts.post_office import LATER, OFFICE_LOG, Office, opened
from tests.moderation.dying import dies

pytestmark = pytest.mark.django_db
WEEK = week_of(datetime(2026, 11, 25, tzinfo=UTC).date())
NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mails(settings: Any) -> None:
    settings.MAIL, settings.MAIL_FROM = {"host": "unused"}, "Post <post@harbour.example>"
    settings.SITE_URL, settings.EMAIL_BACKEND = "https://harbour.example", settings.EMAIL_BACKEND


def with_reminders(number: int) -> list[Reminder]:
    """Have so many members ask for it; return the reminders in the order in which they go."""
    for count in range(number):
        address = f"canary{count}@quay.example"
        keeping.switch_on(make.member(), address=address, language="en")
    return list(Reminder.objects.order_by("pk"))


def go(now: datetime = NOW, seconds: float = 60.0) -> tuple[int, int]:
    return rounds.go_on(now, seconds=seconds, stopping=lambda: False)


def order(reminders: list[Reminder]) -> list[str]:
    return [one.opened_address for one in reminders]


def test_a_week_goes_out_once_in_random_order_over_one_connection() -> None:
    reminders = with_reminders(12)
    with opened(Office()) as office:
        assert (go(), go(), go(NOW + timedelta(hours=3))) == ((12, 0), (0, 0), (0, 0))
        assert office.reached == order(reminders)
        assert office.visits == 1
        assert go(NOW + timedelta(weeks=1)) == (12, 0)
        assert office.reached == order(reminders) * 2
    assert MailRound.objects.get(week=WEEK).after is None


def test_who_agreed_to_an_older_version_only_gets_none_until_they_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    reminders = with_reminders(3)
    monkeypatch.setitem(DOCUMENTS, "reminder", replace(DOCUMENTS["reminder"], version="2"))
    keeping.agree(reminders[1].user, [("reminder", "2")])
    with opened(Office()) as office:
        assert go() == (1, 0)
        keeping.agree(reminders[2].user, [("reminder", "2")])
        assert go(NOW + timedelta(weeks=1)) == (2, 0)
    assert office.reached == order([reminders[1], *reminders[1:]])


def test_what_is_on_the_wire_is_the_mail_and_nothing_else() -> None:
    (reminder,) = with_reminders(1)
    with opened(Office()) as office:
        go()
        go(NOW + timedelta(weeks=1))
    mail = mail_to(reminder.user_id, "canary0@quay.example", "en")
    assert [(one[0], one[1]) for one in office.wire] == [("post@harbour.example", [mail.to])] * 2
    for received in office.mails:
        told = {name: said.strip() for name, said in received.items()}
        moment, name = told.pop("Date"), told.pop("Message-ID")
        assert moment
        assert name.endswith("@harbour.example>")
        assert told == {
            "From": mail.sender,
            "To": mail.to,
            "Subject": mail.subject,
            "List-Unsubscribe": f"<{mail.off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "MIME-Version": "1.0",
            "Content-Type": 'text/plain; charset="utf-8"',
            "Content-Transfer-Encoding": "7bit",
        }
        assert received.get_content().replace("\r\n", "\n") == mail.text
    first, second = (one[2].split(b"\r\n\r\n", 1)[1] for one in office.wire)
    assert first == second, "the same every week"


def test_who_cannot_be_reached_stops_nobody() -> None:
    reminders = with_reminders(5)
    refused = {reminders[0].opened_address, reminders[3].opened_address}
    Reminder.objects.filter(pk=reminders[1].pk).update(address=b"sealed by nobody")
    with opened(Office(refuses=refused)) as office:
        assert go() == (2, 3)
        assert office.reached == [reminders[2].opened_address, reminders[4].opened_address]
        assert office.visits == 1
        assert go() == (0, 0), "not tried again this week"


def test_a_server_that_refuses_all_is_asked_once_for_each() -> None:
    with_reminders(3)
    with opened(Office(refuses_all=True)) as office:
        assert (go(), go()) == ((0, 3), (0, 0))
        assert (office.asked, office.reached) == (3, [])


def test_a_server_that_closes_for_now_ends_the_run() -> None:
    reminders = with_reminders(3)
    with opened(Office(refuses={reminders[0].opened_address}, words=LATER)) as office:
        assert (go(), go()) == ((0, 1), (2, 0))
        assert (office.visits, office.reached) == (2, order(reminders[1:]))


def test_a_slow_server_ends_a_run_and_the_next_goes_on_behind_it() -> None:
    reminders = with_reminders(3)
    with opened(Office(seconds=30)) as slow:
        rounds.settings.MAIL["timeout"] = 0.3
        assert go() == (0, 1)
        assert slow.reached == []
    with opened(Office()) as office:
        assert go() == (2, 0)
        assert office.reached == order(reminders[1:])


def test_a_run_ends_when_its_time_is_up_or_the_worker_stops() -> None:
    reminders = with_reminders(4)
    with opened(Office(seconds=0.1)) as office:
        assert go(seconds=0.05) == (1, 0)
        assert rounds.go_on(NOW, seconds=60, stopping=lambda: len(office.wire) > 1) == (1, 0)
        assert go() == (2, 0)
        assert office.reached == order(reminders)


def test_a_server_that_dies_in_the_middle_loses_one_and_doubles_none() -> None:
    reminders = with_reminders(6)
    with opened(Office(dies_at=3)) as office:
        assert go() == (2, 1)
        assert go() == (3, 0)
        assert office.reached == order(reminders[:2] + reminders[3:])


def test_a_server_that_is_away_loses_nobody() -> None:
    reminders = with_reminders(2)
    with opened(Office()):
        pass  # it is closed again, and nothing listens
    assert go() == (0, 0)
    with opened(Office()) as office:
        assert go() == (2, 0)
        assert office.reached == order(reminders)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [5, 9, 12, 16])
def test_a_killed_worker_is_followed_by_one_that_goes_on(before: int) -> None:
    reminders = with_reminders(4)
    with opened(Office()) as office:
        assert dies(go, before=before)
        reached = len(office.wire)
        assert go()[0] in {len(reminders) - reached, len(reminders) - reached - 1}
        assert len(set(office.reached)) == len(office.reached), "nobody had two"
        assert office.reached == [one for one in order(reminders) if one in office.reached]
    assert MailRound.objects.get(week=WEEK).is_over


def test_nothing_goes_out_before_its_minute_nor_without_a_server(settings: Any) -> None:
    with_reminders(1)
    with opened(Office()) as office:
        assert go(begins_at(WEEK) - timedelta(seconds=1)) == (0, 0)
        settings.MAIL = {}
        assert go() == (0, 0)
        assert (office.visits, MailRound.objects.count()) == (0, 0)


def test_the_minute_differs_from_week_to_week_and_stays_on_one_day() -> None:
    moments = [begins_at(WEEK + timedelta(weeks=number)) for number in range(200)]
    assert {one.weekday() for one in moments} == {2}
    assert {one.hour for one in moments} == set(range(6, 20))
    assert len({(one.hour, one.minute) for one in moments}) > 150
    assert moments[0] == begins_at(WEEK)


def test_a_closed_account_gets_none() -> None:
    reminders = with_reminders(2)
    User.objects.filter(pk=reminders[0].user_id).update(is_active=False)
    with opened(Office()) as office:
        assert go() == (1, 0)
        assert office.reached == order(reminders[1:])


OFFICES = [
    Office(),
    Office(refuses_all=True),
    Office(dies_at=2),
    Office(seconds=30),
    Office(refuses_all=True, words=LATER),
]


@pytest.mark.parametrize("office", OFFICES)
def test_nobody_is_in_a_log(office: Office, log: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    reminders = with_reminders(3)
    with opened(office):
        rounds.settings.MAIL["timeout"] = 0.3
        go()
    ours = [one.getMessage() for one in caplog.records if one.name != OFFICE_LOG]
    written = "\n".join([log.getvalue(), *ours])
    assert "weekly reminders: " in written
    people = [
        part for one in reminders for part in (one.opened_address, one.user.handle, str(one.pk), str(one.user_id))
    ]
    assert [one for one in [*people, "canary", "quay.example"] if one in written] == []


def test_a_log_with_somebody_in_it_would_be_seen(log: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    rounds.logger.info("to %s", "canary0@quay.example")
    assert "canary" in log.getvalue() + caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same() -> None:
    reminders, taken, barrier = with_reminders(30), list[uuid.UUID](), threading.Barrier(4)

    def take() -> None:
        barrier.wait()
        while (one := keeping.take_next(WEEK)) is not None:
            taken.append(one.pk)
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [one.pk for one in reminders]
