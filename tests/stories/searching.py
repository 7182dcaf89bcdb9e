"""Searching as a person would: words are typed and sent, and the browser follows."""

from __future__ import annotations

from django.test import Client

BOX = "/search/"


def search(client: Client, typed: str) -> str:
    """Type words, send them, and return the page that comes."""
    answer = client.post(BOX, {"q": typed})
    assert answer.status_code == 303, answer.content.decode()
    return client.get(answer.headers["Location"]).content.decode()
