"""What is noted about links: which there are, since when one is silent, and what the desk is told."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

import content
from accounts.models import Role
from advice.actions import Words, begin, discard, publish, write
from advice.actions.links import check_links, collect_links
from advice.desk import answers
from advice.links import TROUBLES, Checker
from advice.models import Kind, Link, Version
from advice.named import PLACES, Named, failing, named_links
from community import jobs
from tests import make
from tests.advice.elsewhere import Elsewhere, say

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)
A, B, C = "https://a.example.org/", "https://b.example.org/", "https://c.example.org/"
PACK = content.load("en")
KEY = {"key": "x", "title": "A work", "publisher": "Somebody", "year": 2020}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pack name two links: one organisation, and a line that is a number."""
    small = replace(
        PACK,
        helplines=(replace(PACK.helplines[0], link="tel:999"),),
        treatments=(),
        site=replace(PACK.site, short_answer_sources=()),
        advice=replace(
            PACK.advice,
            organisations=(replace(PACK.advice.organisations[0], link=B, name="Of all"),),
            terms=(),
            carers=(),
        ),
    )
    monkeypatch.setattr(content, "load", lambda _language="en": small)
    monkeypatch.setattr(content, "languages", lambda: ["en"])


def article(slug: str, *links: str, body: str = "All of it.", live: bool = True) -> Version:
    editor = make.moderator(role=Role.EDITOR)
    one = begin(slug=slug, language="en", kind=Kind.QUESTION, place=1, editor=editor)
    words = Words(title=f"Of {slug}", short="In short.", body=body, sources=[KEY | {"link": link} for link in links])
    one = write(one.pk, words, seen=Words.of(one).digest, editor=editor)
    return publish(one.pk, seen=Words.of(one).digest, editor=editor) if live else one


def rows() -> dict[str, tuple[Any, ...]]:
    return {
        one.url: (one.checked_on, one.answered_on, one.failing_since, one.trouble)
        for one in Link.objects.order_by("url")
    }


def ask(net: Elsewhere, day: date, *, seconds: float = 60.0) -> int:
    return check_links(today=day, checker=net.checker(), seconds=seconds)


def test_links_are_collected_from_all_that_is_read_or_worked_on_and_leave_with_it() -> None:
    article("seen", A, "tel:1", "", "https://" + "x" * 500)
    draft = article(
        "not-seen", "https://draft.example.org/", body=f"[This]({C}), [that](/here/) and [a call](tel:1).", live=False
    )
    Link.objects.create(url="https://gone.example.org/", checked_on=DAY)
    collect_links()
    assert set(rows()) == {A, B, C, "https://draft.example.org/"}
    discard(draft.pk, editor=make.moderator(role=Role.EDITOR))
    collect_links()
    assert set(rows()) == {A, B}


def test_the_whole_pack_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "load", lambda _language="en": PACK)
    named = named_links()
    assert {one.link for one in PACK.advice.organisations} <= set(named)
    assert {line.link for line in PACK.helplines if line.link.startswith("https:")} <= set(named)
    cited = {key for entry in (*PACK.advice.terms, *PACK.advice.carers, *PACK.treatments) for key in entry.sources}
    assert {source.link for source in PACK.advice.sources if source.key in cited} <= set(named)
    assert not [url for url in named if not url.startswith("https://")]
    assert {one.place for places in named.values() for one in places} == set(PLACES) - {"article", "draft"}


def test_silence_is_counted_from_its_first_day_until_it_ends(net: Elsewhere) -> None:
    net.page(B, say("200 OK"))
    assert ask(net, DAY) == 1
    assert rows()[B] == (DAY, DAY, None, "")
    net.page(B, say("404 Not Found"))
    first, second, last = (DAY + timedelta(days=number) for number in (1, 2, 3))
    ask(net, first)
    assert rows()[B] == (first, DAY, first, "missing")
    net.page(B, say("500 Oh"))
    ask(net, second)
    assert rows()[B] == (second, DAY, first, "broken")
    net.page(B, say("200 OK"))
    ask(net, last)
    assert rows()[B] == (last, last, None, "")


def test_the_board_says_which_link_since_when_and_where_it_is_named() -> None:
    article("one", A)
    collect_links()
    since = timezone.now().date() - timedelta(days=3)
    Link.objects.filter(url=A).update(failing_since=since, trouble="missing")
    desk = make.client_of(make.moderator(role=Role.EDITOR))
    page = html.unescape(desk.get("/desk/").content.decode())
    part = page.split('id="failing"')[1].split("</section>")[0]
    for told in (f'href="{A}"', "There is no such page there any more.", date_format(since), "Article, en: Of one"):
        assert told in part
    Link.objects.update(failing_since=None)
    assert "All that were asked have answered within two days." in desk.get("/desk/").content.decode()


