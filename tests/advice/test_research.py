"""The page of trials and the page of one: what it shows, what it lets through, and what it never tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

import content
from advice.actions.trials import sync
from advice.models import Trial
from advice.register import Answer, RegisterError, Study
from tests import make
from tests.advice.register_server import STAMP, study

pytestmark = pytest.mark.django_db
PAGE = "/research/"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterable[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def told(*studies: Study, stamp: str = STAMP) -> None:
    assert sync(lambda _known: Answer(stamp, list(studies)), NOW.date()).trouble == ""


def failing(_known: str) -> Answer | None:
    raise RegisterError("slow")


def opened(address: str = PAGE, *, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status, answer.headers
    return answer.content.decode()


def listed(body: str) -> list[int]:
    return [int(number) for number in re.findall(r'href="/research/nct(\d{8})/"', body)]


def test_before_the_first_copy_the_page_says_what_comes_next() -> None:
    body = opened()
    said = content.load().advice.research
    assert said.empty.replace("'", "&#x27;") in body
    assert said.intro[0].replace("'", "&#x27;") in body
    assert "<form" not in body
    assert "As of" not in body


def test_a_trial_is_told_of_in_plain_words() -> None:
    told(study(1, title="A study", countries=["France", "Canada"], interventions=["Device: Dilator"]))
    body = opened()
    pack = content.load()
    for words in (
        "A study",
        pack.advice.research.statuses["RECRUITING"],
        "Women from 18 years to 65 years",
        "Canada, France",
        pack.short("t01"),
        "New or changed on Nov. 1, 2026",
        "As of Nov. 23, 2026",
    ):
        assert words in body
    assert "We could not reach" not in body
    assert "Nobody here has asked" not in body


def test_what_changed_last_comes_first() -> None:
    told(study(1, changed="2026-11-02"), study(2, changed="2026-11-20"), study(3, changed="2026-11-02"))
    assert listed(opened()) == [2, 3, 1]


FILTERED = [
    ({"status": "COMPLETED"}, "status=COMPLETED"),
    ({"phases": ["PHASE1", "PHASE2"]}, "phase=PHASE2"),
    ({"countries": ["Spain", "France"]}, "country=ES"),
    ({"interventions": ["Botulinum toxin"]}, "treatment=t21"),
]


@pytest.mark.parametrize(("has", "asked"), FILTERED)
def test_a_filter_lets_through_what_fits(has: dict[str, Any], asked: str) -> None:
    told(study(1), study(2, **has))
    body = opened(f"{PAGE}?{asked}")
    assert listed(body) == [2]
    assert "selected" in body
    assert f'class="chip" href="{PAGE}"' in body
    assert '<meta name="robots" content="noindex, follow">' in body


def test_filters_together_let_through_what_fits_all() -> None:
    all_of_it = {name: value for has, _asked in FILTERED for name, value in has.items()}
    told(*(study(number, **has) for number, (has, _asked) in enumerate(FILTERED, start=1)), study(9, **all_of_it))
    body = opened(f"{PAGE}?status=COMPLETED&country=ES&treatment=t21&phase=PHASE2")
    assert listed(body) == [9]
    assert f'class="chip" href="{PAGE}?status=COMPLETED&amp;country=ES&amp;treatment=t21"' in body


def test_nothing_that_fits_says_what_to_do() -> None:
    told(study(1))
    body = opened(f"{PAGE}?status=COMPLETED")
    assert "Nothing fits all of this" in body
    assert "Show everything" in body


def test_an_address_has_one_form() -> None:
    for asked, only in (
        ("?status=&phase=&country=&treatment=", PAGE),
        ("?phase=PHASE2&status=COMPLETED", f"{PAGE}?status=COMPLETED&phase=PHASE2"),
        ("?status=COMPLETED&utm=x", f"{PAGE}?status=COMPLETED"),
    ):
        answer = Client().get(PAGE + asked)
        assert (answer.status_code, answer["Location"]) == (302, only)
        assert Client().get(only).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "status=recruiting",
        "status=%00",
        "phase=9",
        "country=es",
        "country=%3Cb%3E",
        "treatment=t99",
        "treatment=dilator",
        "after=5",
        "after=20261340-nct00000001",
        "after=20261101-NCT00000001",
        "after=20261101-nct00000001%27",
    ],
)
def test_an_address_that_no_page_offers_is_not_there(asked: str) -> None:
    assert Client().get(f"{PAGE}?{asked}").status_code in (400, 404)


def test_pages_follow_one_another_both_ways() -> None:
    told(*(study(number, changed=f"2026-11-{1 + number % 7:02}") for number in range(1, 51)))
    expected = list(Trial.objects.newest().values_list("code", flat=True))
    seen, address, back = [], PAGE, []
    while address:
        body = opened(address)
        seen += listed(body)
        back.append(address)
        older = re.search(r'rel="next" href="([^"]+)"', body)
        address = older[1] if older else ""
    assert [f"NCT{number:08}" for number in seen] == expected
    assert len(back) == 3
    for here, above in zip(reversed(back[1:]), reversed(back[:-1]), strict=True):
        found = re.search(r'rel="prev" href="([^"]+)"', opened(here))
        assert found is not None
        assert found[1] == above
    assert 'rel="prev"' not in opened(PAGE)


def test_pages_keep_what_is_asked() -> None:
    told(*(study(number, status="COMPLETED") for number in range(1, 22)), study(99))
    found = re.search(r'rel="next" href="([^"]+)"', opened(f"{PAGE}?status=COMPLETED"))
    assert found is not None
    assert listed(opened(found[1].replace("&amp;", "&"))) == [1]


@pytest.mark.parametrize("count", [1, 30])
def test_pages_ask_at_most_four_times(count: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    told(*(study(number, changed=f"2026-10-{number:02}") for number in range(1, count + 1)))
    with django_assert_num_queries(3):
        opened()
    with django_assert_num_queries(4):
        opened(f"{PAGE}?after=20261102-nct00000002")
    with django_assert_num_queries(2):
        opened("/research/nct00000001/")


def test_everybody_gets_the_same_bytes() -> None:
    told(study(1))
    for address in (PAGE, "/research/nct00000001/"):
        first, second = Client().get(address), Client().get(address)
        assert first.content == second.content
        assert not first.cookies
        assert "csrf" not in first.content.decode()


def test_an_old_copy_says_so(clock: time_machine.Traveller) -> None:
    told(study(1))
    clock.shift(timedelta(days=3))
    assert "Nobody here has asked" not in opened()
    clock.shift(timedelta(seconds=1))
    for address in (PAGE, "/research/nct00000001/"):
        body = opened(address)
        assert "Nobody here has asked the register since Nov. 23, 2026" in body
        assert "As of Nov. 23, 2026" in body


def test_a_failed_copy_says_so_at_once() -> None:
    told(study(1))
    sync(failing, date(2026, 11, 24))
    body = opened()
    assert "We could not bring our copy up to date when we last tried" in body
    assert listed(body) == [1]


def test_one_trial_has_a_page() -> None:
    told(study(1, title="A study", summary="One.\n\n* two\n* three", countries=["France", "Atlantis"]))
    body = opened("/research/nct00000001/")
    assert "<title>A research trial · Fernway</title>" in body
    assert '<h1 lang="en" dir="auto">A study</h1>' in body
    assert re.search(r"<p>One\.</p>\s*<ul>\s*<li>two</li>\s*<li>three</li>", body)
    assert "<dt>France</dt>" in body
    assert "<dt>Atlantis</dt>" in body
    assert '<meta name="robots" content="noindex, follow">' in body
    (link,) = re.findall(r'<a [^>]*href="https://clinicaltrials[^>]*>', body)
    assert 'href="https://clinicaltrials.gov/study/NCT00000001"' in link
    assert 'rel="noreferrer noopener external"' in link


def test_a_trial_has_one_address() -> None:
    told(study(1))
    answer = Client().get("/research/NCT00000001/")
    assert (answer.status_code, answer["Location"]) == (302, "/research/nct00000001/")
    for gone in ("nct00000002", "nct0", "x", "nct000000010"):
        opened(f"/research/{gone}/", status=404)


def test_nothing_that_the_register_sends_runs() -> None:
    nasty = "</h1><script>alert(1)</script><img src=x onerror=alert(2)> [go](https://evil.example/) \"' onload=x"
    one = study(1, title=nasty, summary=nasty, eligibility=f"* {nasty}\n\n> {nasty}", countries=[nasty], sex="<b>")
    one["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"]["name"] = nasty
    one["protocolSection"]["contactsLocationsModule"]["locations"][0]["city"] = nasty
    told(one)
    for address in (PAGE, "/research/nct00000001/"):
        body = opened(address)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
        assert "<script>alert" not in body
        assert "<img" not in body
        assert "evil.example" not in body
        assert "onload=x" not in re.sub(r">[^<]*<", "><", body)


def test_many_places_are_cut_short_and_said_so() -> None:
    one = study(1)
    one["protocolSection"]["contactsLocationsModule"]["locations"] = [
        {"city": f"City {number}", "country": "France"} for number in range(65)
    ]
    told(one)
    body = opened("/research/nct00000001/")
    assert "City 59" in body
    assert "City 60" not in body
    assert "And 5 more places" in body


def test_words_that_the_pack_lacks_do_no_harm() -> None:
    told(study(1, status="WITHHELD", phases=["PHASE9"], least="N/A", most="", sex="ALL", countries=[]))
    body = opened()
    assert "Not looking for people, as far as we know" in body
    assert "People of any sex, whatever their age" in body
    assert "No country is given" in body


@pytest.mark.parametrize(
    ("sex", "least", "most", "words"),
    [
        ("FEMALE", "18 Years", "", "Women of 18 years or older"),
        ("MALE", "", "65 Years", "Men of 65 years or younger"),
        ("ALL", "6 Months", "1 Year", "People of any sex from 6 months to 1 year"),
        ("ALL", "Eighteen", "N/A", "People of any sex, whatever their age"),
    ],
)
def test_who_can_take_part(sex: str, least: str, most: str, words: str) -> None:
    told(study(1, sex=sex, least=least, most=most))
    assert words in opened()


def test_no_address_on_the_page_tells_of_the_condition() -> None:
    told(study(1, title=f"{content.load().site.condition} study", interventions=["Device: Dilator"]))
    body = opened(f"{PAGE}?treatment=t01") + opened("/research/nct00000001/")
    addresses = " ".join(re.findall(r'(?:href|action)="(/[^"]*)"', body)).lower()
    assert not [word for word in content.load().forbidden_in_addresses if word in addresses]
    assert not [word for word in content.load().forbidden_in_addresses if word in re.findall(r"<title>(.*)<", body)[0]]


def test_a_member_sees_the_same_list() -> None:
    told(study(1))
    assert listed(make.client_of(make.member()).get(PAGE).content.decode()) == [1]
