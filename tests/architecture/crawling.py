"""Open every address of the site, follow what stands there, and say where a canary was seen."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from stories.guide import WRITTEN
from tests.architecture.canaries import TREATMENT, UNSEEN

WORD = re.compile(rb"kanari[a-z]+end|" + b"|".join(map(re.escape, sorted(UNSEEN))))
LINK = re.compile(r"""(?:href|action|src)=["']([^"'#]+)|<loc>([^<]+)""")
HOST = "testserver"
ENDS_THE_VISIT = ("/leave/", "/accounts/logout/", "/static/", "/live/")
FORMS = "/stories/new/"  # they name all that can be chosen
MOST_LINKS = 400
# One page stands for those of all treatments, and one filter for all combinations: they are many and made alike.
ONE_FOR_ALL = re.compile(rf"/treatments/(?!{TREATMENT}/)|/stories/\?f=[^&]*[.]")


def addresses(texts: list[Any], cases: list[Any], others: list[Any]) -> list[str]:
    """Return every address of the site, with every id of its kind, and some of other kinds, for the id."""

    def walk(patterns: Iterable[Any], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            path = prefix + re.sub(r"[\^$]|\\Z", "", str(pattern.pattern))
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, path)
            elif isinstance(pattern, URLPattern):
                yield from _filled(path, [*(cases if path.startswith("moderation/") else texts), *others])

    return [f"/{path}" for path in walk(get_resolver().url_patterns, "")]


def _filled(path: str, ids: list[Any]) -> list[str]:
    """Return an address with all that may stand in each of its places; two places are not multiplied."""
    paths = [path]
    codes = ["kind"] if path.startswith("moderation/") else [TREATMENT]
    words = {"<slug:code>": codes, "<step:step>": WRITTEN, "<str:kind>": ["rule"], "<slug:language>": ["en"]}
    words |= {"<slug:slug>": ["first-step", "none"], "<slug:act>": ["sign"], "<str:token>": ["none"], "<int:pk>": ["1"]}
    for place, values in {r"<uuid:\w+>": ids, **words}.items():
        if re.search(place, path):
            first, *rest = paths
            paths = [re.sub(place, str(one), first) for one in values] + [
                re.sub(place, str(values[0]), one) for one in rest
            ]
    assert not [path for path in paths if "<" in path], "the crawl does not know what may stand there"
    return paths


def crawl(
    client: Client, seeds: Iterable[str], methods: tuple[str, ...] = (), *, within: str = "/", word: Any = WORD
) -> dict[bytes, str]:
    """Open everything that can be reached; return words by place.

    A page of each view, one of each status that it answers with, is asked for with ``methods`` too.
    """
    seen: dict[bytes, str] = {}
    todo, known = deque(dict.fromkeys(seeds)), set(seeds)
    most, tried, status = len(known) + MOST_LINKS, set[Any](), 0
    while todo:
        path = todo.popleft()
        if path.startswith(ENDS_THE_VISIT) or not path.startswith(within):
            continue
        for method in ("get", *methods):
            if method != "get" and not _is_new(path, status, method, tried):
                continue
            response = getattr(client, method)(path)
            status = response.status_code if method == "get" else status
            body = b"".join(response) if response.streaming else response.content
            everything = body + repr(dict(response.headers)).encode() + str(response.cookies).encode()
            for found in word.findall(everything):
                if found not in UNSEEN or not path.startswith(FORMS):
                    seen.setdefault(found, f"{method} {path} {response.status_code}")
            if method == "get" and not response.streaming:
                new = _links(path, body) - known
                known |= new
                todo.extend(sorted(new))
        assert len(known) < most, "the crawl does not end"
    return seen


def _is_new(path: str, status: int, method: str, tried: set[Any]) -> bool:
    """Say whether no page of that view which answered so was asked for in that way."""
    try:
        view = resolve(urlsplit(path).path).view_name
    except Resolver404:
        view = "nowhere"
    before = len(tried)
    tried.add((view, status, method))
    return len(tried) > before


def _links(path: str, body: bytes) -> set[str]:
    """Return the addresses of this site that a page leads to."""
    found = (urlsplit(urljoin(path, unescape(max(pair)))) for pair in LINK.findall(body.decode(errors="replace")))
    links = {one.path + (f"?{one.query}" if one.query else "") for one in found if one.netloc in {"", HOST}}
    return {link for link in links if link.startswith("/") and not ONE_FOR_ALL.match(link)}


def odd() -> list[str]:
    """Return addresses that end in errors, which must not show anything either."""
    return [
        "/stories/?after=nonsense",
        "/stories/?after=AQAAAA",
        "/stories/not-a-uuid/",
        "/no/such/page/",
        "/help-now/?country=zz",
        "/treatments/no-such-code/",
    ]
