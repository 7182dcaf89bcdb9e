"""Every string of the pages in every language, and a way to choose one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation.template import templatize

from tests.architecture.source import ROOT, files, tree

LOCALE = ROOT / "locale" / "es" / "LC_MESSAGES"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
TAG = re.compile(r"</?[a-z][^>]*>")
MARKED = re.compile(r"""(?<!\w)(?:_|gettext|ngettext)\(\s*u?((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))""")


def in_python() -> Iterator[str]:
    """Yield every string that Python code marks for translation."""
    for _room, path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).split(".")[-1] in CALLS:
                first = node.args[1 if "pgettext" in ast.unparse(node.func) else 0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def in_templates() -> Iterator[str]:
    """Yield every string that a template marks for translation, as Django itself reads it."""
    for path in (one for one in (ROOT / "templates").rglob("*.*") if one.suffix in {".html", ".txt"}):
        for found in MARKED.findall(templatize(path.read_text())):
            yield ast.literal_eval(found)


def catalogue(path: Path) -> polib.POFile:
    return polib.pofile(str(path))


def test_every_string_is_there_in_spanish() -> None:
    known = {entry.msgid for entry in catalogue(LOCALE / "django.po") if entry.translated() and not entry.fuzzy}
    asked = {*in_python(), *in_templates()} - {""}

    assert len(asked) > 1_000
    assert asked - known == set()


def test_placeholders_and_tags_are_the_same() -> None:
    assert [entry.msgid for entry in catalogue(LOCALE / "django.po") if not is_alike(entry)] == []


def is_alike(entry: polib.POEntry) -> bool:
    """Say whether every text of an entry has the placeholders and tags of its English."""
    given = {*PLACEHOLDER.findall(entry.msgid), *PLACEHOLDER.findall(entry.msgid_plural)}
    tags = sorted(TAG.findall(entry.msgid))
    texts = [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values()
    return all(set(PLACEHOLDER.findall(text)) <= given and sorted(TAG.findall(text)) == tags for text in texts)


def test_what_is_read_is_what_was_written() -> None:
    written = {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in catalogue(LOCALE / "django.po")}
    made = {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in polib.mofile(str(LOCALE / "django.mo"))}

    assert made == written, "run make catalogues"


def test_no_catalogue_holds_what_no_page_says() -> None:
    asked = {*in_python(), *in_templates()}

    assert {entry.msgid for entry in catalogue(LOCALE / "django.po")} - asked == set()


@pytest.mark.django_db
def test_a_reader_of_spanish_reads_spanish() -> None:
    page = Client(headers={"accept-language": "es-MX,es;q=0.9"}).get("/help-now/").content.decode()

    assert '<html lang="es"' in page
    assert "Ayuda ahora" in page


@pytest.mark.django_db
def test_a_language_is_chosen_and_kept_for_the_visit() -> None:
    client = Client()

    answer = client.post("/language/", {"language": "es"})

    assert (answer.status_code, client.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"]) == (302, "")
    assert '<html lang="es"' in client.get("/").content.decode()


@pytest.mark.django_db
def test_another_language_is_offered_again() -> None:
    answer = Client().post("/language/", {"language": "xx"})

    assert answer.status_code == 422
    assert "Español" in answer.content.decode()
