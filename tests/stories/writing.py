"""What a person does on the pages of writing, in their order."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from tests import make
from tests.stories.page import Form, form, forms

STEPS = ["about", "story", "tried", "sharing"]
# All steps at once, as a page that gives a story back holds them.
TYPED: dict[str, Any] = {
    "part": STEPS,
    "asked": "self",
    "title": "A slow way round",
    "text": make.TEXT,
    "role": ["self"],
    "warnings": ["w3"],
    "audience": "everyone",
    "replies": "on",
    "consents": ["publish", "rules"],
}
# Each step as its own page holds it.
BY_STEP: dict[str, dict[str, Any]] = {
    "about": {"role": "self"},
    "story": {"title": TYPED["title"], "text": TYPED["text"]},
    "tried": {},
    "sharing": {"warnings": ["w3"], "consents": ["publish", "rules"]},
}


def begin(client: Client, facet: str = "r1") -> Any:
    """Say who writes, and return the first page."""
    page = client.get("/stories/new/?new=1")
    address = re.search(rf'href="(/stories/new/[0-9a-f-]{{36}}/\?f={facet})"', page.content.decode())
    assert address is not None
    return client.get(address[1], follow=True)


def open_form(client: Client) -> Form:
    """Open the first page and return its form."""
    return form(begin(client), "/")


def at_step(client: Client, pk: Any, step: str) -> Form:
    """Return the form of one step of a text."""
    return form(client.get(f"/stories/new/{pk}/{step}/"), "/")


def go_on(client: Client, page: Any, **typed: Any) -> Any:
    """Fill in the step that is open, press the button, and return the page that follows."""
    answer = form(page, "/").post(client, **typed)
    assert answer.status_code == 303, answer.content.decode()
    return client.get(answer.url)


def walk(client: Client, **by_step: dict[str, Any]) -> Any:
    """Go through the steps one by one, and return the page on which it is all looked at once more."""
    page = begin(client)
    for step in STEPS:
        typed = BY_STEP[step] | by_step.get(step, {})
        page = go_on(client, page, **typed)
    return page


def look(client: Client, **changes: Any) -> Any:
    """Write all of it, press the button, and return the page on which it is looked at."""
    answer = open_form(client).post(client, **(TYPED | changes))
    assert answer.status_code == 303, answer.content.decode()
    return client.get(answer.url)


def to_send(page: Any) -> Form:
    """Return the form that sends what is looked at."""
    return next(one for one in forms(page) if not one.action.endswith("/fix/"))


def send(client: Client, **changes: Any) -> Any:
    """Write and send, and return the page that says where the text stands."""
    answer = to_send(look(client, **changes)).post(client)
    assert answer.status_code == 303, answer.content.decode()
    return client.get(answer.url)
