"""What a person does on the pages of writing, in their order."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests import make
from tests.stories.page import Form, form

TYPED: dict[str, Any] = {
    "title": "A slow way round",
    "text": make.TEXT,
    "role": ["self"],
    "warnings": ["w3"],
    "consents": ["publish", "rules"],
}


def open_form(client: Client) -> Form:
    """Open an empty form."""
    return form(client.get("/stories/new/?new=1", follow=True), "/")


def look(client: Client, **changes: Any) -> Any:
    """Write, press the button, and return the page on which it is looked at."""
    answer = open_form(client).post(client, **(TYPED | changes))
    assert answer.status_code == 303, answer.content.decode()
    return client.get(answer.url)


def send(client: Client, **changes: Any) -> Any:
    """Write and send, and return the page that says where the text stands."""
    answer = form(look(client, **changes), "/").post(client)
    assert answer.status_code == 303, answer.content.decode()
    return client.get(answer.url)
