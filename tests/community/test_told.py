"""What every stream keeps of people: nothing. Canaries in all that can be sent, then a look through every log."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import connection
from django.urls import reverse

from accounts.actions import issue_codes
from accounts.codes import bare_code, new_code
from accounts.models import Session
from community.place import ADMIN, place
from moderation.models import Report
from stories.lifecycle import State
from stories.models import Publication, Revision
from tests import make
from tests.chromium import ROOT, answers, free_port, serve, stop, web_environment
from tests.stories.page import forms
from tests.stories.writing import TYPED

FORM = "application/x-www-form-urlencoded"
ADDRESS = "198.51.100.77"
SAID = ("path", "query", "agent", "referer", "cookie", "handle", "password", "text", "search", "code", "violation",
        "failure", "upload", "argument", "report", ADDRESS)  # fmt: skip
TABLES = ("accounts_limit", "procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers")


CODE = new_code()


def word(name: str) -> str:
    return {ADDRESS: ADDRESS, "code": CODE}.get(name, f"kanari{name}end")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker: Any, logs: Path) -> Iterator[int]:
    """A site that says all that it can say, into a file."""
    port = free_port()
    with (logs / "site").open("wb") as out, django_db_blocker.unblock():
        process = serve(port, application="tests.community.broken_site:application", output=out, LOG_LEVEL="DEBUG",
                        BEHIND_PROXY="1")  # fmt: skip
        try:
            answers(f"http://127.0.0.1:{port}/healthz")
            yield port
        finally:
            stop(process)


class Sender:
    """Somebody whose browser says too much of itself with every request."""

    def __init__(self, port: int, **cookies: str) -> None:
        self.port, self.cookies = port, SimpleCookie(cookies | {"reading": word("cookie")})

    def send(self, method: str, where: str, body: str | bytes | None = None, kind: str = FORM) -> Page:
        """Send one request; keep the cookies that come back."""
        cookies = "; ".join(f"{one.key}={one.coded_value}" for one in self.cookies.values())
        headers = {"User-Agent": word("agent"), "Referer": f"http://x/{word('referer')}", "X-Forwarded-For": ADDRESS,
                   "Cookie": cookies, "Content-Type": kind}  # fmt: skip
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as line:
            line.request(method, f"{where}{'&' if '?' in where else '?'}a={word('query')}", body, headers)
            answer = line.getresponse()
            content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return Page(answer.status, content, answer.headers.get("Location", ""))

    def open(self, where: str) -> Page:
        """Fetch a page, wherever it leads."""
        page = self.send("GET", where)
        while page.status_code in {301, 302, 303}:
            page = self.send("GET", page.leads_to.split("#")[0])
        assert page.status_code == 200, where
        return page

    def fill(self, page: Page, where: str, **typed: Any) -> Page:
        """Send the form of a page that has the first of these fields, as a browser does."""
        found = next(one for one in forms(page) if next(iter(typed)) in one.fields)
        return self.send("POST", found.action or where, urlencode(found.fields | typed, doseq=True))

    def type_in(self, name: str, *args: Any, **typed: Any) -> int:
        """Open an address, fill its form in, and return what came of it."""
        where = reverse(name, args=args)
        return self.fill(self.open(where), where, **typed).status_code


@dataclass
class Page:
    """What came back."""

    status_code: int
    content: bytes
    leads_to: str


# What is to come of it: where this is not so, a canary did not reach what it was meant for.
EVERYBODY = {"read": 200, "not found": 404, "odd": 400, "bad token": 403, "search": 303, "found": 200, "method": 403,
             "charset": 400, "upload": 422, "too many": 400, "violation": 500, "failure": 500, "write": 303,
             "send": 303, "report": 303, "receipt": 422}  # fmt: skip
VISITOR = EVERYBODY | {"sign in": 422, "recover": 422, "recovered": 302}
MEMBER = EVERYBODY | {"change password": 422, "wrong step": 422}


def say_everything(sender: Sender, story: Publication) -> dict[str, int]:
    """Send canaries in every kind of request, well and badly; return what came of each."""
    text = urlencode({"text": word("text"), "title": word("text")})
    upload = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{word("upload")}"\r\n\r\nx\r\n--b--\r\n'
    search, stories, login = reverse("search"), reverse("stories:list"), reverse("account_login")
    sent = {
        "read": sender.send("GET", reverse("stories:detail", args=[story.pk])),
        "not found": sender.send("GET", f"/{word('path')}/"),
        "odd": sender.send("GET", f"{stories}?after={word('path')}%00"),
        "bad token": sender.send("POST", login, urlencode({"login": word("handle")})),
        "search": sender.send("POST", search, urlencode({"q": word("search")})),
        "method": sender.send("PUT", stories, text),
        "charset": sender.send("POST", search, text, f"{FORM}; charset={word('text')}"),
        "upload": sender.send("POST", search, upload, "multipart/form-data; boundary=b"),
        "too many": sender.send("POST", search, f"{word('text')}=1&" * 1000),
        "violation": sender.send("POST", "/broken/violates/", urlencode({"text": word("violation")})),
        "failure": sender.send("POST", "/broken/raises/", urlencode({"text": word("failure")})),
    }
    sent["found"] = sender.send("GET", sent["search"].leads_to)
    came = {name: page.status_code for name, page in sent.items()}
    code = {"code": word("code")}
    return came | write(sender) | report(sender, story) | {"receipt": sender.type_in("stories:receipt", **code)}


def write(sender: Sender) -> dict[str, int]:
    """Write a story and send it, so that it really waits to be read."""
    begun = re.search(rb'href="(/stories/new/[0-9a-f-]{36}/\?f=r1)"', sender.open("/stories/new/?new=1").content)
    assert begun is not None
    page = sender.open(begun[1].decode())
    time.sleep(settings.VISITOR_LEAST_SECONDS + 0.2)
    written = sender.fill(page, "", **(TYPED | {"text": f"{word('text')} {make.TEXT}", "title": word("text")}))
    looked = sender.open(written.leads_to)
    sending = next(one for one in forms(looked) if not one.action.endswith("/fix/"))
    where = sending.action or written.leads_to
    sent = sender.send("POST", where, urlencode(sending.fields, doseq=True))
    return {"write": written.status_code, "send": sent.status_code}


def report(sender: Sender, story: Publication) -> dict[str, int]:
    """Report a text, so that what was written about it is really kept."""
    where = reverse("moderation:report", args=[story.pk])
    page = sender.open(where)
    time.sleep(settings.VISITOR_LEAST_SECONDS + 0.2)
    return {"report": sender.fill(page, where, text=word("report"), rules=["kind"]).status_code}


def work_badly(logs: Path) -> None:
    """Let a worker run, with a job that fails with a canary in its arguments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('default', 'count_people', jsonb_build_object(%s::text, 1))",
            [word("argument")],
        )
    with (logs / "worker").open("wb") as out:
        worker = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT, stdout=out, stderr=out,
                                  env=web_environment() | {"LOG_LEVEL": "DEBUG"}, start_new_session=True)  # fmt: skip
        try:
            for _ in range(150):
                time.sleep(0.2)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE '%%kanari%%'")
                    if cursor.fetchone() == (0,):
                        break
        finally:
            stop(worker)


