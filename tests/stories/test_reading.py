from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import content
from stories import actions
from stories.lifecycle import State
from stories.listing import BadCursor, make_cursor, open_cursor, page
from stories.models import Outcome, Publication
from stories.pieces import Passage, paragraphs_of, pieces_of
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/stories/"
CANARY = "Canary in the reeds"


def titles(response: Any) -> list[str]:
    return re.findall(r"Story \d+", response.content.decode())


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_list_goes_back_and_forth_by_twenty() -> None:
    for number in range(45):
        make.published(title=f"Story {number}")
    visitor = Client()
    pages = [visitor.get(LIST)]
    while match := re.search(r'rel="next" href="([^"]+)"', pages[-1].content.decode()):
        pages.append(visitor.get(match[1]))
    assert [titles(one) for one in pages] == [
        [f"Story {number}" for number in range(44, 24, -1)],
        [f"Story {number}" for number in range(24, 4, -1)],
        [f"Story {number}" for number in range(4, -1, -1)],
    ]
    newer = [re.findall(r'rel="prev" href="([^"]+)"', one.content.decode()) for one in pages]
    assert newer[0] == []
    assert newer[1] == [LIST]
    assert titles(visitor.get(newer[2][0])) == titles(pages[1])


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_the_database_once(count: int) -> None:
    for number in range(count):
        make.published(title=f"Story {number}")
    assert queries(Client(), LIST) == 1


@pytest.mark.parametrize("count", [1, 30])
def test_later_page_asks_twice(count: int) -> None:
    for number in range(count):
        make.published(title=f"Story {number}")
    after = make_cursor(Publication.objects.readable_by(None).newest()[0].position + 1)
    assert queries(Client(), f"{LIST}?after={after}") == 2


@pytest.mark.parametrize("count", [1, 30])
def test_story_asks_four_times_for_itself_answers_signs_and_related(count: int) -> None:
    story = make.published(answers={"stage": "s4"})
    for _number in range(count):
        make.published(answers={"stage": "s4"})
        make.published_reply(story)
    assert queries(Client(), reverse("stories:detail", args=[story.pk])) == 4


def test_list_reads_no_whole_text() -> None:
    make.published(text="word " * 9_000)
    with CaptureQueriesContext(connection) as seen:
        Client().get(LIST)
    assert re.findall(r'.{5}"stories_revision"."text"', seen[0]["sql"]) == ['LEFT("stories_revision"."text"']
    assert "owner_tag" not in seen[0]["sql"]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", "é", "a" * 5_000, "=" * 9])
def test_address_that_was_not_made_here_is_not_found(cursor: str) -> None:
    with pytest.raises(BadCursor):
        open_cursor(cursor)


def test_list_under_a_made_up_address_is_not_found() -> None:
    assert Client().get(f"{LIST}?after=AAAA").status_code == 404


def test_cursor_is_the_same_for_everybody_and_says_no_number(settings: Any) -> None:
    assert make_cursor(7) == make_cursor(7)
    assert make_cursor(7) != make_cursor(8)
    assert open_cursor(make_cursor(123_456)) == 123_456
    assert len({len(make_cursor(place)) for place in (1, 10**6, 10**15)}) == 1
    sealed = make_cursor(7)
    settings.SESSION_KEYS = [b"n" * 32, *settings.SESSION_KEYS]
    assert open_cursor(sealed) == 7


@pytest.mark.parametrize("address", ["list", "detail"])
def test_visitor_without_cookies_gets_the_same_bytes_and_no_cookie(address: str) -> None:
    publication = make.published(warnings=["w1"])
    path = LIST if address == "list" else reverse("stories:detail", args=[publication.pk])
    first, second = Client().get(path), Client().get(path)
    assert first.content == second.content
    assert not first.cookies
    assert not second.cookies
    assert b"csrfmiddlewaretoken" not in first.content
    assert b'method="post"' not in first.content