@pytest.mark.parametrize(("days", "told"), [(0, False), (1, False), (2, True), (30, True)])
def test_the_desk_is_told_after_two_days_and_where(days: int, told: bool) -> None:
    article("one", A)
    article("two", A)
    collect_links()
    Link.objects.filter(url=A).update(failing_since=DAY, trouble="name", checked_on=DAY)
    Link.objects.create(url="https://gone.example.org/", failing_since=DAY, trouble="name")
    found = failing(DAY + timedelta(days=days))
    assert [one.url for one in found] == ([A] if told else [])
    for one in found:
        assert one.since == DAY
        assert str(one.words) == "Nobody knows that host."
        assert one.named == (Named("article", "one", "Of one", "en"), Named("article", "two", "Of two", "en"))
        assert [str(place.label) for place in one.named] == ["Article", "Article"]


def test_the_desk_asks_twice_however_many_fail(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert failing(DAY) == []
    links = [f"https://a.example.org/{number}" for number in range(30)]
    article("one", *links)
    collect_links()
    Link.objects.update(failing_since=DAY, trouble="unsafe")
    with django_assert_num_queries(2):
        assert len(failing(DAY + timedelta(days=2))) == 31


def test_each_link_is_asked_once_a_day_the_longest_unasked_first(net: Elsewhere) -> None:
    article("one", A, f"{A}2", f"{A}3")
    collect_links()
    Link.objects.filter(url=A).update(checked_on=DAY - timedelta(days=1))
    Link.objects.filter(url=B).update(checked_on=DAY - timedelta(days=5))
    Link.objects.filter(url=f"{A}3").update(checked_on=DAY)
    for address in (A, B, f"{A}2", f"{A}3"):
        net.page(address, say("200 OK"))
    assert ask(net, DAY) == 3
    assert net.asked == ["HEAD a.example.org/2", "HEAD b.example.org/", "HEAD a.example.org/"]
    assert ask(net, DAY) == 0


def test_asking_stops_when_its_time_is_over_and_goes_on_the_next_time(net: Elsewhere) -> None:
    article("one", *(f"{A}{number}" for number in range(5)))
    for number in range(5):
        net.page(f"{A}{number}", say("200 OK"))
    net.page(B, say("200 OK"))
    assert [ask(net, DAY, seconds=0) for _ in range(7)] == [1, 1, 1, 1, 1, 1, 0]
    assert {one[0] for one in rows().values()} == {DAY}
    assert len(net.asked) == 6


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_a_host(net: Elsewhere) -> None:
    open_ones: list[bool] = []
    net.page(B, say("200 OK"))

    def resolve(name: str) -> list[str]:
        open_ones.append(transaction.get_connection().in_atomic_block)
        return net.resolve(name)

    check_links(today=DAY, checker=net.checker(resolve=resolve), seconds=60)
    assert open_ones == [False]


def test_the_job_asks_through_the_guarded_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job's own checker refuses the inside: a link that an editor wrote leads nowhere."""
    article("one", "https://127.0.0.1/", "https://localhost/", "http://a.example.org/")
    collect_links()
    Link.objects.filter(url=B).update(checked_on=date(2999, 1, 1))
    jobs.check_links(timestamp=0)
    assert {one[3] for url, one in rows().items() if url != B} == {"unsafe"}


def test_an_operator_may_have_nothing_asked(settings: Any) -> None:
    settings.CHECK_LINKS = False
    jobs.check_links(timestamp=0)
    assert rows() == {}


def test_every_trouble_fits_its_column() -> None:
    assert max(map(len, TROUBLES)) <= 20
    assert Checker().trouble("http://a.example.org/") in TROUBLES


@pytest.mark.parametrize("many", [1, 30])
def test_an_editor_sees_beside_the_text_which_links_do_not_answer(many: int, django_assert_num_queries: Any) -> None:
    version = article("seen", *(f"{A}{number}" for number in range(many)), B, body=f"[This]({C})", live=False)
    long_ago, yesterday = timezone.now().date() - timedelta(days=9), timezone.now().date() - timedelta(days=1)
    collect_links()
    assert answers(version).silent == []
    assert answers(version).unasked[-1] == (C, C)
    assert len(answers(version).unasked) == many + 2
    Link.objects.filter(url__startswith=A).update(checked_on=yesterday, failing_since=long_ago, trouble="gone")
    Link.objects.filter(url=B).update(checked_on=yesterday, failing_since=yesterday, trouble="gone")

    with django_assert_num_queries(1):
        told = answers(version)
    page = make.client_of(make.moderator(role=Role.EDITOR)).get(f"/desk/versions/{version.pk}/").content.decode()
    silent = page.partition("These links do not answer:")[2].partition("</ul>")[0]
    unasked = page.partition("Nobody asked these links yet")[2].partition("</ul>")[0]

    assert told.silent == [("A work", f"{A}{number}", long_ago) for number in range(many)]
    assert told.unasked == [(C, C)]
    assert (silent.count("<li>"), unasked.count("<li>"), f'href="{C}"' in unasked) == (many, 1, True)
    assert f"since {date_format(long_ago, 'DATE_FORMAT')}" in silent


def test_the_board_says_that_a_silent_link_stands_in_a_draft() -> None:
    article("soon", A, live=False)
    collect_links()
    Link.objects.filter(url=A).update(failing_since=DAY, trouble="name")
    assert failing(DAY + timedelta(days=2))[0].named == (Named("draft", "soon", "Of soon", "en"),)
