"""What somebody stops, or a lead ends, is noted outside the database, and ends also when that cannot be noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts import journal, keeping
from accounts.actions import close_staff
from accounts.models import Reminder, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(tmp_path: Path, settings: Any) -> Path:
    """Keep a journal of one's own."""
    settings.ERASURE_JOURNAL = tmp_path / "erased"
    return tmp_path / "erased"


def reminded(user: User, address: str = "first@quay.example") -> Reminder:
    """Switch somebody's reminder on."""
    keeping.switch_on(user, address=address, language="en")
    return Reminder.objects.get(user=user)


def test_a_reminder_that_is_ended_is_noted_with_its_address(noted: Path, member: User) -> None:
    first = reminded(member)
    assert reminded(member).pk == first.pk
    assert not noted.exists(), "the same again ends nothing"
    moved = reminded(member, "second@quay.example")
    held = journal.read()
    assert (keeping.is_noted(first, held), keeping.is_noted(moved, held)) == (True, False)
    keeping.switch_off(member)
    assert keeping.is_noted(moved, journal.read())
    again = reminded(member, "second@quay.example")
    assert not keeping.is_noted(again, journal.read())
    assert "quay" not in noted.read_text()


def test_a_reminder_that_went_back_to_its_first_address_is_not_ended(noted: Path, member: User) -> None:
    first, second, back = [reminded(member, f"{name}@quay.example") for name in ("first", "second", "first")]
    assert [keeping.is_noted(one, journal.read()) for one in (first, second, back)] == [True, True, False]


def test_a_check_looks_like_any_other_line(noted: Path, member: User) -> None:
    journal.check()
    journal.note(journal.ACCOUNT, member.pk)
    journal.check()
    lines = noted.read_text().split("\n")
    assert [len(line) for line in lines] == [0, 64, 0, 64, 0, 64, 0]
    assert len({line for line in lines if set(line) <= set("0123456789abcdef")} - {""}) == 3


def test_an_address_that_no_key_opens_is_ended_all_the_same(noted: Path, member: User, settings: Any) -> None:
    lost = reminded(member)
    settings.ADDRESS_KEYS = [b"n" * 32]
    keeping.switch_off(member)
    assert not Reminder.objects.exists()
    assert keeping.is_noted(lost, journal.Journal([])), "it may have been ended"


def test_an_account_of_staff_that_is_closed_is_noted(noted: Path) -> None:
    staff = make.moderator()
    close_staff(staff)
    assert journal.read().holds(journal.STAFF, staff.pk)
    assert not journal.read().holds(journal.ACCOUNT, staff.pk)


def test_both_end_also_when_that_cannot_be_noted(member: User, settings: Any) -> None:
    settings.ERASURE_JOURNAL = Path("/dev/full")
    staff = make.moderator()
    reminded(member)
    keeping.switch_off(member)
    close_staff(staff)
    assert not Reminder.objects.exists()
    assert not User.objects.working_here().exists()