def test_story_shows_words_role_month_and_minutes() -> None:
    publication = make.published(title="A <i>title</i>", text=f"{make.TEXT}\n<script>alert(1)</script>\nwww.x.example")
    page = Client().get(reverse("stories:detail", args=[publication.pk])).content.decode()
    assert "A &lt;i&gt;title&lt;/i&gt;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nwww.x.example</p>" in page
    assert page.count('<p class="as-written" dir="auto">') == 2
    assert "Somebody who has it or had it" in page
    assert "1 minute to read" in page
    assert f"{publication.month:%B %Y}" in page
    assert "<title>A story · " in page
    assert "Example" not in page


def test_example_says_that_it_is_one() -> None:
    publication = make.published(example=True)
    assert "This is an example." in Client().get(reverse("stories:detail", args=[publication.pk])).content.decode()
    assert '<li class="badge">Example</li>' in Client().get(LIST).content.decode()


def test_warned_story_shows_its_warnings_before_any_word_of_it() -> None:
    publication = make.published(warnings=["w5"], warnings_added=["w1"])
    page = Client().get(reverse("stories:detail", args=[publication.pk])).content.decode()
    before, inside = page.split("<details>")
    assert "Sexual violence or abuse" in before
    assert "Self-harm or suicidal thoughts" in before
    assert "For a long time I told nobody" not in before
    assert "<summary>Show the story</summary>" in inside
    assert "For a long time I told nobody" in inside
    listed = Client().get(LIST).content.decode()
    assert "Self-harm or suicidal thoughts" in listed
    assert "For a long time I told nobody" not in listed


def test_story_without_warnings_stands_open() -> None:
    page = Client().get(reverse("stories:detail", args=[make.published().pk])).content.decode()
    assert "<details>" not in page


def unread() -> list[uuid.UUID]:
    """Make a text in every state that is not for readers, and return their ids."""
    refused, asked, withdrawn, taken = make.waiting(), make.waiting(), make.owner(), make.owner()
    make.decided(refused, Outcome.REFUSE)
    make.decided(asked, Outcome.ASK_CHANGES)
    gone = make.published(withdrawn)
    actions.withdraw(gone.pk, owner=withdrawn)
    back = make.waiting(taken)
    actions.take_back(back.contribution_id, owner=taken)
    hidden = make.published()
    make.hide(hidden.contribution)
    drafts = [make.draft().contribution_id, make.waiting().contribution_id]
    return [refused.contribution_id, asked.contribution_id, gone.pk, back.contribution_id, hidden.pk, *drafts]


def test_what_is_not_published_is_nowhere() -> None:
    make.TEXT  # noqa: B018 - every text of make holds it
    for pk in unread():
        assert Client().get(reverse("stories:detail", args=[pk])).status_code == 404
    assert "A slow way round" not in Client().get(LIST).content.decode()
    assert "No story has been published yet" in Client().get(LIST).content.decode()
    make.published(title=CANARY)
    assert CANARY in Client().get(LIST).content.decode()


def test_edit_that_waits_changes_nothing_for_readers() -> None:
    by = make.owner()
    publication = make.published(by, title="The first words")
    make.waiting(by, contribution=publication.pk, title="The second words")
    for path in (LIST, reverse("stories:detail", args=[publication.pk])):
        assert "The first words" in Client().get(path).content.decode()
        assert "The second words" not in Client().get(path).content.decode()
    assert publication.revision.state == State.APPROVED


def test_page_of_any_size_serves_other_pages_too() -> None:
    for number in range(4):
        make.published(title=f"Story {number}")
    found = page(None, size=3)
    assert [one.title for one in found.stories] == ["Story 3", "Story 2", "Story 1"]
    assert found.newer is None
    assert [one.title for one in page(None, after=found.older or "", size=3).stories] == ["Story 0"]


