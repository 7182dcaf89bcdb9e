"""The nightly mix: nothing in any row changes, and nothing tells any more in which order the rows came."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.contrib.sessions.backends.base import SessionBase
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone

from accounts.models import Consent, RecoveryCode, Reminder
from accounts.sessions import SessionStore
from community import health
from community.actions import mixing
from community.local import OperatorError
from community.models import Mix
from moderation.models import Anchor, Place, Skip
from stories.models import Contribution, Reaction, Revision, SavedItem
from tests import make
from tests.moderation import two
from tests.moderation.ground import Ground

pytestmark = pytest.mark.django_db(transaction=True)

# Tables that no act of a member writes, or that are ordered by what everybody may see.
OTHERS = {
    "what the site says and who wrote it": {
        "advice.Article", "advice.LabelEnd", "advice.Link", "advice.Opinion", "advice.Remark", "advice.SignOff",
        "advice.Trial", "advice.TrialCopy", "advice.Version", "stories.Wording",
    },
    "numbers and marks of the whole site": {
        "accounts.Edition", "accounts.MailRound", "community.Counter", "community.Mix", "community.PutBack",
        "moderation.Anchor", "moderation.Setting", "moderation.Tally", "stories.Figure", "stories.KeyCheck",
    },
    "the record, numbered for everybody, written by moderators' acts": {"moderation.Entry", "moderation.Head"},
    "codes that leads make": {"accounts.Invitation"},
    "a view": {"stories.Wait"},
    "never written here": {
        "account.EmailAddress", "account.EmailConfirmation", "auth.Group", "auth.Permission",
        "contenttypes.ContentType",
    },
}  # fmt: skip


def rows() -> dict[str, str]:
    """Return a digest of each table's rows, whatever their order, but for the marks of the mix itself."""
    with connection.cursor() as cursor:
        found = {}
        for name in connection.introspection.table_names(cursor):
            if name != Mix._meta.db_table:
                cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} AS t")
                found[name] = cursor.fetchone()
        return found


def lie(model: type[models.Model]) -> list[Any]:
    """Return the keys of a table in the order in which its rows lie."""
    key = model._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key.column} FROM {model._meta.db_table} ORDER BY ctid")
        return [bytes(one) if isinstance(one, memoryview) else one for (one,) in cursor.fetchall()]


