"""Packs in and out: again and again, all or nothing, and never over what somebody wrote here."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

import content
from accounts.models import Role
from advice import actions
from advice.actions import load_articles
from advice.actions.loading import CHANGED, CREATED, KEPT, SAME
from advice.models import Article, LabelEnd, State, Version, Why
from advice.packs import read_pack
from tests import make
from tests.advice import written

pytestmark = pytest.mark.django_db
EARS = Path(__file__).parents[1] / "data" / "packs" / "ears"
FIRST = "en/advice/first-night.md"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Give a copy of the tiny pack that a test may change."""
    return Path(shutil.copytree(EARS, tmp_path / "pack"))


def load(root: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("load_content", str(root), *options, stdout=out)
    return out.getvalue()


def change(root: Path, old: str, new: str, name: str = FIRST) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def outcomes(root: Path) -> dict[str, str]:
    return {one.slug: one.outcome for one in load_articles(read_pack(root))}


def rows() -> tuple[list[object], ...]:
    """Return every row that loading could write."""
    return tuple(list(model.objects.order_by("pk").values()) for model in (Article, Version, LabelEnd))


def live(slug: str = "first-night") -> Version:
    return Version.objects.live().get(article__slug=slug)


def test_a_second_load_changes_nothing(pack: Path) -> None:
    assert outcomes(pack) == {"beside-somebody": CREATED, "first-night": CREATED}
    before = rows()
    assert load(pack) == "Articles: 2 as they were.\n"
    assert rows() == before


def test_a_dry_run_tells_and_writes_nothing(pack: Path) -> None:
    empty = rows()
    said = load(pack, "--dry-run")
    assert "en/first-night: new\n" in said
    assert said.endswith("Articles: 2 new. Nothing was written.\n")
    assert rows() == empty == ([], [], [])
    load(pack)
    change(pack, "Nothing has to happen tonight.", "Nothing has to happen today.")
    before = rows()
    assert "Articles: 1 changed, 1 as they were. Nothing was written." in load(pack, "--dry-run")
    assert rows() == before


def test_what_is_loaded_is_what_the_file_says(pack: Path) -> None:
    load(pack)
    text = next(one for one in content.articles(pack) if one.slug == "first-night")
    one = live()
    assert (one.title, one.short, one.body, one.editor) == (text.title, text.short, text.body, None)
    assert (one.article.kind, one.article.place) == ("question", 10)
    assert one.sources[0]["link"] == "https://example.org/sounds"
    assert (one.treatments, one.facets, one.related, one.aliases) == (
        ["t01"],
        ["s1"],
        ["beside-somebody"],
        ["ringing", "humming"],
    )


def test_figures_are_told_on_wish(pack: Path) -> None:
    assert "passages" not in load(pack)
    assert "en: 2 articles (1 partner, 1 question)" in load(pack, "--figures")
    assert "2 of 2 passages that claim something name a source" in load(pack, "--figures")


BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "no fence": (lambda text: text.replace("+++\n", "", 1), f"{FIRST}, line 1: an article begins with +++"),
    "no second fence": (lambda text: text.replace("\n+++\n", "\n", 1), f"{FIRST}, line 1: an article begins"),
    "not TOML": (lambda text: text.replace("order = 10", "order == 10"), f"{FIRST}, line 3: "),
    "unended": (lambda text: text.replace('ming"]', 'ming"'), f"{FIRST}, line 10: "),
    "unknown field": (
        lambda text: text.replace("order = 10", "order = 10\nmood = 1"),
        f"{FIRST}, line 4: 'mood' is not",
    ),
    "no title": (lambda text: text.replace("title =", "aliases ="), f"{FIRST}, line "),
    "empty title": (lambda text: re.sub('title = ".*"', 'title = " "', text), f"{FIRST}, line 4: 'title' is missing"),
    "long title": (
        lambda text: re.sub('(title = ")', rf"\1{'x' * 150}", text),
        f"{FIRST}, line 4: 'title' has more than 150",
    ),
    "long short": (
        lambda text: re.sub('(short = ")', rf"\1{'x' * 2000}", text),
        f"{FIRST}, line 5: 'short' has more than",
    ),
    "no number": (lambda text: text.replace("order = 10", 'order = "10"'), f"{FIRST}, line 3: 'order' is not a number"),
    "no list": (lambda text: text.replace('["s1"]', '"s1"'), f"{FIRST}, line 7: 'facets' is not a list"),
    "unknown kind": (lambda text: text.replace('"question"', '"essay"'), f"{FIRST}, line 2: 'kind' is none of"),
    "unknown source": (lambda text: text.replace("[^bench1999]", "[^nobody]"), f"{FIRST}, line 13: 'nobody' is not in"),
    "empty body": (lambda text: text[: text.index("\n+++\n") + 5], f"{FIRST}, line 11: there is no text"),
    "long body": (lambda text: text + "word " * 12_000, f"{FIRST}, line 11: the text has more than 60000"),
    "unknown related": (
        lambda text: text.replace('["beside-somebody"]', '["gone"]'),
        f"{FIRST}, line 8: there is no 'gone'",
    ),
    "unknown treatment": (lambda text: text.replace('["t01"]', '["t77"]'), f"{FIRST}, line 6: there is no 't77'"),
    "unknown facet": (lambda text: text.replace('["s1"]', '["e1"]'), f"{FIRST}, line 7: there is no 'e1'"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_error_names_the_file_and_the_line_and_loads_nothing(pack: Path, name: str) -> None:
    spoil, sentence = BROKEN[name]
    text = (pack / FIRST).read_text(encoding="utf-8")
    assert spoil(text) != text
    (pack / FIRST).write_text(spoil(text), encoding="utf-8")
    with pytest.raises(CommandError, match=re.escape(f"Nothing was loaded. {sentence}")):
        load(pack)
    assert rows() == ([], [], [])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("First_Night", "en/advice/First_Night.md: the name may hold 60 small letters"),
        ("x" * 61, "the name may hold 60 small letters"),
        ("words", "en/advice/words.md: the name belongs to another page."),
        ("my-tinnitus", "en/advice/my-tinnitus.md: its name holds 'tinnit', which no address may hold."),
    ],
)
def test_an_address_that_cannot_be_is_refused(pack: Path, name: str, sentence: str) -> None:
    shutil.copy(pack / FIRST, pack / "en" / "advice" / f"{name}.md")
    with pytest.raises(CommandError, match=re.escape(sentence)):
        load(pack)
    assert rows() == ([], [], [])


