"""The nightly mix of large tables, and what readers wait for: a table put in order, not the look at it after."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from community import health_ground
from community.actions import mixing
from community.models import Mix
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def asked(query: str) -> list[Any]:
    """Return what the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def sampled(owner: psycopg.Connection[Any]) -> set[str]:
    """Return the ids that the planner's statistics keep."""
    rows = owner.execute(
        "SELECT histogram_bounds::text, most_common_vals::text FROM pg_stats"
        " WHERE tablename = 'accounts_user' AND attname = 'id'"
    ).fetchall()
    return set(re.findall(r"[\w-]{36}", str(rows)))


def test_samples_go_after_the_table_was_put_in_order_while_readers_go_on(
    key_known: None, web_login: Callable[[], psycopg.Connection[Any]], owner_connection: psycopg.Connection[Any]
) -> None:
    members = [make.member() for _ in range(5)]
    mixing.mix()
    gone = str(members[0].pk)
    assert gone in sampled(owner_connection)
    members[0].delete()
    with web_login() as web, web_login() as reader:
        web.execute("SELECT community_in_order('accounts_user')")
        assert gone in sampled(owner_connection), "readers did not wait for a look at the table"
        reader.execute("SET lock_timeout = '1ms'")
        with web.transaction():
            web.execute("SELECT community_looked_at('accounts_user')")
            assert reader.execute("SELECT count(*) FROM accounts_user").fetchone() == (4,)
            reader.execute("UPDATE accounts_user SET theme = theme")
    assert gone not in sampled(owner_connection)
    members[1].delete()
    mixing.mix()
    assert sampled(owner_connection) == {str(pk) for pk in User.objects.values_list("pk", flat=True)}


def test_a_large_table_is_rewritten_when_asked_for_and_doctor_asks_each_month(key_known: None, settings: Any) -> None:
    settings.MIX_MEGABYTES = 0.01
    members = [make.member() for _ in range(200)]
    before = asked("SELECT pg_relation_filenode('accounts_user')")
    mixing.mix()
    assert asked("SELECT pg_relation_filenode('accounts_user')") == before
    assert asked("SELECT count(*) FROM accounts_user GROUP BY xmin::text") == [(200,)]
    said = io.StringIO()
    call_command("mix", stdout=said)
    assert "Not rewritten, being large: accounts_user" in said.getvalue()
    assert "accounts_user" in health_ground.large()
    assert mixing.mix(whatever_size=True) == []
    assert asked("SELECT id FROM accounts_user ORDER BY ctid") == sorted((one.pk,) for one in members)
    assert health_ground.large() == ""
    mixing.mix()
    Mix.objects.filter(pk="accounts_user").update(rewritten_on=timezone.now().date() - timedelta(days=32))
    assert health_ground.large().startswith("accounts_user: too large")
    assert "manage.py mix --all" in health_ground.large()
    settings.MIX_MEGABYTES = 48
    assert health_ground.large() == ""


def test_writing_a_table_anew_does_not_make_it_too_large(key_known: None, settings: Any) -> None:
    for _ in range(400):
        make.member()
    mixing.mix()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('accounts_user'), pg_relation_filenode('accounts_user')")
        size, before = cursor.fetchone()
        settings.MIX_MEGABYTES = 1.4 * size / 1024**2
        mixing.mix()
        cursor.execute("SELECT pg_relation_filenode('accounts_user')")
        assert cursor.fetchone() != (before,)
