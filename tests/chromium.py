"""The real site in a real browser: granian against the test database, Debian's Chromium, strict watching.

Every page opened through these fixtures fails its test on a console error, a script error, a blocked
resource, or a request to another host.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Site:
    """A running site, where it answers, and the neutral place to which its way out leads."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], neutral: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.port, self.process, self.neutral = port, process, neutral

    def __str__(self) -> str:
        return self.url


def free_port() -> int:
    """Return a port that nobody holds on loopback."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def web_environment() -> dict[str, str]:
    """Return the environment of a web process that uses the test database as the web role."""
    from django.conf import settings
    from django.db import connection

    known = connection.settings_dict
    host = known["HOST"] or known["OPTIONS"].get("host") or ""
    where = f"/{known['NAME']}?host={quote(host, safe='')}" if host.startswith("/") else None
    where = where or f"{host}:{known['PORT'] or 5432}/{known['NAME']}"
    login = f"{settings.WEB_ROLE}:{quote(settings.WEB_PASSWORD or '', safe='')}"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    return environment | {
        "DATABASE_URL": f"postgres://{login}@{where}",
        "DATABASE_AS_OWNER": "0",
        "LOG_LEVEL": "WARNING",
        "VISITOR_POSTS_AN_HOUR": "1000",
    }


def serve(
    port: int,
    *options: str,
    application: str = "community.asgi:application",
    output: Any = None,
    **environment: str,
) -> subprocess.Popen[bytes]:
    """Start the site on a port, as `make run` does, with more of the server's options; what it says goes to a file."""
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += [
        "--workers",
        "1",
        "--workers-kill-timeout",
        "3",
        "--backlog",
        "16384",
        "--backpressure",
        "16384",
    ]
    command += ["--no-ws", "--log-level", "warning", *options, application]
    where = {"cwd": ROOT, "env": web_environment() | environment}
    return subprocess.Popen(command, **where, stdout=output, stderr=output, start_new_session=True)


def answers(url: str, seconds: float = 30) -> None:
    """Wait until a page answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a started site and whatever it started."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(8)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


class NeutralPage(BaseHTTPRequestHandler):
    """Somebody else's page, with nothing on it."""

    def do_GET(self) -> None:
        """Answer every address alike."""
        body = b"<!doctype html><html lang=en><title>Weather</title><link rel=icon href=data:,><h1>Weather</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def neutral() -> Iterator[str]:
    """Serve a neutral page on another port, for whoever leaves; return its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), NeutralPage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def running_site(django_db_setup: None, django_db_blocker: Any, neutral: str) -> Iterator[Site]:
    """Start one site a session of tests."""
    with django_db_blocker.unblock():
        port = free_port()
        process = serve(port, LEAVE_TARGET=neutral)
    try:
        answers(f"http://127.0.0.1:{port}/healthz")
        yield Site(port, process, neutral)
    finally:
        stop(process)


@pytest.fixture
def site(running_site: Site, transactional_db: None, key_known: None) -> Site:
    """The site, on a database that is empty but for its key."""
    return running_site


@pytest.fixture(scope="session")
def chromium(playwright: Any) -> Iterator[Any]:
    """Start Debian's Chromium; say what is missing when it is not there."""
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing. Install it with: apt-get install chromium")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


class Watch:
    """What went wrong on the pages of one test."""

    def __init__(self, host: str) -> None:
        self.hosts = {host}
        self.faults: list[str] = []
        self.expected: set[int | str] = set()

    def context(self, context: Any) -> None:
        """Watch every page of a browser context."""
        context.on("request", self.request)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))

    def request(self, request: Any) -> None:
        """Note a request that leaves the site."""
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc not in self.hosts:
            self.faults.append(f"another host: {request.url}")

    def console(self, message: Any) -> None:
        """Note errors and warnings; a status or a lost connection that the test expects is none."""
        if message.type in {"error", "warning"} and not any(
            (f"status of {one}" if isinstance(one, int) else one) in message.text for one in self.expected
        ):
            self.faults.append(f"console: {message.text}")


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Fail the test on anything that a page did wrong."""
    one = Watch(urlsplit(site.url).netloc)
    yield one
    assert one.faults == []


@pytest.fixture
def open_browser(chromium: Any, site: Site, watch: Watch) -> Iterator[Callable[..., Any]]:
    """Give fresh pages: `open_browser(width=360, dark=True, scripts=False)`."""
    contexts: list[Any] = []

    def opened(*, width: int = 360, dark: bool = False, scripts: bool = True, **more: Any) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 760},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            **{"base_url": site.url, **more},
        )
        context.set_default_timeout(15_000)
        watch.context(context)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


AXE = ROOT / "tests" / "vendor" / "axe.min.js"


def axe(page: Any) -> list[str]:
    """Return every violation that axe finds on a page, one line each."""
    if not page.evaluate("'axe' in window"):
        # Where scripts are off no timer ever rings, and axe has some of no time at all between its rules.
        if not page.evaluate("matchMedia('(scripting)').matches"):
            page.evaluate("() => { window.setTimeout = (step, wait) => { wait || Promise.resolve().then(step); }; }")
        page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
