"""Tolerance of typing errors: on a server that can, and on one that cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from community import jobs
from community.local import OperatorError
from stories.actions import tolerance, withdraw
from tests import make
from tests.stories.searching import search

pytestmark = pytest.mark.django_db


def can() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = ANY(%s)", [tolerance.EXTENSIONS])
        return bool(cursor.fetchone()[0] == len(tolerance.EXTENSIONS))


@pytest.fixture
def as_owner() -> Iterator[Any]:
    """Give a way to run the command as the role it runs as, which the test's connection has stepped down from."""

    def run(state: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            try:
                call_command("search_tolerance", state)
            finally:
                if not connection.needs_rollback:
                    cursor.execute(f'SET ROLE "{settings.WEB_ROLE}"')

    return run


def test_other_spelling_is_offered_where_the_server_can_and_refused_in_a_sentence_where_not(as_owner: Any) -> None:
    by = make.owner()
    text = f"{make.TEXT} Two heron stood there. Ramón came by."
    herons = [make.published(by, title=f"Story {number}", text=text).pk for number in range(tolerance.LEAST_STORIES)]
    for _ in range(tolerance.LEAST_STORIES):
        make.published(title="Members", text=f"{make.TEXT} kanarimembers", audience="members")
    make.published(text=f"{make.TEXT} kanarirare")
    if not can():
        with pytest.raises(OperatorError, match="does not come with pg_trgm and unaccent; search goes on"):
            as_owner("on")
        assert not tolerance.is_on()
        assert "Did you mean" not in search(Client(), "hreon")
        return
    as_owner("on")
    assert tolerance.is_on()
    page = search(Client(), "two herron -zebra")
    meant = re.search(r'Did you mean: <a href="([^"]+)">two heron -zebra</a>', page)
    assert meant is not None
    assert "Story 0" not in page
    assert "heron" not in meant[1]
    assert "Story 4" in Client().get(meant[1]).content.decode()
    assert ">ramón</a>" in search(Client(), "Ramonn")
    for typed in ("heron", "kanarimember", "kanarirar", "qqqqqq"):
        assert "Did you mean" not in search(Client(), typed), typed
    withdraw(herons[0], owner=by)
    jobs.refresh_words(timestamp=0)
    assert "Did you mean" not in search(Client(), "two herron")
    as_owner("off")
    assert not tolerance.is_on()
    tolerance.refresh()
    assert "Did you mean" not in search(Client(), "herron")