def test_pieces_are_the_text_again_with_passages_between() -> None:
    text = "one two three"
    pieces = pieces_of(text, [Passage(4, 7, "a"), Passage(0, 2, "b"), Passage(6, 9, "c"), Passage(50, 60)])
    assert "".join(piece.text for piece in pieces) == text
    assert [(piece.text, piece.label) for piece in pieces if piece.is_marked] == [
        ("on", "b"),
        ("two", "a"),
        (" t", "c"),
    ]


def test_passage_over_two_paragraphs_is_marked_in_both() -> None:
    found = paragraphs_of("one two\n\nthree four", [Passage(4, 14)])
    assert [[piece.text for piece in part if piece.is_marked] for part in found] == [["two"], ["three"]]


def test_list_keeps_to_writers_in_one_place_and_pages_there(settings: Any) -> None:
    settings.STORIES_A_PAGE = 1
    older, newer = (make.published(role="partner", title=title) for title in ("First", "Second"))
    make.published(role="self", title="Another place")
    first = Client().get("/stories/?f=r2").content.decode()
    assert str(newer.pk) in first
    assert str(older.pk) not in first
    further = re.search(r'href="(/stories/\?f=r2&amp;after=[^"]+)"', first)
    assert further is not None
    second = Client().get(further[1].replace("&amp;", "&")).content.decode()
    assert str(older.pk) in second
    assert "Another place" not in first + second


def test_story_that_cannot_be_read_is_gone_in_the_same_words_for_each() -> None:
    hidden, members = make.published(), make.published(audience="members")
    make.hide(hidden.contribution)
    unknown = [hidden.pk, members.pk, make.waiting().contribution_id, uuid.uuid4()]
    pages = [Client().get(reverse("stories:detail", args=[pk])) for pk in unknown]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    said = pages[0].content.decode()
    for words in ("taken it away", "hidden for now", "for members only", "Sign in", f'href="{LIST}"'):
        assert words in said
    member = make.client_of(make.member())
    assert member.get(reverse("stories:detail", args=[members.pk])).status_code == 200
    assert "Sign in" not in member.get(reverse("stories:detail", args=[hidden.pk])).content.decode()


@pytest.mark.parametrize(
    ("allowed", "more", "shown"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"example": True}, False),
        (True, {"audience": "members"}, False),
    ],
)
def test_search_engines_see_what_its_writer_allowed(allowed: bool, more: dict[str, Any], shown: bool) -> None:
    consents = ["publish", "rules", *(["index"] if allowed else [])]
    address = reverse("stories:detail", args=[make.published(consents=consents, **more).pk])
    response = make.client_of(make.member()).get(address)
    assert response.get("X-Robots-Tag") == (None if shown else "noindex")
    robots = "index, follow" if shown else "noindex"
    assert f'<meta name="robots" content="{robots}">' in response.content.decode()


def test_what_a_shared_link_shows_says_nothing_of_the_story() -> None:
    live = make.published(title="A title of its own", answers={"stage": "s1"})
    head = Client().get(reverse("stories:detail", args=[live.pk])).content.decode().split("</head>")[0]
    assert '<meta property="og:title" content="A story">' in head
    assert "A title of its own" not in head
    assert not [word for word in content.load().forbidden_in_addresses if word in head.lower()]


def test_story_shows_its_card_and_nothing_kept_for_figures() -> None:
    live = make.published(
        answers={"stage": "s4", "goal": ["g2"], "age": "e6", "barriers": ["b1"], "country": "nz"},
        treatments=[{"code": "t02", "help": "h1", "duration": "d2", "reason": "i3", "tip": "Take somebody along."}],
    )
    page = Client().get(reverse("stories:detail", args=[live.pk])).content.decode()
    for shown in ("Still working on it", "An examination", "Helped a lot", "Take somebody along."):
        assert shown in page
    for kept in ("65 or over", "What care costs", "New Zealand", "1 to 3 months", "It cost too much"):
        assert kept not in page
