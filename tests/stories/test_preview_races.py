"""A fix pressed many times at the same moment, on connections of their own."""

from __future__ import annotations

import pytest
from django.test import Client

from stories.models import Revision
from stories.noticed import notice
from stories.words import Words
from tests import make
from tests.stories.page import form
from tests.stories.test_races import THREADS, together
from tests.stories.writing import look

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = "quiet.fern@example.org"


@pytest.mark.parametrize("kind", ["member", "visitor"])
def test_fixing_ten_times_at_once_changes_one_passage(kind: str) -> None:
    writer: Client = make.client_of(make.member() if kind == "member" else None)
    page = look(writer, text=f"{make.TEXT} Write to {MAIL}, or to {MAIL}.")
    first, _second = notice(Words.of(Revision.objects.get()))
    answers = together(writer, form(page, "/fix/"), fix=first.address)
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * (THREADS - 1)
    assert Revision.objects.get().text.endswith(f"Write to [contact details], or to {MAIL}.")
