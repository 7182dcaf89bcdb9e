"""What every stream keeps of people: nothing. Canaries in all that can be sent, then a look through every log."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Session
from community.place import ADMIN, place
from tests import make
from tests.chromium import ROOT, answers, free_port, serve, stop, web_environment

FORM = "application/x-www-form-urlencoded"
ADDRESS = "198.51.100.77"
SAID = ("path", "query", "agent", "referer", "cookie", "handle", "password", "text", "search", "code", "violation",
        "failure", "upload", "argument", ADDRESS)  # fmt: skip
TABLES = ("accounts_limit", "procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers")


def word(name: str) -> str:
    return name if name == ADDRESS else f"kanari{name}end"


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

    def __init__(self, port: int, visit: str) -> None:
        self.port = port
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={visit}; reading={word('cookie')}"

    def send(self, method: str, where: str, body: str | bytes | None = None, kind: str = FORM) -> tuple[int, str]:
        headers = {"User-Agent": word("agent"), "Referer": f"http://x/{word('referer')}", "X-Forwarded-For": ADDRESS,
                   "Cookie": self.cookies, "Content-Type": kind}  # fmt: skip
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as line:
            line.request(method, f"{where}{'&' if '?' in where else '?'}a={word('query')}", body, headers)
            answer = line.getresponse()
            page = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            if cookie.startswith(f"{settings.CSRF_COOKIE_NAME}="):
                self.cookies = self.cookies.split("; form=")[0] + "; " + cookie.split(";")[0]
        return answer.status, page

    def fill(self, where: str, **typed: str) -> int:
        """Open a form and send it with its token."""
        _status, page = self.send("GET", where)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        token_typed = {"csrfmiddlewaretoken": token[1]} if token else {}
        return self.send("POST", where, urlencode(typed | token_typed))[0]


def say_everything(sender: Sender, story: str) -> dict[str, int]:
    """Send canaries in every kind of request, well and badly; return what came of each."""
    text = urlencode({"text": word("text"), "title": word("text")})
    upload = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{word("upload")}"\r\n\r\nx\r\n--b--\r\n'
    return {
        "read": sender.send("GET", f"/stories/{story}/")[0],
        "not found": sender.send("GET", f"/{word('path')}/")[0],
        "odd": sender.send("GET", f"/stories/?after={word('path')}%00")[0],
        "sign in": sender.fill("/accounts/login/", login=word("handle"), password=word("password")),
        "bad token": sender.send("POST", "/accounts/login/", urlencode({"login": word("handle")}))[0],
        "recover": sender.fill("/accounts/recover/", code=word("code"), password=word("password")),
        "receipt": sender.fill("/stories/receipt/", code=word("code")),
        "search": sender.send("POST", "/search/", urlencode({"q": word("search")}))[0],
        "write": sender.send("POST", f"/stories/new/{story}/story/", text)[0],
        "report": sender.send("POST", f"/stories/{story}/report/", text)[0],
        "method": sender.send("PUT", "/stories/", text)[0],
        "charset": sender.send("POST", "/search/", text, f"{FORM}; charset={word('text')}")[0],
        "upload": sender.send("POST", "/search/", upload, "multipart/form-data; boundary=b")[0],
        "too many": sender.send("POST", "/search/", f"{word('text')}=1&" * 1000)[0],
        "violation": sender.send("POST", "/broken/violates/", urlencode({"text": word("violation")}))[0],
        "failure": sender.send("POST", "/broken/raises/", urlencode({"text": word("failure")}))[0],
    }


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
    story = make.published()
    client = make.client_of(make.member())
    visit = client.cookies[settings.SESSION_COOKIE_NAME].value
    came = say_everything(Sender(port, visit), str(story.pk))
    came |= {f"visitor {name}": status for name, status in say_everything(Sender(port, ""), str(story.pk)).items()}
    work_badly(logs)
    assert {came["failure"], came["violation"]} == {500}
    assert (came["read"], came["visitor sign in"], came["bad token"], came["not found"]) == (200, 422, 403, 404)
    said = (logs / "site").read_text()
    assert "route=stories:detail" in said, "there is something to look through"
    assert "CheckViolation" in said
    assert "ZeroDivisionError" in said
    assert leaks(logs) == {}
    assert visit not in "".join(kept(logs).values())
    assert Session.objects.exists()


def test_a_stream_that_keeps_something_is_seen(transactional_db: None, port: int, logs: Path) -> None:
    Sender(port, "").send("POST", "/broken/prints/", urlencode({"text": word("control")}))
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
