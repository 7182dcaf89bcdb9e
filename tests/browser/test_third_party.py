"""No page of anybody asks any host but ours for anything, with scripts and without."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests.architecture.test_access import ENDS, address, people, table

__all__ = ["people"]

# Where each stands in the table; a page that two of the others may open is opened by one of them.
COLUMN = {"visitor": 0, "receipt": 1, "member": 2, "moderator": 4, "editor": 6, "clinician": 7, "lead": 8}
DOWNLOADED = {"moderation:numbers"}  # a file, which asks nobody
OPEN_EVERYTHING = ("visitor", "member", "lead")


class Hosts:
    """Whom the pages of one browser asked."""

    def __init__(self, context: Any) -> None:
        self.asked: dict[str, str] = {}
        context.on("request", self.note)

    def note(self, request: Any) -> None:
        """Keep the host of a request, with the page that made it."""
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "about", "blob"}:
            self.asked.setdefault(parts.netloc, request.url)


def addresses(objects: dict[str, Any], who: str) -> list[str]:
    """Return every page that somebody may open, and one that is not there."""
    found = [
        address(name, objects[thing] if thing else None)
        for (name, thing), codes in table().items()
        if name not in ENDS | DOWNLOADED and codes[COLUMN[who]][0] == 200
    ]
    return [*dict.fromkeys(found), "/no/such/page/"]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_every_page_asks_only_this_site(
    chromium: Any, site: Any, people: tuple[dict[str, Client], dict[str, Any]], *, scripts: bool
) -> None:
    clients, objects = people
    seen: set[str] = set()
    asked: dict[str, str] = {}
    for who in COLUMN:
        context = chromium.new_context(base_url=site.url, java_script_enabled=scripts)
        hosts, page = Hosts(context), context.new_page()
        if settings.SESSION_COOKIE_NAME in clients[who].cookies:
            visit = clients[who].cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": visit, "url": site.url}])
        for where in addresses(objects, who):
            if where in seen and who not in OPEN_EVERYTHING:
                continue
            seen.add(where)
            page.goto(where, wait_until="load")
        asked |= hosts.asked
        context.close()
    assert len(seen) > 70
    assert set(asked) == {urlsplit(site.url).netloc}, asked


def test_a_page_that_asks_elsewhere_is_seen(chromium: Any, site: Any, neutral: str) -> None:
    context = chromium.new_context(base_url=site.url, bypass_csp=True)
    hosts, page = Hosts(context), context.new_page()
    page.goto("/rules/")
    with page.expect_request(f"{neutral}**"):
        page.evaluate(f"new Image().src = '{neutral}pixel'")
    context.close()
    assert urlsplit(neutral).netloc in hosts.asked


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
