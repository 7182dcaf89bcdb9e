"""Which tables a request writes, counted by PostgreSQL, with somebody to whose session something happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from stories.models import Contribution
from tests import make
from tests.stories.page import Form
from tests.stories.writing import begin

SESSIONS = ["fresh", "old", "password changed elsewhere", "secret key changed"]
DRAFT = {"stories_revision"}
NEW_TEXT = {"stories_contribution", "stories_revision"}
WAITING = {"stories_revision", "moderation_case"}
LIVE = {"stories_revision", "stories_publication", "stories_searchentry", "community_counter"}
OF_A_TEXT = NEW_TEXT | {"stories_publication"}


def rows_written() -> dict[str, int]:
    """Return how many rows this test's transaction has written so far, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def recorded(act: Callable[[], Any]) -> tuple[Any, set[str]]:
    """Return what a request answers and the tables it wrote."""
    before = rows_written()
    answer = act()
    return answer, {table for table, rows in rows_written().items() if rows > before.get(table, 0)}


class Somebody:
    """Somebody with a page open, to whose session something happens before they press the button."""

    def __init__(self, kind: str, session: str, settings: Any) -> None:
        self.user = make.member() if kind == "member" else None
        self.session, self.settings = session, settings
        self.client = Client(enforce_csrf_checks=True)
        begun = datetime.now(UTC) - timedelta(days=13 if session == "old" else 0)
        with time_machine.travel(begun):
            self.sign_in()
            begin(self.client)
        if session == "old":  # and has been here all the time
            if self.user is not None:
                make.proved(self.client, self.user)
            make.stay(self.client)

    def sign_in(self) -> None:
        if self.user is not None:
            self.client.force_login(User.objects.get(pk=self.user.pk))

    def something_happens(self) -> None:
        if self.session == "password changed elsewhere" and self.user is not None:
            User.objects.filter(pk=self.user.pk).update(password=make_password("another harbour nineteen"))
        if self.session == "secret key changed":
            self.settings.SECRET_KEY_FALLBACKS = [self.settings.SECRET_KEY]
            self.settings.SECRET_KEY = "s" * 50

    def press(self, page: Callable[[], Form], **changes: Any) -> set[str]:
        """Open a page, let it happen, press the button; press again where the words were given back."""
        opened = page()
        self.something_happens()
        answer, tables = recorded(lambda: opened.post(self.client, **changes))
        if answer.status_code == 409:
            assert not tables & OF_A_TEXT
            assert self.user is not None
            assert self.session not in {"fresh", "old"}
            if self.session == "password changed elsewhere":
                self.sign_in()
            opened = page()
            answer, tables = recorded(lambda: opened.post(self.client, **changes))
        assert answer.status_code == 303, answer.content.decode()
        return tables


@pytest.fixture(params=["member", "visitor"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SESSIONS)
def somebody(request: pytest.FixtureRequest, kind: str, settings: Any) -> Somebody:
    return Somebody(kind, request.param, settings)


def of(name: str) -> str:
    return reverse(f"stories:{name}", args=[Contribution.objects.get().pk])
