"""Figures: counted from what is public and allowed, protected before they are stored, seldom made anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from stories.actions import withdraw
from stories.actions.figures import refresh_figures
from stories.models import Figure, Suppression
from tests import make

TODAY = date(2026, 3, 1)
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
    Suppression.objects.create(contribution_id=hidden, ground="report")
    make.published(consents=COUNTED, example=True, treatments=[{"code": "t01", "help": "h1"}])
    refresh_figures(today=TODAY)
    assert figure("t01").stories == 13
    # Nobody said h2, h4 or h5: that is small too, and h1 keeps them company.
    assert figure("t01").cells == {"h1": None, "h2": None, "h3": 7, "h4": None, "h5": None}
    assert figure("t01").basis == 13
    assert figure("stage").basis == 13


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


def test_withdrawn_stories_leave_at_the_next_refresh() -> None:
    texts = [tell(1) for _ in range(15)]
    refresh_figures(today=TODAY)
    for by, pk in texts[:5]:
        withdraw(pk, owner=by)
    refresh_figures(today=TODAY + timedelta(days=1))
    assert figure("t01").basis == 10


def test_pages_show_numbers_as_a_table_and_say_what_is_kept_back(client: Client) -> None:
    tell(12, helped="h1", answers={"stage": "s6"})
    tell(6, helped="h2", answers={"stage": "s4"})
    refresh_figures(today=TODAY)
    body = client.get("/treatments/t01/").content.decode()
    assert "kept back" in body
    assert "18 people are in this table." in body
    assert 'scope="row"' in body
    assert client.get("/numbers/").status_code == 200
    assert "18 people tell how it was" in client.get("/treatments/").content.decode()


def test_pages_without_any_figure_say_so(client: Client) -> None:
    assert "Too few people have told this yet" in client.get("/treatments/t01/").content.decode()
    assert "Too few people have told this yet" in client.get("/numbers/?f=y1").content.decode()


@pytest.mark.parametrize(
    "address", ["/treatments/t99/", "/treatments/t01/?f=r2", "/treatments/t01/?f=zz", "/numbers/?f=s1"]
)
def test_what_is_no_figure_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_tips_are_those_of_stories_that_may_be_read(client: Client) -> None:
    def tip(words: str, **changes: Any) -> None:
        make.published(treatments=[{"code": "t01", "help": "h1", "tip": words}], **changes)

    tip("Shown to all")
    tip("For members", audience="members")
    tip("Behind a warning", warnings=["w2"])
    make.waiting(treatments=[{"code": "t01", "help": "h1", "tip": "Not read yet"}])
    body = client.get("/treatments/t01/").content.decode()
    assert "Shown to all" in body
    for hidden in ("For members", "Behind a warning", "Not read yet"):
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
