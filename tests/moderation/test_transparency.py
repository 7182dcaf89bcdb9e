"""The published figures: the same rows in the file and on the page, nothing small in them, nothing of examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Role
from moderation.actions.auditing import check_record, publish_head
from moderation.actions.counting import AGREEMENT, count_months
from moderation.agreement import ENOUGH, agreement, cohens_kappa, disagreements
from moderation.figures import COUNTED, Counted, Row, rows_of
from moderation.models import OUTCOMES, Case, Cause, Tally
from moderation.transparency import agreed, as_csv, detail, from_csv, months, rows
from stories.actions import replace_again
from stories.models import Outcome, Suppression
from tests import make
from tests.moderation.desk import plain

Owner = psycopg.Connection[Any]
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 20)
RULES = ("kind", "contact")


@pytest.fixture
def dated(owner_connection: Owner) -> Iterator[Owner]:
    """Let a test say when something was decided."""
    owner_connection.execute("ALTER TABLE moderation_decision DISABLE TRIGGER USER")
    yield owner_connection
    owner_connection.execute("ALTER TABLE moderation_decision ENABLE TRIGGER USER")


def decide_some(owner: Owner) -> None:
    """Publish twelve texts, refuse six and an example, all in October, and publish one in November."""
    reviewer = make.moderator(second_factor=False)
    for number in range(18):
        text = make.waiting(text=make.TEXT + (" Call 030 901820 1234." if number % 2 else ""))
        outcome = Outcome.APPROVE if number < 12 else Outcome.REFUSE
        make.decided(text, outcome, reviewer=reviewer, rules=["contact"])
    make.decided(make.waiting(example=True), Outcome.REFUSE, reviewer=reviewer)
    owner.execute("UPDATE moderation_decision SET month = %s", [OCTOBER])
    owner.execute("UPDATE moderation_waited SET month = %s", [OCTOBER])
    make.published()
    owner.execute("UPDATE moderation_decision SET month = '2026-11-01' WHERE month <> %s", [OCTOBER])


def number_of(found: list[Row], **chosen: str) -> Any:
    [row] = [row for row in found if row == Row("2026-10", "cases", number=row.number, **chosen)]
    return row.number


def test_a_month_is_counted_once_when_it_is_over(dated: Owner) -> None:
    decide_some(dated)
    assert count_months(today=NOVEMBER) == 1
    assert count_months(today=NOVEMBER) == 0
    found = rows()
    assert {row.month for row in found} == {"2026-10", "all"}
    assert number_of(found) == 18
    assert number_of(found, cause="new", outcome="approve") == 12
    assert number_of(found, cause="new", outcome="refuse") is None  # all others are 0, and it hides that
    assert number_of(found, rule="contact") == 6
    assert number_of(found, rule="kind") is None
    assert number_of(found, language="en") is None  # nobody wrote in Spanish, and it hides that
    assert number_of(found, software="highlighted") == 9
    assert number_of(found, software="decided") == 0


def test_a_case_counts_in_the_month_of_its_last_decision(dated: Owner) -> None:
    first = make.moderator(second_factor=False)
    text = make.waiting()
    Case.objects.filter(revision=text).update(needs=2)
    make.decided(text, Outcome.REFUSE, reviewer=first)
    dated.execute("UPDATE moderation_decision SET month = %s", [OCTOBER])
    make.decided(text, Outcome.REFUSE)
    dated.execute("UPDATE moderation_decision SET month = '2026-11-01' WHERE place = 2")
    count_months(today=date(2026, 12, 1))
    assert [(one.code, one.cells[0]) for one in Tally.objects.exclude(code=AGREEMENT).order_by("code")] == [
        ("2026-10", ["2026-10", "cases", "", "", "", "", "", None]),
        ("2026-11", ["2026-11", "cases", "", "", "", "", "", None]),
    ]


def test_the_page_can_be_made_from_the_file_alone(dated: Owner) -> None:
    decide_some(dated)
    count_months(today=NOVEMBER)
    page, file = Client().get("/transparency/"), Client().get("/transparency.csv")
    read = from_csv(file.content.decode())
    assert read == rows()
    assert page.context["months"] == months(read)
    assert page.context["chosen"] == detail(read, "2026-10")
    assert page.context["agreed"] == agreed(read)
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    said = plain(page.content)
    assert "October 2026 18 0 hours kept back 9 (50 %) none, ever" in said
    assert "New text Published 12" in said
    assert as_csv(read) == file.content.decode()


def test_the_page_stands_while_there_is_nothing(client: Client, db: None) -> None:
    assert client.get("/transparency/").status_code == 200
    assert client.get("/transparency.csv").content == (b"month,measure,cause,outcome,rule,language,software,number\r\n")
    assert client.get("/transparency/?month=2026-10").status_code == 404


def test_the_page_shows_the_newest_ends_and_what_the_night_found(dated: Owner) -> None:
    decide_some(dated)
    kept = publish_head(today=NOVEMBER)
    check_record(today=NOVEMBER)
    assert kept
    said = plain(Client().get("/transparency/").content)
    assert f"2026-11-20 {bytes(kept.seal).hex()}" in said
    assert "every row is as it was written" in said
    assert f" {kept.number} " not in said, "how many were decided on a day is not told"


def test_the_page_asks_little_and_is_the_same_for_every_visitor(dated: Owner) -> None:
    decide_some(dated)
    count_months(today=NOVEMBER)
    publish_head(today=NOVEMBER)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        first = Client().get("/transparency/").content
    assert len(asked) <= 4
    assert Client().get("/transparency/").content == first
    assert b"csrf" not in first


CASES = st.lists(
    st.builds(
        lambda pair, rules, language, software: Counted(*pair, frozenset(rules), language, software),
        st.sampled_from([(cause, outcome) for cause in COUNTED for outcome in OUTCOMES[cause]][:6]),
        st.sets(st.sampled_from(RULES)),
        st.sampled_from(["en", "es"]),
        st.booleans(),
    ),
    max_size=60,
)


@given(cases=CASES)
@settings(max_examples=150, deadline=None)
def test_no_small_number_is_shown_or_left_over(cases: list[Counted]) -> None:
    found = rows_of(OCTOBER, cases, [], rules=RULES, languages=["en"])
    total = found[0].number
    groups = [
        [row.number for row in found if row.cause],
        [row.number for row in found if row.language],
        *[[row.number] for row in found if row.rule],
        [row.number for row in found if row.software == "highlighted"],
    ]
    for group in groups:
        shown = [number for number in group if number is not None]
        assert all(number >= 5 for number in shown)
        assert total is not None or shown == []
        if total is not None:
            rest = total - sum(shown)
            assert rest == 0 or rest >= 5


@given(waits=st.dictionaries(st.integers(0, 100), st.integers(1, 9), max_size=20))
@settings(max_examples=150, deadline=None)
def test_a_wait_is_told_of_enough_texts_and_at_least_five_waited_for_longer_or_as_long(waits: dict[int, int]) -> None:
    told = {row.measure: row.number for row in rows_of(OCTOBER, [], sorted(waits.items()), rules=[], languages=[])}
    every = sorted(hours for hours, many in waits.items() for _ in range(many))
    for measure, tenths in (("median_hours", 5), ("p90_hours", 9)):
        assert (told[measure] is None) == (len(every) * (10 - tenths) < 50)
        if told[measure] is not None:
            assert sum(one <= told[measure] for one in every) * 10 >= tenths * len(every)
            assert sum(one >= told[measure] for one in every) >= 5


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ({("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}, 0.4),
        ({("a", "a"): 25, ("b", "b"): 25}, 1.0),
        ({("a", "a"): 25, ("a", "b"): 25, ("b", "a"): 25, ("b", "b"): 25}, 0.0),
        ({("a", "a"): 9}, 1.0),
    ],
)
def test_kappa_is_cohens(pairs: dict[tuple[str, str], int], kappa: float) -> None:
    assert cohens_kappa(pairs) == pytest.approx(kappa)


def judged_twice(first: Outcome, second: Outcome) -> None:
    """Have two people decide about one text."""
    text = make.waiting()
    Case.objects.filter(revision=text).update(needs=2)
    make.decided(text, first, reviewer=ONE[0])
    make.decided(text, second, reviewer=ONE[1])


ONE: list[Any] = []


@pytest.mark.django_db
def test_agreement_is_told_from_thirty_texts_on(settings: Any) -> None:
    ONE[:] = [make.moderator(second_factor=False), make.moderator(second_factor=False)]
    for number in range(ENOUGH):
        assert agreement().kappa is None
        judged_twice(Outcome.APPROVE, Outcome.APPROVE if number % 3 else Outcome.REFUSE)
    found = agreement()
    assert (found.judged, found.alike) == (30, 20)
    assert found.kappa == pytest.approx(0.0)
    assert len(disagreements()) == 10
    assert {(one.first, one.second) for one in disagreements()} == {(Outcome.APPROVE, Outcome.REFUSE)}
    page = plain(make.client_of(make.moderator(role=Role.LEAD)).get("/moderation/lead/").content)
    assert "30 times, and alike 20 times" in page


@pytest.mark.django_db
def test_a_text_that_was_read_again_is_compared_with_what_took_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.SAMPLE_SHARE", 1.0)
    text = make.waiting()
    make.decided(text, Outcome.APPROVE)
    assert Case.objects.get(revision=text, closing="").cause == Cause.SAMPLE
    make.decided(text, Outcome.REFUSE)
    [differ] = disagreements()
    assert (differ.cause, differ.first, differ.second) == (Cause.SAMPLE, Outcome.APPROVE, Outcome.REFUSE)
    assert differ.can_reopen
    assert agreement().judged == 1
    assert agreement(before=date(2020, 1, 1)).judged == 0


@pytest.mark.django_db
def test_agreement_is_published_by_month_and_in_all(client: Client, dated: Owner) -> None:
    ONE[:] = [make.moderator(second_factor=False), make.moderator(second_factor=False)]
    for number in range(ENOUGH + 5):
        judged_twice(Outcome.APPROVE, Outcome.APPROVE if number % 5 else Outcome.REFUSE)
    dated.execute("UPDATE moderation_decision SET month = %s", [OCTOBER])
    count_months(today=NOVEMBER)
    read = from_csv(client.get("/transparency.csv").content.decode())
    assert [
        (row.month, row.measure, row.number) for row in read if row.measure in {"judged_twice", "kappa_hundredths"}
    ] == [
        ("all", "judged_twice", 30),
        ("all", "kappa_hundredths", 0),
        ("2026-10", "judged_twice", 30),
        ("2026-10", "kappa_hundredths", 0),
    ]
    assert plain(client.get("/transparency/").content).count("Cohen’s kappa is 0.00") == 2


def test_what_was_hidden_is_counted_by_who_hid_it(dated: Owner) -> None:
    for _ in range(6):
        make.hide(make.published().contribution)
    make.hide(make.published().contribution, ground=Suppression.PUT_BACK)
    replace_again(make.published().revision)
    dated.execute("UPDATE moderation_decision SET month = %s", [OCTOBER])
    dated.execute("ALTER TABLE moderation_entry DISABLE TRIGGER USER")
    dated.execute("UPDATE moderation_entry SET month = %s", [OCTOBER])
    dated.execute("ALTER TABLE moderation_entry ENABLE TRIGGER USER")
    count_months(today=NOVEMBER)
    found = {row.measure: row.number for row in rows() if row.measure.startswith("hidden")}
    assert found == {"hidden_by_reports": 6, "hidden_by_moderators": None}
    assert "By reports of readers, until somebody decided 6" in plain(Client().get("/transparency/").content)


def test_the_file_names_no_row(dated: Owner) -> None:
    decide_some(dated)
    count_months(today=NOVEMBER)
    assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", Client().get("/transparency.csv").content.decode()) is None
