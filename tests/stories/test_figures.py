"""Figures: counted from what is public and allowed, protected before they are stored, seldom made anew."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client

import content
from stories.actions import withdraw
from stories.actions.figures import refresh_figures
from stories.models import Figure
from stories.tally import NOT_SAID, rated
from stories.tried import UNSEEN
from tests import make
from tests.properties import crowds

TODAY = date(2026, 3, 1)
PARTS = [option.code for name in ("type", "stage") for option in content.load().question(name).options]
COUNTED = ["publish", "rules", "statistics"]

pytestmark = pytest.mark.django_db


def tell(times: int, *, helped: str = "h1", code: str = "t01", consents: list[str] = COUNTED, **changes: Any) -> Any:
    """Publish so many stories of people who tried something; return the owner and id of the last."""
    by = make.owner()
    for _ in range(times):
        by = make.owner()
        last = make.published(by, consents=consents, treatments=[{"code": code, "help": helped}], **changes)
    return by, last.pk


def figure(code: str) -> Figure:
    return Figure.objects.get(code=code)


def test_counts_are_those_of_public_stories_that_may_be_counted() -> None:
    tell(6, helped="h1", answers={"stage": "s6", "type": "y1"})
    tell(7, helped="h3", answers={"stage": "s4", "type": "y2"}, audience="members")
    tell(3, helped="h1", consents=["publish", "rules"])
    make.published(consents=COUNTED, role="partner")
    make.waiting(consents=COUNTED, treatments=[{"code": "t01", "help": "h3"}])
    _by, hidden = tell(1, helped="h3")
    make.hide(hidden)
    make.published(consents=COUNTED, example=True, treatments=[{"code": "t01", "help": "h1"}])
    refresh_figures(today=TODAY)
    assert figure("t01").stories == 13
    # Nobody said h2, h4 or h5: that is small too, and h1 keeps them company.
    assert figure("t01").cells == {"h1": None, "h2": None, "h3": 7, "h4": None, "h5": None}
    assert figure("t01").basis == 13
    assert figure("self.stage").basis == 13


def test_a_count_is_shown_when_every_other_is_large_enough() -> None:
    for helped, times in (("h1", 9), ("h2", 8), ("h3", 7), ("h4", 6), ("h5", 5)):
        tell(times, helped=helped)
    refresh_figures(today=TODAY)
    assert figure("t01").cells == {"h1": 9, "h2": 8, "h3": 7, "h4": 6, "h5": 5}
    assert figure("t01").stories == 35


def test_small_numbers_are_never_stored() -> None:
    tell(20, helped="h1")
    tell(4, helped="h2")
    refresh_figures(today=TODAY)
    for row in Figure.objects.all():
        assert not [count for count in (*row.cells.values(), row.stories) if count is not None and count < 5]


def test_refresh_waits_for_a_day_and_for_five_more() -> None:
    tell(9)
    assert refresh_figures(today=TODAY) > 0
    tell(5)
    assert refresh_figures(today=TODAY) == 0
    assert refresh_figures(today=TODAY + timedelta(days=1)) == 2
    tell(4)
    assert refresh_figures(today=TODAY + timedelta(days=2)) == 0
    assert figure("t01").basis == 14
    tell(1)
    assert refresh_figures(today=TODAY + timedelta(days=2)) == 2


def test_figures_of_fewer_than_five_people_go_without_waiting_for_five_to_leave(client: Client) -> None:
    texts = [tell(1) for _ in range(7)]
    tell(9, code="t02")
    refresh_figures(today=TODAY)
    for by, pk in texts[:2]:
        withdraw(pk, owner=by)
    assert refresh_figures(today=TODAY + timedelta(days=1)) == 0
    assert figure("t01").stories == 7
    withdraw(texts[2][1], owner=texts[2][0])
    assert refresh_figures(today=TODAY + timedelta(days=1)) == 1
    assert {*figure("t01").cells.values(), figure("t01").stories} == {None}
    withdraw(texts[3][1], owner=texts[3][0])
    assert refresh_figures(today=TODAY + timedelta(days=2)) == 0, "there is nothing left to take away"
    assert "or fewer than five are left" in client.get("/numbers/").content.decode()


def test_withdrawn_stories_leave_at_the_next_refresh() -> None:
    texts = [tell(1) for _ in range(15)]
    refresh_figures(today=TODAY)
    for by, pk in texts[:5]:
        withdraw(pk, owner=by)
    refresh_figures(today=TODAY + timedelta(days=1))
    assert figure("t01").basis == 10


def test_who_tells_two_things_of_one_treatment_is_not_counted_for_it() -> None:
    tell(6)
    rows = [{"code": "t01", "help": "h1"}, {"code": "t01", "help": "h4"}, {"code": "t02", "help": "h1"}]
    for _ in range(5):
        make.published(consents=COUNTED, treatments=rows)
    refresh_figures(today=TODAY)
    assert figure("t01").stories == 6
    assert figure("t02").stories == 5
    assert figure("self.stage").stories == 11


def test_too_few_stories_make_no_figure_and_do_not_use_up_the_day() -> None:
    tell(4)
    assert refresh_figures(today=TODAY) == 0
    tell(1)
    assert refresh_figures(today=TODAY) == 2


def test_who_left_a_question_unanswered_is_in_its_table() -> None:
    tell(7, answers={"time_to_name": "u2", "barriers": ["b1", "b7"]})
    tell(8, answers={"recognised_by": "k1"})
    refresh_figures(today=TODAY)
    assert figure("self.time_to_name").stories == 15
    assert figure("self.barriers").stories == 15
    assert figure("self.barriers").cells["b1"] == 7
    assert figure("self.barriers").cells["b2"] is None


def test_questions_are_not_split_since_stories_show_of_which_part_they_are() -> None:
    crowds.publish(
        crowds.plain(type=kind, stage="s4" if kind == "y1" else "s6", t01=helped, country="gb")
        for kind in ("y1", "y2")
        for helped in ("h1", "h2", "h3")
        for _ in range(9)
    )
    refresh_figures(today=TODAY)
    split = {code.partition(".")[0] for code in Figure.objects.values_list("code", flat=True) if code[-2:] in PARTS}
    assert split == {"t01"}


def test_every_bar_is_a_line_of_the_table(client: Client) -> None:
    tell(12, helped="h1", answers={"stage": "s6"})
    tell(6, helped="h2", answers={"stage": "s4"})
    refresh_figures(today=TODAY)
    body = client.get("/treatments/t01/").content.decode()
    assert "Counted from 18 stories." in body
    drawn = re.findall(r'<text class="chart__count"[^>]*>([^<]+)<', body)
    assert drawn == re.findall(r'<td class="num">([^<]+)<', body)
    assert [one.strip() for one in drawn[:3]] == ["12 (67 %)", "kept back", "kept back"]
    assert re.search(r'<svg [^>]*role="img"[^>]*aria-labelledby="title-t01 desc-t01"', body)
    assert 'style="' not in body
    assert client.get("/numbers/").content.decode().count('role="img"') == 1
    assert "18 stories tell how it was" in client.get("/treatments/").content.decode()


@pytest.mark.parametrize("address", ["/treatments/t01/", "/treatments/t01/?f=y1"])
@pytest.mark.parametrize("count", [1, 30])
def test_treatment_page_asks_for_figures_tips_articles_and_stories(
    address: str, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        row = {"code": "t01", "help": "h1", "tip": f"Tip number {number}"}
        make.published(consents=[*COUNTED, "quote"], treatments=[row], answers={"type": "y1"})
    refresh_figures(today=TODAY)
    with django_assert_num_queries(4):
        body = Client().get(address).content.decode()
    assert f"Tip number {count - 1}" in body


def test_pages_without_any_figure_say_so(client: Client) -> None:
    assert "Too few stories tell this yet" in client.get("/treatments/t01/?f=y1").content.decode()
    body = client.get("/numbers/").content.decode()
    assert "Too few stories tell this yet: People who have it or had it; Partners; Friends and family." in body
    assert body.count("chart__empty") == 1


def test_every_answer_that_is_for_figures_only_is_counted(client: Client) -> None:
    pack = content.load()
    asked = {role: [one for one in pack.asked(role) if not one.shown] for role in crowds.ROLES}
    for role, questions in asked.items():
        codes = {one.code: one.options[0].code if one.options else "gb" for one in questions}
        answers = {one.code: [codes[one.code]] if one.kind == "many" else codes[one.code] for one in questions}
        for _ in range(6):
            make.published(consents=COUNTED, role=role, answers=answers)
            make.published(consents=COUNTED, role=role)
    refresh_figures(today=TODAY)
    body = client.get("/numbers/").content.decode()
    for role, questions in asked.items():
        for one in questions:
            # Half of them said it: one half is shown, and of a question with one answer the other keeps company.
            assert figure(f"{role}.{one.code}").stories == 12
            assert 6 in figure(f"{role}.{one.code}").cells.values()
            assert f'id="title-{role}-{one.code}">{one.filter_label}</h3>' in body


def test_what_is_told_of_a_treatment_for_figures_is_counted_on_its_page(client: Client) -> None:
    told = {"duration": "d2", "supervised": "m1", "ending": "z3", "reason": "i2"}
    for _ in range(7):
        make.published(consents=COUNTED, treatments=[{"code": "t01", "help": "h1"} | told])
        make.published(consents=COUNTED, treatments=[{"code": "t01", "help": "h1"}])
    rows = [{"code": "t01", "help": "h1"} | told, {"code": "t01", "help": "h1", "duration": "d1", "ending": "z3"}]
    make.published(consents=COUNTED, treatments=[*rows, {"code": "t02", "help": "h1", "duration": "d5"}])
    # Who told two durations of one thing counts as nobody's; what was told once counts.
    assert rated(UNSEEN)[1] == {
        "t01": {
            "duration": {"d2": 7, NOT_SAID: 8},
            "supervised": {"m1": 8, NOT_SAID: 7},
            "ending": {"z3": 8, NOT_SAID: 7},
            "reason": {"i2": 8, NOT_SAID: 7},
        },
        "t02": {field: {"d5" if field == "duration" else NOT_SAID: 1} for field in UNSEEN},
    }
    refresh_figures(today=TODAY)
    assert {figure(f"t01.{field}").stories for field in UNSEEN} == {15}
    assert "How it ended</h3>" in client.get("/treatments/t01/").content.decode()
    assert "How it ended</h3>" not in client.get("/treatments/t01/?f=y1").content.decode()


def test_headings_of_figures_ask_the_reader_nothing(client: Client) -> None:
    crowds.publish(crowds.people(Random(3), 200))
    refresh_figures(today=TODAY)
    titles = re.findall(r'<h3 class="chart__title"[^>]*>(.*?)</h3>', client.get("/numbers/").content.decode())
    assert len(titles) > 10
    assert not [title for title in titles if "?" in title]


def test_numbers_ask_once(django_assert_num_queries: Any) -> None:
    crowds.publish(crowds.people(Random(3), 200))
    refresh_figures(today=TODAY)
    with django_assert_num_queries(1):
        Client().get("/numbers/")


def test_the_part_that_is_looked_at_is_marked(client: Client) -> None:
    body = client.get("/treatments/t01/?f=s4").content.decode()
    assert re.findall(r'<a class="chip" href="([^"]+)" aria-current="true">', body) == ["/treatments/t01/?f=s4"]
    assert '<meta name="robots" content="noindex, follow">' in body


@pytest.mark.parametrize(
    "address", ["/treatments/t99/", "/treatments/t01/?f=r2", "/treatments/t01/?f=-", "/treatments/t01/?f=y1.s1"]
)
def test_what_is_no_figure_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_tips_are_those_of_stories_that_may_be_read_and_quoted(client: Client) -> None:
    def tip(words: str, *, consents: tuple[str, ...] = ("publish", "rules", "quote"), **changes: Any) -> None:
        rows = [{"code": "t01", "help": "h1", "tip": words}]
        make.published(treatments=rows, consents=list(consents), **changes)

    tip("Shown to all")
    tip("For members", audience="members")
    tip("Behind a warning", warnings=["w2"])
    tip("An example of a tip", example=True)
    tip("Not to be quoted", consents=("publish", "rules"))
    make.waiting(treatments=[{"code": "t01", "tip": "Not read yet"}], consents=["publish", "rules", "quote"])
    body = client.get("/treatments/t01/").content.decode()
    assert "Shown to all" in body
    for hidden in ("For members", "Behind a warning", "An example of a tip", "Not to be quoted", "Not read yet"):
        assert hidden not in body
    assert "For members" in make.client_of(make.member()).get("/treatments/t01/").content.decode()


@pytest.mark.parametrize("address", ["/treatments/t01/", "/treatments/t01/?f=y1", "/numbers/", "/treatments/"])
def test_visitors_get_the_same_bytes_and_few_queries(address: str, django_assert_max_num_queries: Any) -> None:
    tell(12)
    refresh_figures(today=TODAY)
    with django_assert_max_num_queries(4):
        first = Client().get(address)
    assert first.content == Client().get(address).content
    assert not first.cookies
