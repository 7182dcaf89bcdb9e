"""A visitor without a cookie gets what every other visitor gets, byte for byte, from the real server."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest

from tests import make
from tests.advice import written

READING = [
    ("/", 200),
    ("/stories/", 200),
    ("/stories/?f=r1", 200),
    ("/stories/?f=r1.s4.-w1", 200),
    ("/stories/?f=nobody", 404),
    ("/stories/00000000-0000-4000-8000-000000000000/", 404),
    ("/partners/", 200),
    ("story", 200),
    ("warned", 200),
    ("/organisations/", 200),
    ("/organisations/?country=GB&kind=general", 200),
    ("/care-team/", 200),
    ("/care-team/?k=k01&k=k03", 200),
    ("/care-team/card/?t=a1&t=s2", 200),
    ("/advice/", 200),
    ("/advice/first-step/", 200),
    ("/advice/first-step/en/", 200),
    ("/advice/first-step/es/", 200),
    ("/advice/nothing/", 404),
    ("/advice/feed.atom", 200),
    ("/advice/words/", 200),
    ("/help-now/", 200),
    ("/help-now/?country=GB", 200),
    ("/rules/", 200),
    ("/transparency/", 200),
    ("/transparency.csv", 200),
    ("/privacy/", 200),
    ("/privacy/reading/", 200),
    ("/about/", 200),
    ("/search/", 200),
    ("/accessibility/", 200),
    ("/accounts/reminder/off/none/", 404),
    ("/robots.txt", 200),
    ("/nothing/", 404),
]


def fetched(address: str) -> tuple[int, bytes, dict[str, str]]:
    """Fetch an address without cookies; return status, body and headers less the server's clock."""
    try:
        answer = urllib.request.urlopen(address, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() != "date"}
        return int(answer.status), answer.read(), headers


@pytest.mark.parametrize(("address", "status"), READING, ids=[address for address, _ in READING])
def test_visitor_gets_the_same_bytes_twice(site: Any, address: str, status: int) -> None:
    texts = {"story": make.published(), "warned": make.published(warnings=["w2"])}
    if address.startswith("/advice/first-step/"):
        make.published(treatments=[{"code": "t05"}], consents=["publish", "rules", "index"])
        written.signed(written.live(treatments=("t05",)))
        written.live(language="es", title="Un primer paso")
    if address in texts:
        address = f"/stories/{texts[address].pk}/"
    first, second = fetched(f"{site}{address}"), fetched(f"{site}{address}")
    assert first == second
    assert first[0] == status
    assert "set-cookie" not in first[2]
    assert first[2]["cache-control"] == "no-store"
