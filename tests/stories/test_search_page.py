"""The search page: one box, an address that says nothing, and what is found in groups."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import content
from stories.search import results
from stories.search.query import MOST
from stories.search.results import A_PAGE
from stories.search.sealed import seal_words
from tests import make
from tests.stories.searching import BOX, search

pytestmark = pytest.mark.django_db
EVERY = 10**9  # more places than there are


def test_words_move_to_an_address_that_does_not_hold_them() -> None:
    make.published(title="A heron")
    visitor = Client(enforce_csrf_checks=True)
    answer = visitor.post(BOX, {"q": "  a   heron "})
    assert answer.status_code == 303
    assert re.fullmatch(r"/search/\?q=[\w-]+", answer.headers["Location"])
    page = visitor.get(answer.headers["Location"])
    assert page.status_code == 200
    assert 'value="a heron"' in page.content.decode()
    assert "<title>Search · " in page.content.decode()
    assert not visitor.cookies


def test_visitors_get_the_same_bytes_and_no_token() -> None:
    make.published(title="A heron")
    for address in (BOX, f"{BOX}?q={seal_words('heron')}"):
        first, second = Client().get(address), Client().get(address)
        assert first.content == second.content
        assert b"csrfmiddlewaretoken" not in first.content
    assert search(Client(), "heron") == search(Client(), "heron")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please type one word"),
        ("   \t\n", "Please type one word"),
        ("!?.,\u200b\u202e\x01", "Please type one word"),
        ('"" -', "Please type one word"),
        ("-pain", "A minus leaves stories out."),
        ('-"a b" -c', "A minus leaves stories out."),
        ("a" * (MOST + 1), "That is too long"),
        ("\U0001f9e1 " * MOST, "That is too long"),
    ],
)
def test_what_cannot_be_asked_is_answered_in_a_sentence(typed: str, sentence: str) -> None:
    answer = Client().post(BOX, {"q": typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_q_error id_q_help"' in page


@pytest.mark.parametrize(
    "typed",
    [
        "' | b:*D & !(c",
        "\\",
        "a\\'b",
        "%s %% {}",
        "()",
        "<b>x</b>",
        "&amp;",
        "é\u0301" * 60,
        "🧡x",
        "\ufffdx",
        "'" * 199 + "a",
        "a " * 100,
    ],
)
def test_odd_words_are_searched_or_refused_and_never_fail(typed: str) -> None:
    visitor = Client()
    answer = visitor.post(BOX, {"q": typed})
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        assert visitor.get(answer.headers["Location"]).status_code == 200


def test_nul_and_broken_forms_are_refused() -> None:
    form = "application/x-www-form-urlencoded"
    assert Client().post(BOX, "q=a%00b", content_type=form).status_code == 400
    assert Client().post(BOX, "q=%ff%fe", content_type=form).status_code in (303, 422)
    assert Client().post(BOX, {}).status_code == 422
    assert Client().put(BOX).status_code == 405


@pytest.mark.parametrize("address", ["?q=x", "?q=AAAA", "?q=%C3%A9", "?q=" + "a" * 5_000])
def test_address_that_was_not_made_here_is_not_found(address: str) -> None:
    assert Client().get(BOX + address).status_code == 404


def test_place_that_was_not_made_here_is_not_found() -> None:
    sealed = seal_words("heron")
    for after in ("x", sealed, "AAAA"):
        assert Client().get(BOX, {"q": sealed, "after": after}).status_code == 404


def test_passage_is_text_with_marks_and_nothing_of_it_is_markup() -> None:
    text = f"{make.TEXT * 3}\n\nA <b>bold</b> heron & <script>alert(1)</script> pain/heron{make.TEXT * 3}"
    make.published(title="<i>Birds</i>", text=text)
    page = search(Client(), "heron")
    assert "&lt;i&gt;Birds&lt;/i&gt;" in page
    passage = re.search(r'class="entry__excerpt"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert passage is not None
    assert "A &lt;b&gt;bold&lt;/b&gt; <mark>heron</mark> &amp; &lt;script&gt;" in passage[1]
    assert len(re.findall("<mark>", passage[1])) == 2
    plain = unescape(re.sub(r"</?mark>", "", passage[1])).strip("\u2026")
    assert plain in " ".join(text.replace("\n", " ").split(" "))


def test_warned_story_shows_its_title_and_warnings_only() -> None:
    make.published(title="Seen", text=f"{make.TEXT} heron", warnings=["w1"])
    page = search(Client(), "heron")
    assert "Seen" in page
    assert "Before you read:" in page
    assert "For a long time I told nobody" not in page
    assert "<mark>" not in page


def test_empty_box_and_nothing_found_offer_where_to_look() -> None:
    for page in (Client().get(BOX).content.decode(), search(Client(), "heron")):
        assert "Where to look" in page
        for role in content.load().roles:
            assert f'href="/stories/?f={role.facet}">' in page
    assert "No story has all of these words." in search(Client(), "heron")
    make.published(title="A heron")
    assert "Where to look" not in search(Client(), "heron")


def test_words_that_stand_everywhere_are_answered_in_a_sentence() -> None:
    make.published()
    assert "These words stand in nearly every text" in search(Client(), "the")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("heron -the", "-the"),
        ('heron "to be"', "&quot;to be&quot;"),
        ('heron -"to be" "it is"', "-&quot;to be&quot;, &quot;it is&quot;"),
        ('the heron -"grey bird" "a heron"', ""),
    ],
)
def test_phrase_or_minus_of_common_words_only_is_said_to_be_left_out(typed: str, told: str) -> None:
    make.published(title="A heron")
    page = search(Client(), typed)
    assert "A heron" in page.partition(">Stories</h2>")[2]
    assert re.findall(r"Too common to search for: (.*?)</p>", page) == ([told] if told else [])


def test_results_are_paged_and_lead_back() -> None:
    for number in range(A_PAGE + 1):
        make.published(title=f"Heron {number}")
    first = search(Client(), "heron")
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further is not None
    second = Client().get(unescape(further[1])).content.decode()
    assert re.findall(r">Heron (\d+)<", first) == [str(number) for number in range(A_PAGE, 0, -1)]
    assert re.findall(r">Heron (\d+)<", second) == ["0"]
    back = re.search(r'href="([^"]+)"><svg[^>]*><use[^>]*></use></svg>First page', second)
    assert back is not None
    assert Client().get(unescape(back[1])).content.decode() == first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [2, 30])
@pytest.mark.parametrize(
    ("typed", "near", "far"),
    [
        ("heron", 4, 5),
        ('"grey heron"', 4, 5),
        ('heron -"white bird" -the', 4, 5),
        ("heron kingfisher", 3, 4),
        ("the", 2, 2),
        ("", 0, 0),
    ],
)
def test_page_asks_the_database_few_times(
    monkeypatch: pytest.MonkeyPatch, typed: str, near: int, far: int, count: int
) -> None:
    for number in range(count):
        make.published(title=f"A grey heron {number}")
    monkeypatch.setattr(results, "READ", EVERY)
    address = f"{BOX}?q={seal_words(typed)}" if typed else BOX
    for walked, questions in ((EVERY, near), (1, far)):
        monkeypatch.setattr(results, "NEAR", walked)
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(address).status_code == 200
        asked = [one["sql"] for one in seen if not one["sql"].startswith(("BEGIN", "COMMIT"))]
        assert len(asked) == questions, asked


def test_words_are_in_no_log(caplog: Any) -> None:
    caplog.set_level("DEBUG")
    search(Client(), "kanarisearched")
    Client().post(BOX, {"q": "kanarisearched" * 40})
    assert "kanarisearched" not in caplog.text
