"""What a person does to answer a story, page by page."""

from __future__ import annotations

from typing import Any

from django.test import Client

from stories.models import Publication, Revision
from tests import make
from tests.stories.page import Form, form

ANSWER: dict[str, Any] = {
    "text": make.REPLY,
    "role": ["self"],
    "consents": ["publish", "rules"],
}


def somebody(kind: str) -> Client:
    """Return the browser of a visitor or of a member."""
    return make.client_of(make.member() if kind == "member" else None)


def the_reply() -> Revision:
    """Return the one version of the one answer."""
    return Revision.objects.exclude(contribution__parent=None).get()


def open_answer(client: Client, story: Publication) -> Any:
    """Follow the link under a story, and return the page that opens."""
    return client.get(f"/stories/{story.pk}/reply/", follow=True)


def answer_form(client: Client, story: Publication) -> Form:
    return form(open_answer(client, story), "/")


def look(client: Client, story: Publication, **changes: Any) -> Any:
    """Write an answer, and return the page on which it is looked at."""
    posted = answer_form(client, story).post(client, **(ANSWER | changes))
    assert posted.status_code == 303, posted.content.decode()
    return client.get(posted.url)


def send(client: Client, story: Publication, **changes: Any) -> Any:
    """Write an answer and send it, and return the page that says where it stands."""
    page = look(client, story, **changes)
    posted = form(page, page.request["PATH_INFO"]).post(client)
    assert posted.status_code == 303, posted.content.decode()
    return client.get(posted.url)