def kept(logs: Path) -> dict[str, str]:
    """Return all that every stream and every table of the machinery holds."""
    streams = {path.name: path.read_text(errors="replace") for path in logs.iterdir()}
    with connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {name} AS t")
            streams[name] = cursor.fetchone()[0] or ""
    if settings.EMBEDDED:
        streams["postgres"] = (place(settings.DATA_DIR).data_dir / "postgres.log").read_text(errors="replace")
    return streams


def leaks(logs: Path, words: tuple[str, ...] = SAID) -> dict[str, list[str]]:
    """Return by stream which canaries it holds."""
    found = {stream: [name for name in words if word(name) in told] for stream, told in kept(logs).items()}
    return {stream: names for stream, names in found.items() if names}


def test_no_stream_keeps_a_word_of_anybody(transactional_db: None, key_known: None, port: int, logs: Path) -> None:
    story, user, other = make.published(), make.member(), make.member()
    client, secret, (code, *_codes) = make.client_of(user), generate_totp_secret(), issue_codes(other)
    TOTP.activate(user, secret)
    cookies = make.visit_cookies(client)
    member, visitor = Sender(port, **cookies), Sender(port)
    password = {"password": word("password")}
    came = say_everything(member, story) | {
        "change password": member.type_in("account_change_password", old=word("password"), password=word("password")),
        "wrong step": member.type_in("mfa_reauthenticate", code="kanari"),
    }
    assert came == MEMBER
    came = say_everything(visitor, story) | {
        "sign in": visitor.type_in("account_login", login=word("handle"), **password),
        "recover": visitor.type_in("accounts:recover", code=word("code"), **password),
        "recovered": visitor.type_in("accounts:recover", code=code, **password),
    }
    assert came == VISITOR
    texts = Revision.objects.in_state(State.WAITING).filter(text__contains=word("text")).count()
    assert (texts, Report.objects.filter(text=word("report")).count()) == (2, 2), "they really came in"
    work_badly(logs)
    said = (logs / "site").read_text()
    assert "route=stories:detail" in said, "there is something to look through"
    assert "CheckViolation" in said
    assert "ZeroDivisionError" in said
    assert leaks(logs) == {}
    whole = "".join(kept(logs).values())
    assert [
        one for one in (*cookies.values(), "kanari", code, bare_code(code), bare_code(word("code"))) if one in whole
    ] == []
    assert Session.objects.exists()


def test_a_stream_that_keeps_something_is_seen(transactional_db: None, port: int, logs: Path) -> None:
    Sender(port).send("POST", "/broken/prints/", urlencode({"text": word("control")}))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('none', %s, '{}')",
            [word("control")],
        )
    streams = {"site", "procrastinate_jobs"}
    if settings.EMBEDDED:
        streams.add("postgres")
        with psycopg.connect(place(settings.DATA_DIR).url(ADMIN), autocommit=True) as admin:
            admin.execute("SET log_min_error_statement = error")
            admin.execute("SET log_min_messages = error")
            with pytest.raises(psycopg.errors.InvalidTextRepresentation):
                admin.execute(f"SELECT '{word('control')}'::int")
    time.sleep(0.3)
    assert set(leaks(logs, ("control",))) == streams
