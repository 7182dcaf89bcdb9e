"""The rows of what was tried."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import Revision
from stories.tried import OTHER, ROWS_MAX, Tried
from tests import make
from tests.stories.page import Form, form
from tests.stories.writing import at_step

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    return make.client_of(make.member() if request.param == "member" else None, enforce_csrf_checks=True)


@pytest.fixture
def page(writer: Client) -> Form:
    return at_step(writer, uuid.uuid4(), "tried")


def rows(number: int, **more: str) -> dict[str, str]:
    """Return so many rows, as a browser sends them."""
    found = {}
    for one in range(number):
        found |= {f"tried-{one}-code": "t01", f"tried-{one}-help": "h1"} | {
            f"tried-{one}-{name}": value for name, value in more.items()
        }
    return found


def kept() -> list[dict[str, str]]:
    return list(Revision.objects.get().treatments)


def shown(form_: Form) -> int:
    return sum(name.endswith("-code") for name in form_.fields)


def test_row_holds_what_was_said_and_no_more() -> None:
    row = {"code": "t01", "help": "h1", "tip": "Slowly"}
    assert Tried.of(row).row == row
    assert Tried().is_empty
    assert Tried(help="h1").row == {"code": "", "help": "h1"}


def test_two_empty_rows_are_always_there(writer: Client, page: Form) -> None:
    assert shown(page) == 2
    page.post(writer, **rows(2))
    assert shown(form(writer.get(page.action), "/")) == 4


def test_one_more_row_is_shown_on_demand_and_nothing_typed_is_lost(writer: Client, page: Form) -> None:
    answer = page.post(writer, **{"tried-1-code": "t05", "tried-1-tip": "Slowly"}, add="1")
    again = form(writer.get(answer.url), "/")
    assert shown(again) == 3
    assert (again.fields["tried-0-code"], again.fields["tried-0-tip"]) == (["t05"], ["Slowly"])
    assert kept() == [{"code": "t05", "tip": "Slowly"}]


def test_ticked_row_is_removed(writer: Client, page: Form) -> None:
    page.post(writer, **rows(2) | {"tried-0-code": "t02"})
    form(writer.get(page.action), "/").post(writer, **{"tried-0-remove": "on"})
    assert kept() == [{"code": "t01", "help": "h1"}]
    form(writer.get(page.action), "/").post(writer, **{"tried-0-remove": "on"})
    assert kept() == []


def test_row_without_a_treatment_is_kept_and_told(writer: Client, page: Form) -> None:
    answer = page.post(writer, **{"tried-0-help": "h1", "tried-0-tip": "Slowly"})
    back = writer.get(answer.url)
    assert "Please choose what it was, or empty the rest of this row." in back.content.decode()
    assert form(back, "/").fields["tried-0-tip"] == ["Slowly"]
    assert kept() == [{"code": "", "help": "h1", "tip": "Slowly"}]


def test_something_else_wants_a_name_and_a_name_alone_is_something_else(writer: Client, page: Form) -> None:
    answer = page.post(writer, **{"tried-0-code": OTHER})
    assert "Please say in a few words what it was." in writer.get(answer.url).content.decode()
    form(writer.get(page.action), "/").post(writer, **{"tried-0-code": "", "tried-0-name": "Swimming"})
    assert kept() == [{"code": OTHER, "name": "Swimming"}]
    form(writer.get(page.action), "/").post(writer, **{"tried-0-code": "t01", "tried-0-name": "Swimming"})
    assert kept() == [{"code": "t01"}]


@pytest.mark.parametrize(("field", "most"), [("tip", 200), ("name", 80)])
def test_line_that_is_too_long_is_given_back_whole(writer: Client, page: Form, field: str, most: int) -> None:
    typed = {"tried-0-code": OTHER, "tried-0-name": "Swimming", f"tried-0-{field}": "x" * (most + 1)}
    answer = page.post(writer, **typed)
    assert answer.status_code == 422
    assert f"This has {most + 1} characters, and {most} fit." in answer.content.decode()
    assert form(answer, "/").fields[f"tried-0-{field}"] == ["x" * (most + 1)]


def test_as_many_rows_as_fit_pass_and_more_are_told(writer: Client, page: Form) -> None:
    full = rows(ROWS_MAX, duration="d1", supervised="m1", ending="z1", reason="i1", tip="x" * 200)
    assert page.post(writer, **full).status_code == 303
    assert len(kept()) == ROWS_MAX
    last = writer.get(page.action)
    assert "That is as many rows as fit." in last.content.decode()
    assert form(last, "/").post(writer, **full).status_code == 303
    page.fields["seen"] = form(writer.get(page.action), "/").fields["seen"]
    answer = page.post(writer, **rows(ROWS_MAX + 1))
    assert answer.status_code == 422
    assert "You filled in 31 rows, and 30 fit." in answer.content.decode()
    assert len(kept()) == ROWS_MAX
    assert "tip" in kept()[0]
    again = form(answer, "/")
    assert shown(again) == ROWS_MAX + 1
    assert again.post(writer, **{"tried-30-remove": "on"}).status_code == 303
    assert kept() == [{"code": "t01", "help": "h1"}] * ROWS_MAX


def test_row_under_any_number_is_one_row(writer: Client, page: Form) -> None:
    first = {name: None for name in page.fields if name.startswith("tried-")}
    answer = page.post(writer, **first, **{"tried-500-code": "t05", "tried-500-tip": "Slowly"})
    assert answer.status_code == 303
    assert kept() == [{"code": "t05", "tip": "Slowly"}]


def test_removal_stays_ticked_while_something_else_is_wrong(writer: Client, page: Form) -> None:
    answer = page.post(writer, **(rows(2) | {"tried-0-remove": "on", "tried-1-tip": "x" * 201}))
    again = form(answer, "/")
    assert again.fields["tried-0-remove"] == ["on"]
    again.post(writer, **{"tried-1-tip": "Slowly"})
    assert kept() == [{"code": "t01", "help": "h1", "tip": "Slowly"}]


def test_error_names_its_row_above_and_beside(writer: Client, page: Form) -> None:
    answer = page.post(writer, **{"tried-0-code": "t01", "tried-1-tip": "x" * 201})
    text = answer.content.decode()
    assert text.count("Number 2: This has 201 characters, and 200 fit.") == 2
    assert text.count("Number 2: Please choose what it was") == 2
    assert "Number 1: " not in text


def test_enter_goes_on_and_the_row_that_changed_is_come_back_to(writer: Client, page: Form) -> None:
    source = writer.get(page.action).content.decode()
    assert source.index('btn btn-primary" type="submit">Go on') < source.index('name="add"')
    assert page.post(writer, **rows(2), add="1").url.endswith("/tried/?rows=3#row-3")
    again = form(writer.get(page.action), "/")
    assert again.post(writer, **{"tried-1-remove": "on"}).url.endswith("/tried/?rows=2#row-2")
    assert form(writer.get(page.action), "/").post(writer).url.endswith("/sharing/")


@pytest.mark.parametrize("asked", ["0", "31", "999", "-1", "x", "\u0665", "9" * 400])
def test_rows_that_an_address_asks_for_have_an_end(asked: str) -> None:
    answer: Any = Client().get(reverse("stories:step", args=[uuid.uuid4(), "tried"]), {"rows": asked})
    assert answer.status_code == 200
    assert 2 <= shown(form(answer, "/")) <= ROWS_MAX
