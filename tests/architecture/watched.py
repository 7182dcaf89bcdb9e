"""What the running site reads of a browser and sends to it, noted while people walk through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.handlers.wsgi import WSGIRequest
from django.http.request import HttpHeaders
from django.test import Client
from django.urls import reverse

from stories.owners import Owner
from tests import make
from tests.accounts.person import code_now, join
from tests.architecture.crawling import ENDS_THE_VISIT, addresses, odd
from tests.stories.writing import TYPED, open_form

SAID = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Accept-Language": "en",
    "Referer": "https://testserver/",
    "Sec-Fetch-Site": "same-origin",
}


@dataclass
class Seen:
    """Names of headers that were read and of cookies that were set; who got which headers from which address."""

    read: set[str] = field(default_factory=set)
    cookies: set[str] = field(default_factory=set)
    sent: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)


class _Environ(dict[str, Any]):
    """What a server tells of a request; it notes which headers are looked up one by one."""

    seen: Seen

    def _note(self, key: Any) -> None:
        if isinstance(key, str) and key.startswith("HTTP_"):
            self.seen.read.add(key.removeprefix("HTTP_").replace("_", "-").lower())

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)


@contextmanager
def noting(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Note every header that is read, by whichever part of the site or of Django."""
    begun, looked = WSGIRequest.__init__, HttpHeaders.__getitem__

    def begin(self: WSGIRequest, environ: dict[str, Any]) -> None:
        noted = _Environ(environ)
        noted.seen = seen
        begun(self, noted)

    def look(self: HttpHeaders, key: str) -> str:
        seen.read.add(key.replace("_", "-").lower())
        return looked(self, key)

    with monkeypatch.context() as patched:
        patched.setattr(WSGIRequest, "__init__", begin)
        patched.setattr(HttpHeaders, "__getitem__", look)
        yield


class Watched(Client):
    """A browser whose answers are noted."""

    def __init__(self, seen: Seen, who: str, **kwargs: Any) -> None:
        super().__init__(headers=SAID, **kwargs)
        self.seen, self.answers = seen, seen.sent.setdefault(who, {})

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        self.seen.cookies |= {name for name, one in answer.cookies.items() if one["max-age"] != 0}
        headers = dict(answer.headers) | ({"Set-Cookie": answer.cookies.output()} if answer.cookies else {})
        self.answers.setdefault(f"{request['REQUEST_METHOD']} {request['PATH_INFO']}", headers)
        return answer


def walk(seen: Seen) -> None:
    """Join, sign in, choose, write, press, open every address, and go."""
    story, user, secret = make.published(), make.member(), generate_totp_secret()
    TOTP.activate(user, secret)
    visitor, member = Watched(seen, "visitor"), Watched(seen, "member")
    join(Watched(seen, "new"))
    stranger = Watched(seen, "stranger", enforce_csrf_checks=True)
    stranger.get(reverse("account_login"))
    stranger.post(reverse("account_login"), {})
    member.post(reverse("account_login"), {"login": user.handle, "password": make.PASSWORD})
    member.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    own = make.draft(Owner.of_account(user)).contribution_id
    open_form(member).post(member, **TYPED)
    member.post(reverse("stories:react", args=[story.pk]), {"kind": "alone"}, headers={"HX-Request": "true"})
    for one in (visitor, member):
        one.post(reverse("community:language"), {"language": "es"})
        one.post(reverse("community:look"), {"theme": "dark"})
        one.post(reverse("stories:reading"), {"open": ["w3"]})
        for where in [*addresses([story.pk, own], [], []), *odd()]:
            if not where.startswith(ENDS_THE_VISIT):
                one.get(where)
        one.get(reverse("community:leave"))


def differing(seen: Seen) -> set[str]:
    """Return the headers that a member gets otherwise than a visitor at one address, or one of them alone."""
    one, other = seen.sent["visitor"], seen.sent["member"]
    pairs = [(one[where], other[where]) for where in one.keys() & other.keys()]
    return {name for a, b in pairs for name in a.keys() | b.keys() if a.get(name) != b.get(name)}
