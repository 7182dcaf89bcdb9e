"""What is found, by whom, and in which order."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from stories.actions import take_back, withdraw
from stories.actions.indexing import reindex
from stories.choices import Choices
from stories.models import A_MEMBER, Outcome, SearchEntry
from stories.search import results
from stories.search.query import config_for, parse
from stories.search.results import find
from tests import make

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def titles(typed: str, reader: Any = VISITOR, **how: Any) -> list[str]:
    """Return the titles of what is found, page after page."""
    found, after = list[str](), ""
    while True:
        page = find(parse(typed), "english", reader=reader, after=after, **how)
        found += [story.title for story in page.stories]
        if page.after is None:
            return found
        after = page.after


def story(title: str, words: str = "", **changes: Any) -> Any:
    return make.published(title=title, text=f"{make.TEXT}\n\n{words}", **changes)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lighthouse", ["One"]),
        ("LIGHTHOUSES", ["One"]),
        ("light", ["One", "Two"]),
        ("li", []),
        ("walking", ["Two"]),
        ("house keeper", ["Two"]),
        ('"house keeper"', []),
        ('"keeper of the house"', ["Two"]),
        ("keeper lig", ["Two"]),
        ("lig keeper", []),
        ('lig "walked home"', ["Two"]),
        ("lig -lighthouse", ["Two"]),
        ("lights -lighthouse", ["Two"]),
        ('lights -"walked home"', ["One"]),
        ("burning", ["Two"]),
        ("well-worn", ["One"]),
        ("O'Neill", ["One"]),
        ("lighthouse keeper", []),
    ],
)
def test_words_beginnings_phrases_and_minus(typed: str, expected: list[str]) -> None:
    story("One", "Miss O’Neill saw the lighthouse from her well-worn bench.")
    story("Two", "The keeper of the house put the lights out and walked home, sore/burning.")
    assert sorted(titles(typed)) == expected


def test_title_comes_before_fields_and_fields_before_text() -> None:
    story("Last", "A word on physio at the end.")
    story("Third", treatments=[{"code": "t01", "help": "h1", "tip": "Ask for physio early."}])
    story("Second", treatments=[{"code": "t02", "help": "h1"}])
    story("First physio")
    assert titles("physio") == ["First physio", "Second", "Third", "Last"]


def test_newer_stands_before_older_when_both_fit_as_well() -> None:
    for name in ("Older", "Newer"):
        story(name, "heron")
    assert titles("heron") == ["Newer", "Older"]


def test_what_readers_see_is_found_and_what_is_for_figures_is_not() -> None:
    story(
        "One",
        answers={"stage": "s5", "goal": ["g2"], "affected": ["f2"], "country": "pt"},
        treatments=[{"code": "other", "name": "pottery", "help": "h1", "duration": "d2", "tip": "Sing while waiting."}],
    )
    for shown in ("break", "smear", "pottery", "sing"):
        assert titles(shown) == ["One"], shown
    for kept in ("finger", "portugal", "months"):
        assert titles(kept) == [], kept


def test_text_in_another_language_is_found_under_its_own_stems() -> None:
    story("Una", "Las canciones de mi madre.", language="es")
    entry = SearchEntry.objects.get()
    assert "'cancion':" in str(entry.vector)
    assert [config_for(code) for code in ("en-gb", "es", "pt")] == ["english", "spanish", "simple"]


def planted() -> dict[str, Any]:
    """Plant a word in everything that readers must not find, and one that they may."""
    owner = make.owner()
    live = make.published(owner, title="Live", text=f"{make.TEXT} kanarilive")
    make.waiting(owner, contribution=live.pk, title="Edit", text=f"{make.TEXT} kanariedit")
    make.draft(text=f"{make.TEXT} kanaridraft")
    make.waiting(text=f"{make.TEXT} kanariwaiting")
    make.decided(make.waiting(text=f"{make.TEXT} kanarirefused"), Outcome.REFUSE)
    gone, back, replaced = make.owner(), make.owner(), make.owner()
    withdraw(make.published(gone, text=f"{make.TEXT} kanariwithdrawn").pk, owner=gone)
    take_back(make.waiting(back, text=f"{make.TEXT} kanaritaken").contribution_id, owner=back)
    old = make.published(replaced, title="Old", text=f"{make.TEXT} kanarireplaced")
    make.published(replaced, contribution=old.pk, title="New", text=f"{make.TEXT} kanarinew")
    hidden = make.published(title="Hidden", text=f"{make.TEXT} kanarihidden")
    make.hide(hidden.contribution)
    make.published(title="Members", text=f"{make.TEXT} kanarimembers", audience="members")
    return {"hidden": hidden}


NEVER = ["edit", "draft", "waiting", "refused", "withdrawn", "taken", "replaced", "hidden"]


@pytest.mark.parametrize("rebuilt", [False, True])
def test_what_is_not_published_is_not_found(member: User, *, rebuilt: bool) -> None:
    hidden = planted()["hidden"]
    if rebuilt:
        SearchEntry.objects.all().delete()
        reindex(lambda count: None)
    for word in NEVER:
        assert titles(f"kanari{word}", member) == [], word
    assert sorted(titles("kanari")) == ["Live", "New"]
    assert sorted(titles("kanari", member)) == ["Live", "Members", "New"]
    assert titles("kanarimembers") == []
    make.show(hidden.contribution)
    assert titles("kanarihidden") == ["Hidden"], "a hidden story is found as soon as it is shown again"


def test_reindexing_writes_every_story_and_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stories.actions.indexing.BATCH", 2)
    for number in range(5):
        story(f"Story {number}", "heron")
    before = dict(SearchEntry.objects.values_list("pk", "vector"))
    SearchEntry.objects.all()[0].delete()
    SearchEntry.objects.update(vector="")
    told = list[int]()
    reindex(told.append)
    assert dict(SearchEntry.objects.values_list("pk", "vector")) == before
    assert told == [2, 2, 1]


def test_pages_follow_each_other_without_a_gap() -> None:
    for number in range(25):
        story(f"Story {number:02}", "heron " * (1 + number % 3))
    found = titles("heron")
    assert len(found) == len(set(found)) == 25
    first = find(parse("heron"), "english", reader=VISITOR)
    assert len(first.stories) == results.A_PAGE
    story("Newest", "heron " * 9)
    second = find(parse("heron"), "english", reader=VISITOR, after=first.after or "")
    assert [one.title for one in second.stories] == found[10:20]


def test_old_stories_are_looked_up_when_the_newest_hold_hardly_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "NEAR", 3)
    for number in range(4):
        story(f"Heron {number}", "rare" if number == 0 else "")
    for number in range(4):
        story(f"Other {number}")
    assert titles("rare") == ["Heron 0"]
    assert titles("heron") == ["Heron 3", "Heron 2", "Heron 1", "Heron 0"]
    assert not find(parse("heron"), "english", reader=VISITOR).older_left


def test_rare_word_is_found_everywhere_though_the_newest_stories_are_full_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"NEAR": 3, "FAR": 3, "ENOUGH": 4, "READ": 4}.items():
        monkeypatch.setattr(results, name, value)
    for number in range(12):
        story(f"Story {number:02}", "heron" if number in (0, 10, 11) else "")
    assert titles("heron") == ["Story 11", "Story 10", "Story 00"]
    assert not find(parse("heron"), "english", reader=VISITOR).older_left


@pytest.mark.parametrize("far", [3, 100])
@pytest.mark.parametrize(("enough", "expected"), [(2, [11, 10, 9]), (4, [11, 10, 9, 8, 7, 6, 5, 4])])
def test_of_a_common_word_the_newest_are_ranked(
    monkeypatch: pytest.MonkeyPatch, far: int, enough: int, expected: list[int]
) -> None:
    for name, value in {"NEAR": 3, "FAR": far, "ENOUGH": enough, "READ": 8}.items():
        monkeypatch.setattr(results, name, value)
    for number in range(12):
        story(f"Story {number:02}", "heron")
    page = find(parse("heron"), "english", reader=VISITOR)
    assert [one.title for one in page.stories] == [f"Story {number:02}" for number in expected]
    assert page.older_left


@pytest.mark.parametrize("far", [3, 100])
def test_of_a_phrase_no_more_is_read_than_holds_its_words(monkeypatch: pytest.MonkeyPatch, far: int) -> None:
    for name, value in {"NEAR": 3, "FAR": far, "ENOUGH": 4, "READ": 6}.items():
        monkeypatch.setattr(results, name, value)
    for number in range(12):
        story(f"Story {number:02}", "grey heron" if number % 4 == 0 else "heron, large and grey")
    page = find(parse('"grey heron"'), "english", reader=VISITOR)
    assert [one.title for one in page.stories] == ["Story 08"]
    assert page.older_left
    assert len(find(parse("grey heron"), "english", reader=VISITOR).stories) == 6


def test_phrase_is_found_below_many_stories_that_only_hold_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MOST_RANKED", 2)
    for number in range(4):
        story(f"Story {number}", "heron, grey" if number else "grey heron")
    assert titles('"grey heron"') == ["Story 0"]


def test_page_is_full_however_many_stories_may_not_be_read() -> None:
    for number in range(11):
        story(f"Open {number:02}", "heron")
    for _ in range(results.CHUNKS[0] + 2):
        make.published(title="Closed heron", audience="members")
    assert len(titles("heron")) == 11
    assert len(titles("heron", A_MEMBER)) == 11 + results.CHUNKS[0] + 2


def test_warned_story_shows_no_word_of_its_text_unless_the_reader_opened_it() -> None:
    story("Warned", "heron", warnings=["w1"])
    shut = find(parse("heron"), "english", reader=VISITOR).stories[0]
    assert shut.passage == []
    assert len(shut.warnings) == 1
    opened = find(parse("heron"), "english", reader=VISITOR, choices=Choices(frozenset({"w1"}))).stories[0]
    assert [piece.text for piece in opened.passage if piece.is_marked] == ["heron"]
    other = find(parse("heron"), "english", reader=VISITOR, choices=Choices(frozenset({"w2"}))).stories[0]
    assert other.passage == []


def test_partners_stories_are_left_out_for_who_chose_so() -> None:
    story("Theirs", "heron", role="partner")
    story("Ours", "heron")
    assert titles("heron") == ["Ours", "Theirs"]
    assert titles("heron", choices=Choices(without_partners=True)) == ["Ours"]


def test_only_common_words_are_not_looked_for() -> None:
    story("One", "the and of")
    for typed in ("the", "the and", "the -heron"):
        found = find(parse(typed), "english", reader=VISITOR)
        assert found.only_common
        assert found.stories == []
    assert not find(parse("heron"), "english", reader=VISITOR).only_common


def test_longest_story_can_be_published_and_is_found() -> None:
    story("Long", ("word " * 9_000 + "x" * 3_000 + " heron"))
    story("Words", " ".join(f"w{number}" for number in range(7_000)))
    assert sorted(titles("word")) == ["Long", "Words"]
    assert titles("w6999") == ["Words"]
    assert titles("heron") == ["Long"]


def test_reply_is_no_result() -> None:
    before = story("Story")
    make.published(reply_to=before.pk, title="", text=f"{make.TEXT} heron")
    assert titles("heron") == []
    assert SearchEntry.objects.count() == 1
