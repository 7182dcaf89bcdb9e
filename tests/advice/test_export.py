"""A pack that was written out makes the same articles again, whatever stands in them."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import assume, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import content
from advice.actions import load_articles
from advice.models import Article, Version
from advice.packs import article_file, read_pack
from content.articles import read_article
from content.pack import SHIPPED
from tests.advice import written

ODD = "She said \"no\", C:\\path\\, a \ttab, +++, ''': \u00f1, \u4f60\u597d, \U0001f343, \u2028, \x85, \x0b, \x7f."
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=120).map(
    str.strip
)


def export(target: Path) -> str:
    out = io.StringIO()
    call_command("export_content", str(target), stdout=out)
    return out.getvalue()


def forget_everything() -> None:
    """Empty the articles' tables as their owner, whom no guard of the site's role holds."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE advice_article CASCADE")
        cursor.execute(f'SET ROLE "{settings.WEB_ROLE}"')


def files(root: Path) -> dict[Path, bytes]:
    return {path.relative_to(root): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def said() -> dict[tuple[str, str], object]:
    found = Version.objects.live()
    return {
        (one.article.language, one.article.slug): [
            getattr(one, name)
            for name in ("title", "short", "body", "sources", "treatments", "facets", "related", "aliases")
        ]
        + [one.article.kind, one.article.place]
        for one in found
    }


@pytest.mark.django_db
def test_what_was_written_out_makes_the_same_articles_in_an_empty_database(tmp_path: Path) -> None:
    load_articles(read_pack(SHIPPED))
    written.live("odd-signs", title=ODD, short=f"{ODD}\n\nAnd on.", body=f"+++\n\n{ODD}[^one]\n\n    four\n\n- {ODD}")
    before = said()
    assert export(tmp_path / "out") == f"{len(before)} articles are in {tmp_path / 'out'}.\n"
    forget_everything()
    assert said() == {}
    assert {one.outcome for one in load_articles(read_pack(tmp_path / "out"))} == {"created"}
    assert said() == before
    export(tmp_path / "again")
    assert files(tmp_path / "again") == files(tmp_path / "out")


@pytest.mark.django_db
def test_the_lists_of_the_pack_go_along(tmp_path: Path) -> None:
    export(tmp_path / "out")
    kept = {path for path in files(SHIPPED) if path.suffix == ".toml" and path.name != "sources.toml"}
    assert {path: files(tmp_path / "out")[path] for path in kept} == {path: files(SHIPPED)[path] for path in kept}
    assert content.languages(tmp_path / "out") == content.languages(SHIPPED)


@pytest.mark.django_db
def test_only_what_readers_see_is_written_out(tmp_path: Path) -> None:
    one = written.live("first-step", title="As it is")
    written.edited(one, title="As it may be")
    written.draft("not-yet")
    export(tmp_path / "out")
    found = {path.name: text for path, text in files(tmp_path / "out").items() if path.suffix == ".md"}
    assert list(found) == ["first-step.md"]
    assert b"As it is" in found["first-step.md"]


@pytest.mark.django_db
def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError, match="is not empty"):
        export(tmp_path)
    assert list(files(tmp_path)) == [Path("mine.txt")]


@pytest.mark.django_db
def test_two_works_under_one_key_are_refused(tmp_path: Path) -> None:
    written.live("first-step")
    written.live("second-step", sources=(written.SOURCE | {"title": "Another paper"},))
    with pytest.raises(CommandError, match="key 'one' names one work in first-step and another in second-step"):
        export(tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_a_work_whose_link_was_mended_in_one_article_goes_out_as_it_was_changed_last(tmp_path: Path) -> None:
    mended = written.SOURCE | {"link": "https://example.org/moved"}
    with time_machine.travel("2026-11-02"):
        written.live("a-step")
    with time_machine.travel("2026-11-04"):
        written.live("b-step", sources=(mended,))
    with time_machine.travel("2026-11-03"):
        written.live("c-step")
    said = export(tmp_path / "out")
    listed = (tmp_path / "out" / "en" / "sources.toml").read_text(encoding="utf-8")
    assert ('link = "https://example.org/moved"' in listed, "https://example.org/paper" in listed) == (True, False)
    assert "'one' stands in different words in a-step, c-step; those of b-step are taken." in said


@pytest.mark.django_db
def test_what_could_not_be_loaded_again_is_told(tmp_path: Path) -> None:
    written.live("first-step", body="Typed by hand.[^Nobody]")
    with pytest.raises(CommandError, match=r"en/advice/first-step\.md, line 11: 'Nobody' is not in sources\.toml"):
        export(tmp_path / "out")


@hypothesis_settings(max_examples=150, deadline=None)
@given(title=TEXTS, short=TEXTS, body=TEXTS, words=st.lists(TEXTS.filter(lambda word: len(word) < 60), max_size=3))
@example(title=ODD, short=ODD, body=ODD, words=["+++", '"', "\\"])
@example(title="+++", short="+++\n+++", body="+++\n\ntitle = 1\n+++", words=[])
def test_any_words_come_back_from_their_file(title: str, short: str, body: str, words: list[str]) -> None:
    assume(title and short and body and all(words) and "[^" not in body)
    version = Version(title=title, short=short, body=body, aliases=words, article=Article(slug="one", kind="guide"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.md"
        path.write_text(article_file(version), encoding="utf-8")
        text = read_article(path, "en", {})
    assert (text.title, text.short, text.body, list(text.aliases)) == (title, short, body, words)
