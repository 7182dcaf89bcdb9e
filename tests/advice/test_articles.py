"""The page of an article and what machines read of it: few queries, nothing untrue, an address a language."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from advice.models import Kind, Version
from tests import make
from tests.advice import written

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HERE = "http://testserver/advice/first-step"
HOSTILE = "A step</script><script>alert(1)</script> & more"


def page(address: str, **headers: Any) -> str:
    """Return what a visitor gets."""
    answer = Client().get(address, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def told(text: str) -> dict[str, Any]:
    """Return what a page says of itself to machines."""
    inside = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    data = json.loads(inside)
    assert isinstance(data, dict)
    return data


def head(text: str) -> list[str]:
    """Return the lines of a page's head that name an address of it."""
    lines = text.partition("</head>")[0].splitlines()
    return sorted(line.strip() for line in lines if 'rel="canonical"' in line or "hreflang" in line)


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_asks_once(many: int, django_assert_num_queries: Any) -> None:
    for number in range(many):
        written.live(f"step-{number}", title=f"Step number {number}")

    with django_assert_num_queries(1):
        text = page("/advice/")

    assert text.count('class="entry"') == many


@pytest.mark.parametrize("many", [1, 30])
def test_an_article_asks_four_times_however_much_stands_behind_it(many: int, django_assert_num_queries: Any) -> None:
    others = [written.live(f"step-{number}", title=f"Step number {number}") for number in range(many)]
    for number in range(many):
        make.published(title=f"Story {number}", treatments=[{"code": "t05"}], consents=["publish", "rules", "index"])
    slugs = tuple(one.article.slug for one in others)
    sources = tuple(written.SOURCE | {"key": f"k{n}", "link": f"https://example.org/{n}"} for n in range(many))
    all_of_it = {"treatments": ("t05",), "related": slugs, "sources": sources}
    one = written.live(**all_of_it)
    for number in range(many - 1):
        one = written.publish(written.edited(one, short=f"Answer {number}.", **all_of_it))
    written.signed(one)

    with django_assert_num_queries(4):
        text = page("/advice/first-step/en/")

    assert Version.objects.filter(article__slug="first-step").count() == many
    assert ("Reviewed by" in text, "Related questions" in text, "What members say" in text) == (True, True, True)
    assert text.count('<li id="s') == many
    beside = text.partition('id="members"')[2].partition("</section>")[0]
    assert beside.count('class="entry') >= min(many, 3)


def test_what_machines_are_told_is_what_readers_see() -> None:
    one = written.live(title=HOSTILE)
    plain = page("/advice/first-step/")
    signature = written.signed(one)
    signed = page("/advice/first-step/en/")
    with time_machine.travel(signature.due_on + timedelta(days=1)):
        over = told(page("/advice/first-step/en/"))

    assert told(plain) == {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "@id": f"{HERE}/en/",
        "url": f"{HERE}/en/",
        "name": HOSTILE,
        "description": "There is no wrong first step.",
        "inLanguage": "en",
        "dateModified": one.changed_on.isoformat(),
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME},
        "citation": [{"@type": "CreativeWork", "name": "A paper", "url": "https://example.org/paper"}],
    }
    assert told(signed) == told(plain) | {
        "lastReviewed": signature.reviewed_on.isoformat(),
        "reviewedBy": {"@type": "Person", "name": "Alba Hazelmere", "jobTitle": "Physiotherapist"},
    }
    assert over == told(plain)
    assert "alert(1)</script>" not in signed


def test_each_language_has_its_own_address_and_names_the_other() -> None:
    written.live()
    assert head(page("/advice/first-step/")) == [f'<link rel="canonical" href="{HERE}/en/">']
    written.live(language="es", title="¿Cuál podría ser un primer paso?", short="No hay un primer paso equivocado.")

    english, spanish = page("/advice/first-step/en/"), page("/advice/first-step/es/")

    both = [f'<link rel="alternate" hreflang="{one}" href="{HERE}/{one}/">' for one in ("en", "es")]
    assert head(english) == sorted([*both, f'<link rel="canonical" href="{HERE}/en/">'])
    assert head(spanish) == sorted([*both, f'<link rel="canonical" href="{HERE}/es/">'])
    assert told(spanish)["inLanguage"] == "es"


