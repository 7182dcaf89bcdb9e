"""Somebody who reports a text, through the client."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from stories.models import Publication
from tests.stories.page import Form, form

WORDS = "It names the clinic in the second paragraph."


def address(publication: Publication) -> str:
    return reverse("moderation:report", args=[publication.pk])


def page(client: Client, publication: Publication) -> Form:
    """Open the form."""
    return form(client.get(address(publication)), "/")


def told(client: Client, publication: Publication, **changes: Any) -> Any:
    """Report a text."""
    return page(client, publication).post(client, **({"rules": ["identify"], "text": WORDS} | changes))


def words(answer: Any) -> str:
    """Return a page as text."""
    text: str = answer.content.decode()
    return text
