"""A tiny pack for another condition speaks through the whole site: nothing in the code knows which one it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

import content
from accounts.models import Role
from advice.actions import load_articles
from advice.models import Article, Version
from advice.packs import read_pack
from community.management.commands.prepare_local import publish_examples
from content.pack import SHIPPED
from moderation.models import Case
from stories.guide import WRITTEN
from stories.models import Contribution
from stories.owners import Owner
from stories.search.pages import _entries
from stories.search.sealed import seal_words
from stories.views.reading import _form
from tests import make
from tests.advice import written
from tests.architecture.crawling import addresses, crawl

EARS = Path(__file__).parents[1] / "data" / "packs" / "ears"
ROOT = SHIPPED.parent
MOST = 4  # articles and versions that the desk is looked at with
SHIPPED_PACK = content.load()
# Beginnings of words of the shipped pack's condition in all its languages; shorter ones stand in random tokens sooner
# or later, there are the Virgin Islands, and "intimidad" is privacy as well.
STEMS = sorted(
    {
        word
        for language in content.languages()
        for word in content.load(language).forbidden_in_addresses
        if len(word) > 4
    }
    - {"virgin", "virgen", "vírgen", "intimidad", "íntim"}
)
SHIPPED_WORDS = re.compile(rf"\b(?:{'|'.join([SHIPPED_PACK.site.condition, *STEMS])})".encode(), re.IGNORECASE)
BOTH = re.compile(SHIPPED_WORDS.pattern + rb"|tinnitus|Quiet Ears", re.IGNORECASE)


@pytest.fixture
def ears() -> Iterator[content.Pack]:
    shipped = content.chosen()
    _speak_from(EARS)
    yield content.load()
    _speak_from(shipped)


def _speak_from(root: Path) -> None:
    """Take another pack, and forget what was drawn from the one before."""
    content.use(root)
    _entries.cache_clear()
    _form.cache_clear()


def _people() -> dict[str, Client]:
    roles = (Role.MODERATOR, Role.EDITOR, Role.CLINICIAN, Role.LEAD)
    visitors = {"visitor": make.client_of(), "reads Spanish": make.client_of(headers={"accept-language": "es"})}
    return visitors | {role.value: make.client_of(make.moderator(role=role)) for role in roles}


def _seen(client: Client, *more: str) -> dict[bytes, str]:
    """Return which words stand in any answer that somebody gets, and where each was first met."""
    texts = list(Contribution.objects.values_list("pk", flat=True))
    others = [one.pk for model in (Article, Version) for one in model.objects.all()[:MOST]]
    seeds = addresses(texts, list(Case.objects.values_list("pk", flat=True)), others)
    found = crawl(client, [*seeds, *more], word=BOTH)
    return {word.lower(): place for word, place in found.items()}


def test_a_second_pack_is_whole() -> None:
    content.check(EARS)
    texts = content.articles(EARS)
    assert [(text.slug, text.kind) for text in texts] == [("beside-somebody", "partner"), ("first-night", "question")]
    assert [text.sources[0].key for text in texts] == ["bench1999"] * 2


@pytest.mark.django_db
def test_no_answer_of_a_site_with_another_pack_names_the_shipped_condition(ears: content.Pack) -> None:
    load_articles(read_pack(EARS))
    publish_examples(make.moderator())
    written.draft("begun")
    written.waiting(slug="sent")
    make.waiting(text=f"{make.TEXT}\n\nI bought it at https://example.org and it will cure you in three days.")
    searches = [f"/search/?q={seal_words(words)}" for words in ("ringing", "white noise", "sound", "nothing like it")]
    articles = [f"/advice/{one}" for one in ("first-night/", "first-night/en/", "first-night/en/opinion/")]
    for who, client in _people().items():
        seen = _seen(client, *searches, *articles, "/advice/beside-somebody/")
        assert {word: place for word, place in seen.items() if SHIPPED_WORDS.match(word)} == {}, who
        assert {b"tinnitus", b"quiet ears"} <= set(seen), who


@pytest.mark.django_db
def test_a_member_writes_a_story_with_another_pack(ears: content.Pack) -> None:
    user = make.member()
    client = make.client_of(user)
    owner = Owner.of_account(user)
    told = {"answers": {"stage": "s1", "goal": ["g1"]}, "treatments": [{"code": "t01", "help": "h1"}]}
    draft = make.draft(owner, **told).contribution_id
    make.published(owner, **told)
    steps = [f"/stories/new/{draft}/{step}/" for step in WRITTEN]
    pages = [client.get(page) for page in steps]
    assert [page.status_code for page in pages] == [200] * len(WRITTEN)
    assert b"A sound to fall asleep by" in pages[2].content
    seen = _seen(client, *steps, f"/stories/preview/{draft}/")
    assert [word for word in seen if SHIPPED_WORDS.match(word)] == []


@pytest.mark.django_db
def test_search_and_articles_answer_from_another_pack(ears: content.Pack) -> None:
    load_articles(read_pack(EARS))
    visitor = Client()
    shown = {
        "/": "Tinnitus",
        "/advice/": "I hear a sound that nobody else hears. What now?",
        "/advice/first-night/": "Sounds that nobody else hears",
        "/advice/feed.atom": "I hear a sound that nobody else hears. What now?",
        "/partners/": "Somebody you love hears a sound that you do not.",
        "/treatments/": "A sound to fall asleep by",
        "/treatments/t01/": "Nobody knows for whom it helps.",
        "/rules/": "Experience, not instructions",
        "/help-now/": "Find A Helpline",
        "/about/": "Quiet Ears: a tiny pack",
        f"/search/?q={seal_words('humming')}": "I hear a sound that nobody else hears. What now?",
        f"/search/?q={seal_words('white noise')}": "A sound to fall asleep by",
    }
    answers = {address: visitor.get(address) for address in shown}
    assert [address for address, answer in answers.items() if answer.status_code != 200] == []
    assert [address for address, words in shown.items() if words not in answers[address].content.decode()] == []
    assert visitor.get("/treatments/t02/").status_code == 404


@pytest.mark.django_db
def test_the_same_look_at_the_shipped_pack_finds_its_condition() -> None:
    load_articles(read_pack(SHIPPED))
    seen = _seen(make.client_of(), "/advice/examinations/")
    assert {SHIPPED_PACK.site.condition.encode(), b"vagin", b"pelvi", b"dilat"} <= set(seen)
    assert b"tinnitus" not in seen


def sources() -> list[Path]:
    suffixes = {".py", ".html", ".xml", ".txt", ".js", ".css", ".sql", ".svg"}
    rooms = ("accounts", "advice", "community", "content", "moderation", "stories", "static", "templates")
    found = [path for room in rooms for path in (ROOT / room).rglob("*") if path.suffix in suffixes]
    assert len(found) > 300
    return [path for path in found if "vendor" not in path.parts]


def naming(words: re.Pattern[bytes], paths: list[Path]) -> set[str]:
    named = [(path, words.search(path.read_bytes())) for path in paths]
    return {f"{path.relative_to(ROOT)}: {found[0].decode()}" for path, found in named if found}


def test_no_source_names_the_shipped_condition() -> None:
    hints = ROOT / "stories" / "screening"  # what it looks for in a text may be about any part of any body
    assert naming(SHIPPED_WORDS, [path for path in sources() if hints not in path.parents]) == set()
    assert (
        naming(re.compile(rb"vagini|dyspareun|dispareun|vulvod|vestibulod|gpppd|ppp/d", re.IGNORECASE), sources())
        == set()
    )


def test_the_look_at_the_sources_sees_a_word_of_the_condition() -> None:
    assert naming(SHIPPED_WORDS, [SHIPPED / "en" / "site.toml"]) != set()
