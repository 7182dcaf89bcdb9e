"""What must be true of every answer, whoever gets it and however it came about."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from email.message import Message
from http.cookies import SimpleCookie
from typing import Any

import content
from community.headers import NOTHING, PERMISSIONS_POLICY, page_policy

FIXED = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
PASSKEYS = {"publickey-credentials-create", "publickey-credentials-get"}
REFERRER = {"same-origin", "no-referrer"}  # nothing to other sites, either way
NEVER = ("etag", "last-modified", "expires", "x-powered-by", "content-encoding", "access-control-allow-origin")
WORDS = sorted({word for language in ("en", "es") for word in content.load(language).forbidden_in_addresses})
# What a field may say of itself: browsers learn nothing, or what they keep safe and offer at this site only.
LEARNED = re.compile(r'autocomplete="(?:off|new-password|current-password|one-time-code)"')
TYPED = re.compile(r"<(input|textarea)\b([^>]*)>")
NAME = 'autocomplete="username"'  # of a password that is kept; shown, not typed
NOT_TYPED = {"hidden", "checkbox", "radio", "submit", "button", "number"}


def judged(response: Any, where: str) -> list[str]:
    """Return what is wrong with an answer of Django's."""
    body = b"" if response.streaming else response.content
    found = [*faults(response.headers, body), *cookie_faults(response.cookies)]
    if response.headers.get("Location", "").startswith(("//", "http")) and where != "/leave/":
        found.append(f"leads away: {response.headers['Location']}")
    return [f"{where} {response.status_code}: {one}" for one in found]


def faults(headers: Mapping[str, str], body: bytes, *, static: bool = False) -> Iterator[str]:
    """Yield what is wrong with an answer."""
    said = {name.lower(): value for name, value in headers.items()}
    yield from (f"{name}: {said.get(name)}" for name, value in FIXED.items() if said.get(name) != value)
    if _parts(said.get("content-security-policy", "")) not in (_parts(page_policy()), _parts(NOTHING)):
        yield f"policy: {said.get('content-security-policy')}"
    if said.get("referrer-policy") not in REFERRER:
        yield f"referrer: {said.get('referrer-policy')}"
    powers = dict(part.strip().partition("=")[::2] for part in said.get("permissions-policy", "=").split(","))
    whose = dict.fromkeys(PERMISSIONS_POLICY, "everybody's") | powers
    yield from (f"{name} is {to}" for name, to in whose.items() if name and to not in _allowed(name))
    if not static:
        # A feed says of itself whether it is new: the same to everybody, and readers ask often.
        is_feed = "atom" in said.get("content-type", "")
        yield from (f"{name}: {said[name]}" for name in NEVER if name in said and not (is_feed and name == "etag"))
        if said.get("cache-control") != "no-store":
            yield f"cache: {said.get('cache-control')}"
    kind = said.get("content-type", "")
    if body and not static and not _says_how_it_is_written(kind, body):
        yield f"type: {kind}"
    yield from _named(said)
    if kind.startswith("text/html") and b"<html" in body[:200]:
        yield from _page(body.decode())


def cookie_faults(cookies: SimpleCookie) -> Iterator[str]:
    """Yield what is wrong with the cookies of an answer."""
    for name, one in cookies.items():
        if one["max-age"] == 0:
            continue  # taken away
        if not one["httponly"] or one["samesite"] not in {"Lax", "Strict"} or one["path"] != "/" or one["domain"]:
            yield f"cookie: {one.OutputString()}"
        if one["max-age"] or one["expires"]:
            yield f"a cookie that stays: {name}"
        yield from (f"a cookie with a word: {name}" for word in WORDS if word in name.casefold())


def _allowed(name: str) -> set[str]:
    """Return what a page may be told about a power of the browser: nobody has it, or for a passkey, the site itself."""
    return {"()", "(self)"} if name in PASSKEYS else {"()"}


def _parts(policy: str) -> list[str]:
    """Return the parts of a policy, whose order means nothing."""
    return sorted(policy.split("; "))


def _says_how_it_is_written(kind: str, body: bytes) -> bool:
    """Say whether readers need not guess an encoding; XML tells it itself, and JSON has but one (RFC 8259)."""
    if "xml" in kind:
        return b'encoding="' in body[:60]
    return kind == "application/json" or "charset=utf-8" in kind


def _named(said: Mapping[str, str]) -> Iterator[str]:
    """Yield the name of a file that would tell in a folder of downloads what the site is about."""
    told = Message()
    told["Content-Disposition"] = said.get("content-disposition", "")
    name = told.get_filename() or ""
    yield from (f"a file named {name}" for word in WORDS if word in name.casefold())


def _page(body: str) -> Iterator[str]:
    """Yield what a page lacks that must be on each: the way out, a plain title, fields that no browser learns."""
    if "data-leave " not in body or "js/leave" not in body:
        yield "no way out"
    found = re.search(r"<title>(.*?)</title>", body, re.DOTALL)
    title = html.unescape(found[1]).casefold() if found else ""
    if not title:
        yield f"no title: {body[:80]}"
    yield from (f"a title with a word: {title}" for word in WORDS if word in title)
    for form in re.findall(r"<form\b.*?</form>", body, re.DOTALL):
        is_off = 'autocomplete="off"' in form.split(">", 1)[0]
        for kind, attributes in TYPED.findall(form):
            given = re.search(r'type="(\w+)"', attributes)
            if kind == "input" and given and given[1] in NOT_TYPED:
                continue
            if "autocomplete=" in attributes:
                is_safe = LEARNED.search(attributes) or ("readonly" in attributes and NAME in attributes)
            else:
                is_safe = is_off or "readonly" in attributes
            if not is_safe:
                yield f"a field that a browser may learn: {attributes[:80]}"