def test_a_file_that_is_not_utf_8_is_named(pack: Path) -> None:
    (pack / FIRST).write_bytes((pack / FIRST).read_bytes().replace(b"Tonight", b"Ton\xefght"))
    with pytest.raises(CommandError, match=re.escape(f"{FIRST}: the file is not UTF-8.")):
        load(pack)


def test_a_folder_without_a_pack_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"en/site\.toml is missing"):
        load(tmp_path)


def test_all_or_none_is_loaded(pack: Path) -> None:
    texts = read_pack(pack)
    cannot_be = replace(texts[1], slug="Not An Address")
    with pytest.raises(IntegrityError):
        load_articles([texts[0], cannot_be])
    assert rows() == ([], [], [])
    assert [one.outcome for one in load_articles(texts)] == [CREATED, CREATED]


def test_what_an_editor_wrote_here_is_kept(pack: Path) -> None:
    load(pack)
    draft = written.edited(live(), title="In other words")
    change(pack, "Nothing has to happen tonight.", "Nothing has to happen today.")
    assert outcomes(pack)["first-night"] == KEPT
    assert (live().short[:30], Version.objects.get(pk=draft.pk).title) == (
        "Nothing has to happen tonight.",
        "In other words",
    )
    written.publish(draft)
    assert "en/first-night: kept, since somebody wrote here" in load(pack)
    assert live().title == "In other words"


def test_a_draft_that_was_only_opened_does_not_keep_the_pack_out(pack: Path) -> None:
    load(pack)
    opened = actions.draft_of(live().article_id, editor=written.editor())
    change(pack, "Nothing has to happen tonight.", "Nothing has to happen today.")
    assert outcomes(pack)["first-night"] == CHANGED
    opened.refresh_from_db()
    assert (opened.state, live().short[:28]) == (State.DISCARDED, "Nothing has to happen today.")


def test_the_pack_s_own_words_published_again_do_not_keep_the_pack_out(pack: Path) -> None:
    load(pack)
    written.publish(actions.draft_of(live().article_id, editor=written.editor()))
    change(pack, "Nothing has to happen tonight.", "Nothing has to happen today.")
    assert outcomes(pack)["first-night"] == CHANGED


def test_what_a_clinician_reads_is_not_taken_from_them(pack: Path) -> None:
    load(pack)
    waits = written.waiting(actions.draft_of(live().article_id, editor=written.editor()))
    change(pack, "Nothing has to happen tonight.", "Nothing has to happen today.")
    assert outcomes(pack)["first-night"] == KEPT
    waits.refresh_from_db()
    assert waits.state == State.WAITING


def test_the_board_says_for_what_the_pack_has_other_words(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("content.pack._chosen", pack)
    load(pack)
    written.publish(written.edited(live(), title="In other words"))
    page = make.client_of(make.moderator(role=Role.EDITOR)).get("/desk/").content.decode()
    told = page.partition('id="other"')[2].partition("</section>")[0]
    assert ("In other words" in told, told.count("<li>"), "en/advice/first-night.md" in told) == (True, 1, True)


def test_a_changed_file_replaces_an_article_that_nobody_touched_and_ends_its_label(pack: Path) -> None:
    load(pack)
    first, other = live(), live("beside-somebody")
    signature, untouched = written.signed(first), written.signed(other)
    change(pack, "Nothing has to happen tonight.", "Nothing has to happen today.")
    assert outcomes(pack) == {"beside-somebody": SAME, "first-night": CHANGED}
    first.refresh_from_db()
    assert (first.state, live().short[:28], live().number) == (State.SUPERSEDED, "Nothing has to happen today.", 2)
    assert list(LabelEnd.objects.values_list("signoff", "why")) == [(signature.pk, Why.EDITED)]
    assert live("beside-somebody") == other
    assert untouched.pk != signature.pk


def test_a_new_place_is_taken_without_a_new_version(pack: Path) -> None:
    load(pack)
    signature = written.signed(live())
    change(pack, "order = 10", "order = 77")
    assert outcomes(pack)["first-night"] == SAME
    assert (live().article.place, live().pk) == (77, signature.version_id)
    assert not LabelEnd.objects.exists()
