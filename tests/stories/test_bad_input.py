"""What people and machines type that no story is made of: a sentence or a 4xx, never a 500, nothing lost, one story."""

from __future__ import annotations

import re
import threading
import uuid
from html import unescape
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.models import Session
from stories.models import Contribution, Revision
from stories.text import clean
from tests import make
from tests.architecture.answers import judged
from tests.stories.page import Form, form
from tests.stories.writing import BY_STEP, STEPS, TYPED, at_step, begin, go_on, open_form, walk

URLENCODED = "application/x-www-form-urlencoded"
ONE, TOGETHER = "x" * 100, 50
STRANGE = {
    "five characters": "short",
    "as much as fits": "word " * 9_999 + "words",
    "controls": f"{ONE}\x01\x08\x1b[31m\x7f\x9f",
    "two directions": f"{ONE} \u202eabc\u202c \u2066def\u2069 \u05e9\u05dc\u05d5\u05dd",
    "many scripts": "Ab\u0412\u0394\u05d0\u0627\u0915\u0e01\u4e2d\U0001d49c \U0001f468\u200d\U0001f469\u200d\U0001f467 "
    * 20,
    "thousands of marks": ONE + "e" + "\u0301" * 5_000,
    "lone surrogates": f"{ONE}\ud800\udfff",
    "markup": f"{ONE}<script>alert(1)</script><img src=x onerror=alert(1)> {{{{ 7*7 }}}} {{% csrf_token %}} &lt; '\"",
    "noncharacters": f"{ONE}\ufffe\uffff\U0010ffff\ue000",
}
ALSO_EMPTY = ["", " ", " \t\r\n ", "\u00a0\u2003\u3000", "\u200b\u200d\u2060\ufeff", "\u202e\u202c"]
WORDS = {"story": ["title", "text"], "tried": ["tried-0-name", "tried-0-tip"]}
FIELDS = [(step, field) for step, fields in WORDS.items() for field in fields]


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    user = make.member() if request.param == "member" else None
    return make.client_of(user, enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def pk(writer: Client) -> uuid.UUID:
    """A story that somebody began."""
    pk = uuid.uuid4()
    at_step(writer, pk, "about").post(writer, role="self")
    return pk


def raw(client: Client, opened: Form, **changes: Any) -> Any:
    """Post a form as it is, byte by byte; surrogates too, as no browser does."""
    data = opened.fields | {name: value if isinstance(value, list) else [value] for name, value in changes.items()}
    body = "&".join(
        f"{quote_plus(name)}={quote_plus(one.encode(errors='surrogatepass'))}"
        for name, all_ in data.items()
        for one in all_
    )
    return client.post(opened.action, body, content_type=URLENCODED)


def after(client: Client, answer: Any) -> Any:
    """Return the page that somebody sees in the end."""
    assert answer.status_code in {303, 422}, answer.status_code
    return client.get(answer.url, follow=True) if answer.status_code == 303 else answer


@pytest.mark.django_db
@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize(("step", "field"), FIELDS)
def test_strange_words_are_kept_cleaned_or_told(
    writer: Client, pk: uuid.UUID, step: str, field: str, kind: str
) -> None:
    typed = STRANGE[kind]
    answer = raw(writer, at_step(writer, pk, step), **(BY_STEP[step] | {field: typed}))
    page = after(writer, answer)
    assert page.status_code in {200, 422}
    assert "<script>alert" not in page.content.decode()
    kept = Revision.objects.get()
    held = {"title": kept.title, "text": kept.text} | {
        f"tried-0-{name}": value for row in kept.treatments for name, value in row.items()
    }
    cleaned = clean(typed.encode(errors="surrogatepass").decode(errors="replace"))
    cleaned = cleaned if field == "text" else " ".join(cleaned.split())
    assert held[field] == cleaned[: len(held[field])]
    if answer.status_code == 422:
        assert form(page, "/").fields[field] != [""]
        assert "fit" in page.content.decode()
    elif field != "text" or len(cleaned) >= settings.TEXT_MIN:
        assert held[field] == cleaned
    assert Contribution.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ALSO_EMPTY)