def transactions(model: type[models.Model]) -> list[int]:
    """Return how many rows each of the transactions wrote that rows tell of."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} GROUP BY xmin::text ORDER BY 1 DESC")
        return [count for (count,) in cursor.fetchall()]


@pytest.fixture
def everything(key_known: None) -> Ground:
    """Put rows into every table that is mixed."""
    ground = Ground()
    for _ in range(5):
        user = make.member()
        make.client_of(user)
        RecoveryCode(user=user, digest=secrets.token_bytes(32)).save()
        Consent(user=user, document="terms", version="1", month="2026-11-01").save()
        Reminder(user=user, address=secrets.token_bytes(3_000)).save()
        Reaction(contribution_id=ground.contribution, kind="r1", mark=secrets.token_bytes(32)).save()
        SavedItem(
            contribution_id=ground.contribution, owner_tag=secrets.token_bytes(32), mark=secrets.token_bytes(32)
        ).save()
    Place(moderator=ground.moderator, leaves=["crisis"]).save()
    Skip(case=two.open_case(make.waiting()), moderator=ground.moderator).save()
    make.moderator()
    return ground


def test_every_table_is_mixed_or_has_a_reason_not_to_be() -> None:
    ours = {model for model in apps.get_models() if model._meta.app_label != "procrastinate"}
    left = {label for labels in OTHERS.values() for label in labels}
    assert {model._meta.label for model in ours} == {model._meta.label for model in mixing.TABLES} | left


def test_a_table_keyed_by_a_member_is_mixed_whole() -> None:
    keyed = {
        model
        for model in apps.get_models()
        if any(field.related_model is mixing.User for field in model._meta.get_fields() if field.concrete)
    }
    staff = {label for labels in OTHERS.values() for label in labels} | {"moderation.Case", "moderation.Decision"}
    staff |= {"moderation.Note", "moderation.Redaction", "moderation.Skip"}
    assert {model._meta.label for model in keyed} - staff == {
        model._meta.label for model in mixing.WHOLE if model not in {mixing.User, mixing.Session}
    }


def test_a_mix_passes_every_guard_and_changes_nothing(everything: Ground) -> None:
    before, counted = rows(), [transactions(model) for model in mixing.TABLES]
    assert all(before[model._meta.db_table][0] for model in mixing.TABLES), "each table has rows to be mixed"
    assert sum(len(found) for found in counted) > 3 * len(mixing.TABLES)
    assert mixing.mix() == []
    assert rows() == before
    for model in mixing.TABLES:
        assert lie(model) == sorted(lie(model)), model
        assert len(transactions(model)) == 1, model


@pytest.mark.alone  # where another database of the cluster has a transaction open, old rows count as new
def test_what_was_done_before_is_mixed_with_what_is_new(everything: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixing, "LEAST", 10)
    mixing.mix()
    old = Contribution.objects.count()
    for _ in range(3):
        make.waiting()
    mixing.mix()
    assert transactions(Contribution) == [old + 3 - 10, 10]
    for _ in range(12):
        make.waiting()
    mixing.mix()
    assert sorted(transactions(Contribution)) == sorted([12, *_split(old + 3, 10)])
    assert lie(Contribution) == sorted(lie(Contribution))


def _split(rows_before: int, mixed: int) -> Iterator[int]:
    yield rows_before - mixed
    yield mixed


def test_a_long_value_gets_another_serial_number(key_known: None) -> None:
    texts = [make.draft(text=secrets.token_hex(5_000)) for _ in range(12)]
    with connection.cursor() as cursor:
        if cursor.connection.info.server_version >= 170_000:  # older ones have them too, and no way to ask
            numbers = "SELECT id FROM stories_revision ORDER BY pg_column_toast_chunk_id(text)::text::bigint"
            cursor.execute(numbers)
            assert [pk for (pk,) in cursor.fetchall()] == [text.pk for text in texts]
            mixing.mix()
            cursor.execute(numbers)
            assert [pk for (pk,) in cursor.fetchall()] == sorted(text.pk for text in texts)
    assert {one.text for one in Revision.objects.all()} == {text.text for text in texts}


def test_a_row_that_somebody_changes_is_not_waited_for(
    key_known: None, web_login: Callable[[], psycopg.Connection[Any]]
) -> None:
    texts = [make.waiting().contribution for _ in range(4)]
    with web_login() as other, other.transaction():
        other.execute("UPDATE stories_contribution SET takes_replies = false WHERE id = %s", [texts[0].pk])
        left = mixing.mix(wait=lambda _seconds: None)
        assert left == ["stories_contribution"]
        assert transactions(Contribution) == [3, 1]
    assert mixing.mix() == []
    assert transactions(Contribution) == [4]
    assert Contribution.objects.filter(takes_replies=False).count() == 1


@pytest.mark.parametrize(
    "held", ["UPDATE stories_contribution SET takes_replies = false", "SELECT 1 FROM stories_contribution"]
)
def test_a_row_that_was_held_in_one_night_is_mixed_in_the_next(
    held: str, key_known: None, web_login: Callable[[], psycopg.Connection[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mixing, "LEAST", 2)
    texts = [make.waiting().contribution for _ in range(6)]
    mixing.mix()
    texts += [make.waiting().contribution for _ in range(6)]
    lock = "" if held.startswith("UPDATE") else " FOR UPDATE"
    with web_login() as other, other.transaction():
        other.execute(f"{held} WHERE id = %s{lock}", [texts[-1].pk])
        mixing.mix(wait=lambda _seconds: None)
        assert transactions(Contribution) == [6, 5, 1]
    mixing.mix()
    assert own(texts[-1].pk) == newest()


def own(pk: Any) -> int:
    """Return the number of the transaction that a text's row tells."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text::bigint FROM stories_contribution WHERE id = %s", [pk])
        return int(cursor.fetchone()[0])


def newest() -> int:
    """Return the number of the transaction of the last mix."""
    return int(Mix.objects.get(pk="stories_contribution").xid)


def test_only_tables_that_are_mixed_can_be_taken_alone(
    key_known: None, web_login: Callable[[], psycopg.Connection[Any]], owner_connection: psycopg.Connection[Any]
) -> None:
    mixing.mix()
    for function in ("community_in_order", "community_looked_at"):
        with web_login() as web:
            web.execute(f"SELECT {function}('accounts_user')")
            for name in ("moderation_entry", "procrastinate_jobs", "none"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is not mixed"):
                    web.execute(f"SELECT {function}(%s)", [name])
        grants = f"SELECT has_function_privilege('public', '{function}(text)', 'EXECUTE')"
        assert owner_connection.execute(grants).fetchone() == (False,)


def test_a_table_that_is_read_all_the_time_is_named(
    key_known: None, web_login: Callable[[], psycopg.Connection[Any]]
) -> None:
    make.member()
    with web_login() as reader, reader.transaction():
        reader.execute("SELECT count(*) FROM accounts_user")
        with pytest.raises(OperatorError, match=r"in these tables all the time, .*: accounts_user\.$"):
            call_command("mix", stdout=io.StringIO())
    assert Mix.objects.get(pk="accounts_user").done_on is None
    assert health.mixed() != ""


def test_doctor_is_told_after_two_days(key_known: None) -> None:
    assert health.mixed() == ""  # a new site, before its first night
    mixing.mix()
    assert health.mixed() == ""
    Mix.objects.filter(pk="accounts_user").update(done_on=timezone.now().date() - timedelta(days=3))
    assert "manage.py mix" in health.mixed()


def test_a_record_without_any_mix_is_told(key_known: None) -> None:
    Ground()
    assert Anchor.objects.exists()
    assert "manage.py mix" in health.mixed()


def test_sessions_open_after_a_mix(key_known: None) -> None:
    member = make.member()
    browser = make.client_of(member)
    store: SessionBase = SessionStore()
    store["long"] = "x" * 20_000
    store.save()
    mixing.mix()
    assert browser.get("/stories/mine/").status_code == 200
    assert SessionStore(store.session_key)["long"] == "x" * 20_000
