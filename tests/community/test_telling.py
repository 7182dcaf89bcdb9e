"""For some weeks after a restore the pages that people come to say of which day the copy was."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.actions import tell_of_restore
from community.backup import back_up
from community.models import PutBack
from tests import make
from tests.community.backups import restore

SAID = "This site went back to an earlier day"
PAGES = ["account_login", "accounts:recover", "stories:receipt"]


def pages() -> list[str]:
    """Return each page as a visitor gets it, and somebody's own texts."""
    found = [Client().get(reverse(name)).content.decode() for name in PAGES]
    return [*found, make.client_of(make.member()).get(reverse("stories:mine")).content.decode()]


@pytest.mark.django_db
def test_people_are_told_for_six_weeks() -> None:
    assert not any(SAID in page for page in pages())
    tell_of_restore(date(2026, 11, 1), today=timezone.now().date())
    assert all(SAID in page and "the copy of this site of Nov. 1, 2026." in page for page in pages())
    for days, is_told in ((42, True), (43, False)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert {SAID in page for page in pages()} == {is_told}, days


@pytest.mark.django_db
def test_all_who_come_are_told_the_same() -> None:
    tell_of_restore(date(2026, 11, 1), today=timezone.now().date())
    spanish = Client(HTTP_ACCEPT_LANGUAGE="es").get(reverse("account_login")).content.decode()
    assert "1 de noviembre de 2026" in spanish
    tell_of_restore(date(2026, 11, 2), today=timezone.now().date())
    assert PutBack.objects.get().copy_of == date(2026, 11, 2), "the newest time only"


@pytest.mark.alone
def test_a_restore_has_people_told(as_owner: None, pair: Path, tmp_path: Path) -> None:
    made = back_up(tmp_path / "kept.age")
    restore(tmp_path / "kept.age", pair, "--replace")
    told = PutBack.objects.get()
    assert (told.copy_of.isoformat(), told.done_on) == (made.made_on, timezone.now().date())
    assert SAID in Client().get(reverse("account_login")).content.decode()