def test_the_spanish_address_shows_spanish_to_whoever_reads_english() -> None:
    written.live()
    written.live(language="es", title="¿Cuál podría ser un primer paso?", short="No hay un primer paso equivocado.")

    text = page("/advice/first-step/es/", HTTP_ACCEPT_LANGUAGE="en")

    assert '<html lang="es"' in text
    assert "¿Cuál podría ser un primer paso?" in text
    assert "What could a first step be?" not in text
    with translation.override("es"):
        assert gettext("Not yet reviewed by a clinician.") in text
    assert "Not yet reviewed by a clinician." not in text


class Spoken(HTMLParser):
    """Note the language in which each text and each label of a page is read aloud."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.heard: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        language = known.get("lang") or (self.open[-1][1] if self.open else "")
        if "aria-label" in known:
            self.heard[known["aria-label"] or ""] = language
        if tag not in ("br", "hr", "img", "input", "link", "meta", "use", "path"):
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        if tag in (name for name, _language in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.heard[data.strip()] = self.open[-1][1]


@pytest.mark.parametrize("address", ["/advice/first-step/", "/advice/"])
def test_only_the_article_itself_is_read_aloud_in_its_language(address: str) -> None:
    words = "## Uno\n\nSí.[^one]\n\n## Dos\n\nNo.\n\n## Tres\n\nTal vez."
    one = written.live(language="en", title="Título", short="Respuesta.", body=words)
    written.signed(one)

    heard = Spoken(page(address, HTTP_ACCEPT_LANGUAGE="es")).heard

    theirs = {"Título", "Respuesta.", "Uno", "Dos", "Tres", "Tal vez.", "Source 1"}
    with translation.override("es"):
        ours = {gettext("On this page"), gettext("Where this comes from"), gettext("Reviewed"), gettext("Questions")}
    assert {heard[said] for said in theirs & set(heard)} == {"en"}
    assert {heard[said] for said in ours & set(heard)} == {"es"}
    assert len(theirs & set(heard)) + len(ours & set(heard)) == (9 if "first" in address else 4)


def test_a_language_without_the_article_has_no_such_address() -> None:
    written.live()

    assert [Client().get(f"/advice/first-step/{one}/").status_code for one in ("es", "xx", "en")] == [404, 404, 200]


def test_the_feed_holds_the_articles_that_readers_see_the_last_changed_first() -> None:
    today = timezone.now()
    with time_machine.travel(today - timedelta(days=9)):
        first = written.live("older", title="Older & <b>bold</b>", short="<script>x</script>")
    last = written.live("newer", title="Newer")
    written.draft("hidden", title="Nobody sees this")
    with time_machine.travel(today + timedelta(days=1)):
        written.edited(last, title="Nor this")

    tree = ET.fromstring(Client().get("/advice/feed.atom").content)

    assert tree.tag == f"{ATOM}feed"
    assert all(tree.findtext(f"{ATOM}{name}") for name in ("title", "id", "updated"))
    entries = tree.findall(f"{ATOM}entry")
    found = [
        (one.findtext(f"{ATOM}title"), one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}updated")) for one in entries
    ]
    assert found == [
        (one.title, f"urn:uuid:{one.article_id}", f"{one.changed_on}T00:00:00+00:00") for one in (last, first)
    ]
    assert [one.find(f"{ATOM}link").get("href") for one in entries] == [
        f"http://testserver/advice/{slug}/en/" for slug in ("newer", "older")
    ]
    assert entries[1].findtext(f"{ATOM}summary") == "&lt;script&gt;x&lt;/script&gt;"


def test_an_edit_moves_an_article_up_in_the_feed() -> None:
    today = timezone.now()
    with time_machine.travel(today - timedelta(days=9)):
        one = written.live("older", title="Older")
        written.live("newer", title="Newer")
    written.publish(written.edited(one, title="Older, changed"))

    entries = ET.fromstring(Client().get("/advice/feed.atom").content).findall(f"{ATOM}entry")

    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Older, changed", "Newer"]


def test_the_map_holds_each_article_with_its_day() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=9)):
        english = written.live()
    spanish = written.live(language="es", title="Un paso")
    partner = written.live("close-by", kind=Kind.PARTNER)
    written.draft("hidden")

    tree = ET.fromstring(Client().get("/sitemap.xml?part=pages").content)

    days = {one.findtext(f"{MAP}loc"): one.findtext(f"{MAP}lastmod") for one in tree.findall(f"{MAP}url")}
    assert {
        address: day for address, day in days.items() if str(address).count("/") > 4 and "/advice/" in str(address)
    } == {
        f"{HERE}/en/": str(english.changed_on),
        f"{HERE}/es/": str(spanish.changed_on),
        "http://testserver/advice/close-by/en/": str(partner.changed_on),
        "http://testserver/advice/words/": None,
    }