def test_what_shows_nothing_is_nothing(writer: Client, pk: uuid.UUID, typed: str) -> None:
    page = after(writer, raw(writer, at_step(writer, pk, "story"), title=typed, text=typed)).content.decode()
    assert "Please give your story a title." in page
    assert "Please write your story here." in page
    raw(writer, at_step(writer, pk, "tried"), **{"tried-0-name": typed, "tried-0-tip": typed})
    kept = Revision.objects.get()
    assert (kept.title, kept.text, kept.treatments) == ("", "", [])


@pytest.mark.django_db
def test_bytes_of_no_encoding_are_no_error(writer: Client, pk: uuid.UUID) -> None:
    for broken in ("%ff%fe", "%c3%28", "%ed%a0%80", "%f8%a1%a1%a1%a1", "%zz"):
        opened = at_step(writer, pk, "story")
        start = urlencode({name: opened.fields[name][0] for name in opened.fields if name not in {"title", "text"}})
        body = f"{start}&title=A{broken}b&text={ONE}{broken}"
        assert after(writer, writer.post(opened.action, body, content_type=URLENCODED)).status_code == 200
    assert Revision.objects.get().text.startswith(ONE)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["title", "text", "part", "writer", "answer-age", "tried-0-tip"])
def test_nothing_between_letters_is_taken_out_and_the_rest_given_back(
    writer: Client, pk: uuid.UUID, field: str
) -> None:
    answer = raw(writer, at_step(writer, pk, "story"), **(BY_STEP["story"] | {field: f"a{chr(0)}b"}))
    assert answer.status_code == 400
    assert "null character" in answer.content.decode()
    assert judged(answer, "") == []
    assert Revision.objects.get().text == ""
    again, wanted = form(answer), BY_STEP["story"] | {field: "ab"}
    assert [again.fields[name] for name in ("title", "text")] == [[wanted["title"]], [wanted["text"]]]
    assert after(writer, again.post(writer)).status_code == 200
    assert (Revision.objects.get().title, Revision.objects.get().text) == (wanted["title"], wanted["text"])


CHOICES = [
    ("about", "role", "doctor"),
    ("about", "answer-stage", "s99"),
    ("about", "answer-goal", ["g1", "x"]),
    ("about", "answer-country", "zz"),
    ("about", "answer-age", "e1\u0301"),
    ("tried", "tried-0-code", "t99"),
    ("tried", "tried-0-help", "\U0001f600"),
    ("sharing", "audience", "nobody"),
    ("sharing", "warnings", ["w1", "w99"]),
    ("sharing", "consents", ["publish", "rules", "everything"]),
    ("sharing", "wishes", ["index", "publish"]),
    ("sharing", "language", "tlh"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("step", "field", "value"), CHOICES)
def test_unknown_choice_is_told_and_not_kept(writer: Client, pk: uuid.UUID, step: str, field: str, value: Any) -> None:
    facet = {"asked": "self"} if step == "about" else {}
    answer = raw(writer, at_step(writer, pk, step), **(BY_STEP[step] | facet | {field: value}))
    assert answer.status_code == 422
    assert "Please choose one of those that are listed here." in answer.content.decode()
    kept = Revision.objects.get()
    held = str([kept.role, kept.answers, kept.treatments, kept.audience, kept.warnings, kept.consents, kept.language])
    for one in {"doctor", "s99", "'x'", "zz", "e1", "t99", "nobody", "w99", "everything", "tlh"}:
        assert one not in held


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["sending", "x", "About", "story/tried", "-1"])
def test_step_that_is_none_is_not_there(writer: Client, step: str) -> None:
    assert writer.get(f"/stories/new/{uuid.uuid4()}/{step}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("step", STEPS)
def test_step_out_of_order_keeps_what_was_typed(writer: Client, step: str) -> None:
    pk = uuid.uuid4()
    typed = BY_STEP[step] | ({"tried-0-code": "t01"} if step == "tried" else {})
    page = after(writer, at_step(writer, pk, step).post(writer, **typed))
    assert page.status_code == 200
    assert Revision.objects.get().contribution_id == pk


@pytest.mark.django_db
@pytest.mark.parametrize("part", [["x"], ["look"], [""], STEPS * 30, ["about", "\ufffd"]])
def test_parts_that_are_none_are_passed_over(writer: Client, part: list[str]) -> None:
    answer = open_form(writer).post(writer, **(TYPED | {"part": part}))
    assert after(writer, answer).status_code == 200
    assert Revision.objects.get().role == "self"


@pytest.mark.django_db
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("expired", ["token", "visit"])
def test_expired_form_of_each_step_gives_back_what_was_typed(writer: Client, step: str, expired: str) -> None:
    page = begin(writer)
    for before in STEPS[: STEPS.index(step)]:
        page = go_on(writer, page, **BY_STEP[before])
    opened, more = form(page, "/"), {"answer-stage": "s3"} if step == "about" else {}
    typed = BY_STEP[step] | more | ({"tried-0-code": "t01", "tried-0-tip": "Slowly"} if step == "tried" else {})
    if expired == "visit":
        Session.objects.all().delete()
        answer = opened.post(writer, **typed)
    else:
        answer = opened.post(writer, **typed, csrfmiddlewaretoken="x" * 64)
    again = form(answer, "/")
    assert answer.status_code in {403, 409}
    assert "still here" in answer.content.decode()
    for name, value in typed.items():
        assert again.fields[name] == (value if isinstance(value, list) else [value])
    assert again.fields["part"] == [step]
    assert after(writer, again.post(writer)).status_code == 200


@pytest.mark.django_db
def test_thousands_of_fields_are_refused(writer: Client, pk: uuid.UUID) -> None:
    opened = at_step(writer, pk, "tried")
    answer = opened.post(writer, **{f"tried-{number}-code": "t01" for number in range(5_000)})
    assert answer.status_code == 400
    assert Revision.objects.get().treatments == []


@pytest.mark.django_db
def test_story_and_tip_are_shown_as_they_were_typed_and_no_address_becomes_a_link(writer: Client) -> None:
    markup = "<b onclick=alert(1)>bold</b> https://x.example"
    row = {"tried-0-code": "other", "tried-0-name": "<i>tea</i>", "tried-0-tip": markup}
    page = walk(writer, story={"title": "<u>A title</u>", "text": f"{ONE}\n\n{markup}"}, tried=row)
    text = page.content.decode()
    for typed in ("<u>A title</u>", "<i>tea</i>", "<b onclick"):
        assert typed not in text
        assert typed in unescape(text)
    assert not re.search(r'href="https://x\.example', text)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", STEPS)
def test_same_step_sent_fifty_times_at_once_makes_one_story(step: str) -> None:
    writer, pk = make.client_of(make.member()), uuid.uuid4()
    opened = at_step(writer, pk, step)
    typed = BY_STEP[step] | ({"tried-0-code": "t01"} if step == "tried" else {})
    answers: list[int] = []

    def press() -> None:
        browser = Client()
        browser.cookies.load({name: morsel.value for name, morsel in writer.cookies.items()})
        try:
            answers.append(opened.post(browser, **typed).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * TOGETHER
    assert Revision.objects.get().contribution_id == pk


def test_addresses_hold_no_more_than_a_step() -> None:
    assert reverse("stories:step", args=[uuid.UUID(int=0), "story"]).endswith("-000000000000/story/")


@pytest.mark.django_db
def test_page_that_sends_words_back_has_help_and_the_receipt() -> None:
    visitor = Client()
    page = go_on(visitor, begin(visitor))
    answer = form(page, "/").post(visitor, title="T" * 130, text=f"{make.TEXT} I want to die tonight.")
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "In danger now?" in body
    assert f'data-text="{visitor.session["receipt"]}"' in body
