"""What machines get: months for dates, nothing that a visitor may not read, nothing unasked for."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from stories.actions import withdraw
from stories.models import Publication, PublicationQuerySet
from tests import make
from tests.architecture.canaries import word
from tests.architecture.crawling import ENDS_THE_VISIT, ONE_FOR_ALL, addresses

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPEN = ["publish", "rules", "index"]
WORD = re.compile(rb"kanari[a-z]+end")
HREF = re.compile(r"""href=["']([^"'#]+)""")
MOST_PAGES = 400

pytestmark = pytest.mark.django_db


def feed(client: Client) -> ET.Element:
    return ET.fromstring(client.get("/feed.atom").content)


def mapped(client: Client) -> list[str]:
    """Return every address of the map, all parts."""
    index = ET.fromstring(client.get("/sitemap.xml").content)
    parts = [one.text or "" for one in index.iter(f"{MAP}loc")]
    return [one.text or "" for part in parts for one in ET.fromstring(client.get(part).content).iter(f"{MAP}loc")]


def shown_by_engines(client: Client, *texts: Any) -> dict[str, bytes]:
    """Walk all pages of a visitor, and return those that say to search engines that they may show them."""
    todo, pages = deque(["/", *mapped(client), *addresses(list(texts), [], [])]), {}
    known = set(todo)
    while todo:
        path = todo.popleft()
        if path.startswith(ENDS_THE_VISIT):
            continue
        response = client.get(path)
        content = b"".join(response) if response.streaming else response.content
        if b'<meta name="robots" content="index' in content:
            pages[path.removeprefix("http://testserver")] = content
        links = {unescape(urljoin(path, href)) for href in HREF.findall(content.decode(errors="replace"))}
        new = {link for link in links - known if link.startswith("/") and not ONE_FOR_ALL.match(link)}
        known |= new
        todo += sorted(new)
        assert len(known) < MOST_PAGES, "the walk does not end"
    return pages


def closed_and_open() -> tuple[Publication, Publication]:
    """Plant stories and an answer whose writers did not say yes to search engines, all with words of their own."""
    same: dict[str, Any] = {"answers": {"stage": "s4"}}
    tip = [{"code": "t01", "help": "h1", "tip": f"{word('tip')} helped me."}]
    no = ["publish", "rules", "quote", "statistics"]
    opened = make.published(title="Open", consents=OPEN, treatments=[{"code": "t01", "help": "h1"}], **same)
    closed = make.published(
        title=f"About {word('title')}", text=f"{word('text')} {make.TEXT}", treatments=tip, consents=no, **same
    )
    make.published(title=f"About {word('partner')}", role="partner", consents=no)
    make.published_reply(opened, text=f"{word('reply')} {make.REPLY}")
    return closed, opened


def test_pages_that_search_engines_may_show_hold_no_word_of_who_did_not_say_yes(client: Client) -> None:
    closed, opened = closed_and_open()
    pages = shown_by_engines(client, closed.pk, opened.pk)
    assert {"/", "/treatments/", "/numbers/", f"/stories/{opened.pk}/"} <= set(pages)
    assert {path: WORD.findall(content) for path, content in pages.items() if WORD.search(content)} == {}
    assert f"/stories/{closed.pk}/".encode() not in b"".join(pages.values())


def test_the_walk_goes_red_when_such_a_page_shows_all(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, opened = closed_and_open()
    monkeypatch.setattr(PublicationQuerySet, "open_to_engines", lambda self: self)
    pages = shown_by_engines(client, closed.pk, opened.pk)
    assert {path for path, content in pages.items() if WORD.search(content)} == {"/", f"/stories/{opened.pk}/"}


def hidden() -> dict[str, Any]:
    """Plant a text in every state in which machines must not get it; return their titles with their ids."""
    by = make.owner()
    gone = make.published(by, title="Withdrawn", consents=OPEN)
    withdraw(gone.pk, owner=by)
    suppressed = make.published(title="Suppressed", consents=OPEN)
    make.hide(suppressed.contribution)
    return {
        "Withdrawn": gone.pk,
        "Suppressed": suppressed.pk,
        "Not for engines": make.published(title="Not for engines").pk,
        "Members": make.published(title="Members", consents=OPEN, audience="members").pk,
        "Example": make.published(title="Example", consents=OPEN, example=True).pk,
        "Waiting": make.waiting(title="Waiting", consents=OPEN).contribution_id,
    }


def test_feed_is_atom_with_months_for_dates(client: Client) -> None:
    one = make.published(title="Shown", consents=OPEN)
    response = client.get("/feed.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    assert not response.cookies
    root = ET.fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}title") == "Fernway"
    (entry,) = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{one.pk}"
    assert entry.findtext(f"{ATOM}title") == "Shown"
    assert entry.findtext(f"{ATOM}updated") == f"{one.month:%Y-%m-%d}T00:00:00+00:00"
    assert make.TEXT[:40] in (entry.findtext(f"{ATOM}summary") or "")


def test_feed_gives_what_was_typed_as_text(client: Client) -> None:
    typed = "I <b>said</b> it & <script>alert(1)</script> <img src=x> to him."
    make.published(consents=OPEN, title="<i>Title</i>", text=f"{typed} {make.TEXT}")
    (entry,) = feed(client).iter(f"{ATOM}entry")
    summary = entry.find(f"{ATOM}summary")
    assert summary is not None
    assert summary.get("type") == "html"
    assert "<" not in (summary.text or "")
    assert unescape(summary.text or "").startswith(typed)
    title = entry.find(f"{ATOM}title")
    assert title is not None
    assert (title.text, title.get("type", "text")) == ("<i>Title</i>", "text")


def test_feed_of_a_warned_story_shows_no_word_of_it(client: Client) -> None:
    make.published(title="Shown", consents=OPEN, warnings=["w2"])
    body = client.get("/feed.atom").content.decode()
    assert "Before you read: Pain during an examination" in body
    assert make.TEXT[:20] not in body


def test_machines_get_nothing_that_is_not_for_them(client: Client) -> None:
    shown = make.published(title="Shown", consents=OPEN)
    planted = hidden()
    body, places = client.get("/feed.atom").content.decode(), " ".join(mapped(client))
    assert "Shown" in body
    assert str(shown.pk) in places
    for title, pk in planted.items():
        assert title not in body
        assert str(pk) not in body
        assert str(pk) not in places


def test_a_version_that_says_no_leaves_at_once(client: Client) -> None:
    by = make.owner()
    one = make.published(by, consents=OPEN)
    for consents, is_there in (["publish", "rules"], False), (OPEN, True):
        make.published(by, contribution=one.pk, consents=consents)
        for body in (client.get("/feed.atom").content.decode(), " ".join(mapped(client))):
            assert (str(one.pk) in body) == is_there


def test_what_is_planted_is_found_when_it_may_be_shown(client: Client) -> None:
    planted = hidden()
    make.show(planted["Suppressed"])
    assert "Suppressed" in client.get("/feed.atom").content.decode()
    assert str(planted["Suppressed"]) in " ".join(mapped(client))


def test_equal_feeds_are_equal_bytes_and_known_again(client: Client) -> None:
    first, second = client.get("/feed.atom"), Client().get("/feed.atom")
    assert first.content == second.content
    assert client.get("/feed.atom", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_feed_asks_the_database_once(client: Client, django_assert_num_queries: Any) -> None:
    for number in range(30):
        make.published(title=f"Story {number}", consents=OPEN)
    with django_assert_num_queries(1):
        assert len(list(feed(client).iter(f"{ATOM}entry"))) == 20


def test_map_holds_every_story_once_in_parts_of_places(client: Client, settings: Any) -> None:
    settings.SITEMAP_WIDTH = 4
    wanted = {str(make.published(title=f"Story {number}", consents=OPEN).pk) for number in range(11)}
    places = mapped(client)
    assert len(places) == len(set(places))
    assert wanted <= {place.rstrip("/").rsplit("/", 1)[-1] for place in places}
    newest = Publication.objects.order_by("-position")[0].position
    index = client.get("/sitemap.xml").content.decode()
    parts = re.findall(r"part=([^<&]+)", index)
    assert len(parts) > 1
    assert {str(newest), str(newest // settings.SITEMAP_WIDTH)}.isdisjoint(parts)


def test_parts_of_the_map_say_nothing_of_other_stories(
    client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.SITEMAP_WIDTH = 4
    opened = [make.published(consents=OPEN) for _ in range(5)]
    for _ in range(9):
        make.published()
    opened.append(make.published(consents=OPEN))
    with django_assert_num_queries(1):
        before = client.get("/sitemap.xml").content
    assert before.count(b"?part=") == 1 + len({one.position // 4 for one in opened})
    hidden()
    for _ in range(9):
        make.published()
    assert client.get("/sitemap.xml").content == before


def test_pages_of_the_map_are_all_there(client: Client) -> None:
    body = client.get("/sitemap.xml?part=pages").content
    places = [one.text or "" for one in ET.fromstring(body).iter(f"{MAP}loc")]
    found = [client.get(place) for place in places]
    assert [one.status_code for one in found] == [200] * len(places)
    assert [
        place for place, one in zip(places, found, strict=True) if b'content="index, follow"' not in one.content
    ] == []
    assert "http://testserver/treatments/" in places


def test_a_part_that_was_not_made_here_is_not_found(client: Client) -> None:
    assert client.get("/sitemap.xml?part=12").status_code == 404


def test_robots_keep_to_the_reading_pages(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /stories/status/" in lines
    assert "Disallow: /stories/" not in lines
    for path in ("reply/", "*/reply/", "*/react/", "*/save/"):
        assert f"Disallow: /stories/{path}" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines
