"""Pages that are hard to come by in a running site, drawn by their templates and looked at like the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string

from accounts.weekly import mail_to
from community.context import plain
from tests.browser.walk import TOO_WIDE
from tests.chromium import axe

ERRORS = [f"{status}.html" for status in (400, 403, 404, 429, 500, 503)]
NOTE = ["accounts/reminder_preview.html", "accounts/reminder_off.html"]
PAGES = [*ERRORS, *NOTE, "stories/closed.html", "stories/staff.html"]


def answer_with(html: str) -> Callable[[Any], None]:
    """Return what answers a request with a page."""
    return lambda route: route.fulfill(body=html, content_type="text/html")


@pytest.mark.parametrize("dark", [False, True])
def test_rare_pages_are_sound(open_browser: Any, site: Any, dark: bool) -> None:
    page = open_browser(dark=dark, reduced_motion="reduce")
    faults, titles = [], set()
    for template in PAGES:
        mail = mail_to(uuid4(), "quiet.harbour.seventeen@quay.example", "en")
        html = render_to_string(
            template, {**plain(), "user": AnonymousUser(), "number": "abc", "mail": mail, "known": True}
        )
        page.route("**/rare/", answer_with(html))
        page.goto("/rare/")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 760})
            faults += [f"{template} {width}: {fault}" for fault in axe(page)]
            faults += [f"{template} {width}: {wide}" for wide in [page.evaluate(TOO_WIDE)] if wide]
        assert page.locator("h1").count() == 1, template
        assert page.get_by_role("link", name="Leave").count() >= 1, template
        titles.add(page.title())
        page.unroute("**/rare/")
    assert faults == []
    assert len(titles) >= len(PAGES) - 2
