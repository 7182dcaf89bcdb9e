"""Every edit, signature and end of a label is in the record, written by the database itself."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts import actions as accounts
from accounts.models import Role
from advice import actions
from moderation.models import Entry
from tests import make
from tests.advice import written

pytestmark = pytest.mark.django_db


def acts() -> list[tuple[str, str]]:
    """Write what waits for the end of the transaction, and return each act with its state or reason."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    rows = [(one.act, json.loads(one.details)) for one in Entry.objects.order_by("number")]
    return [(act, str(told.get("state") or told.get("why") or "")) for act, told in rows]


def test_the_whole_way_of_an_article_is_recorded() -> None:
    one = written.live()
    signature = written.signed(one)
    actions.end_passed_labels(signature.due_on + timedelta(days=1))

    assert acts() == [("article", "draft"), ("article", "live"), ("sign", ""), ("unlabel", "passed")]
    assert Entry.objects.get(act="sign").actor == signature.clinician_id


def test_the_record_names_who_did_it() -> None:
    one, by, other = written.live(), written.clinician(), written.editor()
    signature = written.signed(one, by=by)
    actions.unsign(signature.pk, clinician=by)
    away = written.edited(one, short="Another.")
    actions.discard(away.pk, editor=other)
    waits = written.waiting(written.edited(one, short="One more."))
    actions.send_back(waits.pk, "Please name the study.", clinician=by)
    acts()

    assert Entry.objects.get(act="unlabel").actor == by.pk
    moves = {
        json.loads(row.details)["state"]: row.actor for row in Entry.objects.filter(act="article").order_by("number")
    }
    assert (moves["discarded"], moves["draft"]) == (other.pk, by.pk)


def test_the_record_names_who_ended_the_label_of_somebody_gone() -> None:
    by, lead = written.clinician(), make.moderator(role=Role.LEAD, second_factor=False)
    signature = written.signed(written.live(), by=by)
    accounts.close_staff(by)
    actions.end_labels_of_gone(signature.pk, by=lead)

    assert acts()[-1] == ("unlabel", "gone")
    assert Entry.objects.get(act="unlabel").actor == lead.pk


def test_an_edit_and_its_label_are_recorded() -> None:
    one = written.live()
    written.signed(one)
    acts()
    before = Entry.objects.count()

    written.publish(written.edited(one, short="Another."))

    assert sorted(acts()[before:]) == [
        ("article", "draft"),
        ("article", "live"),
        ("article", "superseded"),
        ("unlabel", "edited"),
    ]


def test_the_record_stays_whole() -> None:
    written.signed(written.live())
    acts()
    said = StringIO()

    call_command("verify_audit", stdout=said)

    assert said.getvalue() == "All 3 rows are as written.\n"


@pytest.mark.parametrize("act", ["article", "sign", "unlabel"])
def test_nobody_tells_of_a_signature_that_was_not_given(act: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT moderation_tell(%s, NULL, NULL, NULL, '{}'::jsonb)", [act])
