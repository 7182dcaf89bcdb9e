"""No page of anybody asks any host but ours for anything, with scripts and without."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import make
from tests.architecture.test_access import ENDS, address, people, table

__all__ = ["people"]

# Where each stands in the table; a page that two of the others may open is opened by one of them.
COLUMN = {"visitor": 0, "receipt": 1, "member": 2, "moderator": 4, "editor": 6, "clinician": 7, "lead": 8}
DOWNLOADED = {"moderation:numbers"}  # a file, which asks nobody
OPEN_EVERYTHING = ("visitor", "member", "lead")
NOWHERE = "/no/such/page/"


class Browser:
    """Somebody's browser on the site, whom its pages asked, and what did not open as it should."""

    def __init__(self, context: Any, site: str, client: Client) -> None:
        self.asked: dict[str, str] = {}
        self.wrong: list[str] = []
        context.on("request", self.note)
        context.add_cookies([{"name": name, "value": one.value, "url": site} for name, one in client.cookies.items()])
        self.page, self.site = context.new_page(), site

    def note(self, request: Any) -> None:
        """Keep the host of a request, with the page that made it."""
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "about", "blob"}:
            self.asked.setdefault(parts.netloc, request.url)

    def open(self, where: str) -> None:
        """Open a page, and look whether it is that page."""
        status = self.page.goto(where, wait_until="load").status
        if status != (404 if where == NOWHERE else 200) or self.page.url != f"{self.site}{where}":
            self.wrong.append(f"{where}: {status} at {self.page.url}")


def addresses(objects: dict[str, Any], who: str) -> list[str]:
    """Return every page that somebody may open, and one that is not there."""
    found = [
        address(name, objects[thing] if thing else None)
        for (name, thing), codes in table().items()
        if name not in ENDS | DOWNLOADED and codes[COLUMN[who]][0] == 200
    ]
    return [*dict.fromkeys(found), NOWHERE]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_every_page_asks_only_this_site(
    chromium: Any, site: Any, people: tuple[dict[str, Client], dict[str, Any]], *, scripts: bool
) -> None:
    clients, objects = people
    seen: set[str] = set()
    asked: dict[str, str] = {}
    wrong: list[str] = []
    for who in COLUMN:
        context = chromium.new_context(base_url=site.url, java_script_enabled=scripts)
        browser = Browser(context, site.url, clients[who])
        for where in addresses(objects, who):
            if where in seen and who not in OPEN_EVERYTHING:
                continue
            seen.add(where)
            browser.open(where)
        asked |= browser.asked
        wrong += [f"{who} {one}" for one in browser.wrong]
        context.close()
    assert not wrong, "\n".join(["", *wrong])
    assert len(seen) > 70
    assert set(asked) == {urlsplit(site.url).netloc}, asked


def test_a_page_behind_a_sign_in_that_asks_elsewhere_is_seen(chromium: Any, site: Any, neutral: str) -> None:
    somebody = make.member()
    context = chromium.new_context(base_url=site.url, bypass_csp=True)

    def plant(route: Any) -> None:
        """Add an image from elsewhere to the page of whoever is signed in."""
        answer = route.fetch(max_redirects=0)
        image = f'{somebody.handle}<img src="{neutral}pixel" alt="">'
        route.fulfill(response=answer, body=answer.text().replace(somebody.handle, image))

    context.route("**/accounts/", plant)
    browser = Browser(context, site.url, make.client_of(somebody))
    browser.open(reverse("accounts:home"))
    context.close()
    assert not browser.wrong
    assert urlsplit(neutral).netloc in browser.asked


def test_a_visit_that_ended_is_seen(chromium: Any, site: Any) -> None:
    client = make.client_of(make.member())
    del client.cookies[settings.IDLE_COOKIE_NAME]
    context = chromium.new_context(base_url=site.url)
    browser = Browser(context, site.url, client)
    browser.open(reverse("accounts:home"))
    context.close()
    assert browser.wrong


FRAMED = """async (address) => {
  const frame = document.createElement('iframe');
  const loaded = new Promise((done) => { frame.addEventListener('load', done, {once: true}); });
  frame.src = address;
  document.body.append(frame);
  await loaded;
}"""


def test_no_other_site_can_show_a_page_of_ours(chromium: Any, site: Any, neutral: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(neutral)
    for where in (neutral, f"{site.url}/rules/", f"{site.url}/leave/", f"{site.url}/healthz"):
        page.evaluate(FRAMED, where)
    texts = [frame.locator("body").inner_text() for frame in page.frames[1:]]
    context.close()
    assert "Weather" in texts[0], "a page that may be framed is seen"
    assert not [text for text in texts[1:] if "House rules" in text or "ok" in text.split()]
