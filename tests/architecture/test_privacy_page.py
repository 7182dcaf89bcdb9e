"""docs/privacy.md says what the running site and its code do, no more and no less; what is planted is found."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from accounts import cookies
from accounts.models import User
from community import jobs
from tests.architecture.source import ROOT, files, tree
from tests.architecture.test_models import columns
from tests.architecture.watched import Seen, Watched, differing, noting, walk

PAGE = (ROOT / "docs" / "privacy.md").read_text()
MAILERS = {"EmailMessage", "EmailMultiAlternatives", "send_mail", "send_mass_mail", "mail_admins", "mail_managers"}
POST_OFFICE = "accounts/mailing.py"  # where every mail is made, for those that the page lists
# What a browser or a proxy says, wherever our code names it: some is read before Django, or all of it at once.
OF_BROWSERS = re.compile(
    r"authorization|cookie|dnt|forwarded|origin|referer|via|user-agent|save-data"
    r"|(accept|if|sec|hx)-[a-z-]+|x-(forwarded|real|client|preview|requested|csrf)[a-z-]*"
)


# What an account keeps of somebody's own choice or typing, in the words in which the site's page says it.
TOLD = {
    "handle": "a sign-in name that was drawn for you",
    "password": "your password",
    "reading_choices": "whether partners’ stories are left out for you",
    "theme": "If you choose light or dark",
    "language": "or a language, your account keeps that",
}
UNTOLD = {"id", "role", "is_active", "codes_confirmed", "owner_secret"}  # nobody chose these, and none says who it is


def table(heading: str, number: int = 0, *, column: int = 0) -> set[str]:
    """Return the names that one column of a table under a heading holds."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.split(r"^\|---.*\n", part, flags=re.MULTILINE)[number + 1].split("\n\n")[0].splitlines()
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split(" | ")[column])}


def headers_in(source: ast.AST) -> set[str]:
    """Return the names of a browser's headers that stand in a piece of source as words of their own."""
    written = [node.value for node in ast.walk(source) if isinstance(node, ast.Constant)]
    words = [
        one.decode("latin-1") if isinstance(one, bytes) else one for one in written if isinstance(one, str | bytes)
    ]
    said = {word.lower().removeprefix("http_").replace("_", "-") for word in words}
    return {word for word in said if OF_BROWSERS.fullmatch(word)}


def mails_in(source: ast.AST) -> bool:
    """Say whether a piece of source makes a mail, or has one made."""
    imported = {
        (node.module or "", name.name)
        for node in ast.walk(source)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    called = {
        getattr(node.func, "id", getattr(node.func, "attr", ""))
        for node in ast.walk(source)
        if isinstance(node, ast.Call)
    }
    return bool(called & MAILERS) or (("accounts.mailing", "note") in imported and "note" in called)


def sources() -> Iterator[tuple[str, ast.Module]]:
    for _app, file in files():
        yield str(file.relative_to(ROOT)), tree(file)


def jobs_of(app: App) -> set[str]:
    """Return every job of an app but the library's own, which nobody calls."""
    return {task.name for task in app.tasks.values() if "procrastinate.builtin_tasks" not in task.name}


@pytest.fixture
def seen(db: None, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What was noted on a walk through the running site."""
    found = Seen()
    with noting(found, monkeypatch):
        walk(found)
    return found


def headers(place: int) -> set[str]:
    """Return the headers that the page lists as read (0) or as sent (1)."""
    return {name.lower() for name in table("Headers", place)}


def test_the_page_for_readers_says_what_an_account_keeps(client: Client, db: None) -> None:
    said = html.unescape(client.get("/privacy/").content.decode())
    assert {field.name for field in User._meta.concrete_fields} - UNTOLD == set(TOLD)
    every = [*TOLD.values(), "a second step or a passkey", "within a day or so"]
    assert [words for words in every if words not in said] == []


def test_the_page_lists_the_cookies_of_the_running_site(seen: Seen) -> None:
    listed = {f"{settings.COOKIE_PREFIX}{name}" for name in table("Cookies")}
    assert seen.cookies == listed
    assert set(cookies.OURS) == listed, "whoever goes takes each of them away"


def test_the_page_lists_the_headers_that_are_read_and_that_differ(seen: Seen) -> None:
    named = {name for _path, source in sources() for name in headers_in(source)}
    assert seen.read | named == headers(0)
    assert {name.lower() for name in differing(seen)} == headers(1)


def test_what_a_page_reads_and_sets_besides_is_noted(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(request.META.get("HTTP_PLANTED_ONE", "") + request.headers.get("Planted-Two", ""))
        answer.set_cookie("planted", "1")
        return answer

    urls: Any = ModuleType("urls")
    urls.urlpatterns = [path("planted/", login_not_required(planted))]
    settings.ROOT_URLCONF, found = urls, Seen()
    with noting(found, monkeypatch):
        Watched(found, "visitor").get("/planted/")
    assert found.read > {"planted-one", "planted-two"}
    assert found.cookies == {"planted"}
    found.sent["member"] = {"GET /planted/": {"Planted": "1"}}
    assert "Planted" in differing(found)


def test_the_page_lists_every_job() -> None:
    assert jobs_of(jobs.app) == table("Jobs")


def test_a_job_that_is_planted_is_found() -> None:
    other = App(connector=InMemoryConnector())
    other.periodic(cron="* * * * *")(other.task(name="planted")(print))
    other.task(name="asked for")(print)
    assert jobs_of(other) == {"planted", "asked for"}


def test_the_page_lists_every_mail() -> None:
    made = {path for path, source in sources() if mails_in(source)}
    assert made - {POST_OFFICE} == table("Mails", column=1)


@pytest.mark.parametrize(
    "code",
    ["send_mail('a', 'b', 'c', ['d'])", "mail.EmailMessage('a')", "from accounts.mailing import note\nnote('a')"],
)
def test_a_mail_that_is_made_elsewhere_is_found(code: str) -> None:
    assert mails_in(ast.parse(code))
    assert not mails_in(ast.parse("from moderation.actions import note\nnote('a')"))


@pytest.mark.parametrize("code", ["request.META['HTTP_SEC_CH_UA']", "name == b'dnt'", "said.get('x-real-ip')"])
def test_a_header_that_is_read_elsewhere_is_found(code: str) -> None:
    assert headers_in(ast.parse(code)) - headers(0)


@pytest.mark.django_db
def test_the_page_lists_every_table_of_the_libraries() -> None:
    ours = {name.split(".")[0] for name in columns()}
    assert set(connection.introspection.table_names()) - ours == table("Tables of the libraries")
