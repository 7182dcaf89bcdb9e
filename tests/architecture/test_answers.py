"""Every address, everybody: the same headers, the way out, fields that no browser learns; no form from elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from community.headers import PERMISSIONS_POLICY
from tests import make
from tests.accounts.test_passkeys import held
from tests.architecture.access import WHO
from tests.architecture.answers import WORDS, cookie_faults, faults, judged
from tests.architecture.source import ROOT
from tests.architecture.test_access import ENDS, address, opened, people, sent, table

__all__ = ["people"]

RIGHT, WRONG = "r" * 32, "w" * 32  # the first is in the browser's cookie too
EVIL_ORIGIN = "https://evil.example"
TODAY = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "navigate"}
# What a form from elsewhere may look like: its token, and what else the browser says. A right token is what another
# site's page would send if it could learn one.
FORGED: dict[str, tuple[str, dict[str, str]]] = {
    "no token": ("", {}),
    "wrong token": (WRONG, {}),
    "wrong token in a header": ("", {"HTTP_X_CSRFTOKEN": WRONG}),
    "foreign origin": (RIGHT, {"HTTP_ORIGIN": EVIL_ORIGIN, **TODAY}),
    "foreign origin of an old browser": (RIGHT, {"HTTP_ORIGIN": EVIL_ORIGIN}),
    "no origin": (RIGHT, {"HTTP_ORIGIN": "null"}),
}
# A form that changes nothing asks for no token, nor does the button of a mail; from another site each is refused all
# the same.
FORM = "application/x-www-form-urlencoded"
FREE = {"search", "accounts:reminder_off"}
ROLES = ("visitor", "receipt", "member", "moderator", "editor", "clinician", "lead")


def everything(objects: dict[str, Any]) -> list[tuple[str, str]]:
    """Return every address of the site by its name, with what there is; the way out comes last."""
    rows = sorted(table(), key=lambda row: row[0] in ENDS)
    return [(name, address(name, objects[thing] if thing else None)) for name, thing in rows]


def tables() -> str:
    """Return a digest of every row of every table."""
    whole = hashlib.sha256()
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "{name}" AS t')
            whole.update(f"{name} {cursor.fetchone()}".encode())
    return whole.hexdigest()


def forge(client: Client, where: str, kind: str, method: str = "post") -> HttpResponse:
    """Send a form as another site's page would, from a browser that holds a token."""
    token, told = FORGED[kind]
    client.cookies[settings.CSRF_COOKIE_NAME] = RIGHT
    typed = urlencode({"csrfmiddlewaretoken": token, "open": "w1", "text": make.TEXT})
    return getattr(client, method)(where, typed, content_type=FORM, **told)


def ways(who: str) -> Iterator[tuple[str, str]]:
    """Yield methods with ways to forge a form: all of them for a member, the one that comes furthest for the others."""
    yield from (("post", kind) for kind in (FORGED if who == "member" else ["foreign origin"]))
    if who == "member":
        yield from ((method, "no token") for method in ("put", "patch", "delete"))


@pytest.mark.django_db
def test_no_form_from_elsewhere_is_taken(people: tuple[dict[str, Client], dict[str, Any]]) -> None:
    clients, objects = people
    wrong = []
    for who in ("visitor", "receipt", "member", "moderator", "editor", "lead"):
        client = Client(enforce_csrf_checks=True)
        client.cookies = clients[who].cookies
        before = tables()
        for name, where in everything(objects):
            for method, kind in ways(who):
                if name in FREE and "cross-site" not in FORGED[kind][1].values():
                    continue
                answer = forge(client, where, kind, method)
                found = judged(answer, where) + ([] if answer.status_code == 403 else [str(answer.status_code)])
                wrong += [f"{who} {method} {where} with {kind}: {one}" for one in found]
        if tables() != before:
            wrong.append(f"{who}: something was changed")
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind, (token, _told) in FORGED.items() if token == RIGHT])
def test_the_check_of_forms_would_see_one_that_is_taken(member: User, settings: Any, kind: str) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.example", "null"]
    before = tables()
    assert forge(make.client_of(member, enforce_csrf_checks=True), reverse("stories:reading"), kind).status_code == 302
    assert tables() != before


# What only somebody sees who has just shown who they are: without a second step, and with an app, spare codes and a
# passkey.
PROVED = """
accounts:codes accounts:new_codes accounts:devices accounts:export accounts:close stories:erase stories:export
mfa_activate_totp mfa_generate_recovery_codes mfa_add_webauthn
"""
PROVED_WITH_STEP = """
accounts:codes accounts:new_codes accounts:devices accounts:export accounts:close stories:erase stories:export
mfa_reauthenticate mfa_reauthenticate_webauthn mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes
mfa_add_webauthn mfa_remove_webauthn
"""


@pytest.mark.django_db
@pytest.mark.parametrize(("steps", "pages"), [(False, PROVED), (True, PROVED_WITH_STEP)], ids=["alone", "with a step"])
def test_pages_behind_the_password_are_as_all_others(
    people: tuple[dict[str, Client], dict[str, Any]], steps: bool, pages: str
) -> None:
    clients, objects = people
    client, rows = clients["member"], table()
    user = User.objects.get(pk=client.session["_auth_user_id"])
    if steps:
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
        client, objects["key"] = make.client_of(user), held(user).pk
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    client.post(reverse("accounts:new_codes"))  # shown on a page of their own
    shown, wrong = set(), []
    for name, thing in sorted(rows, key=lambda row: row[0] in ENDS):
        if rows[name, thing][WHO.index("member")][0] != 302:
            continue  # everybody's answer to it is judged already
        where = address(name, objects[thing] if thing else None)
        answer = opened(client, where)
        shown |= {name} if answer.status_code == 200 else set()
        wrong += [*judged(answer, where), *judged(sent(client, where), where)]
    assert shown == set(pages.split())
    assert not wrong, "\n".join(["", *wrong])


def foreign() -> Iterator[tuple[str, dict[str, str], int]]:
    """Yield what browsers say of themselves, and what the site answers."""
    for site in ("cross-site", "same-site"):
        for mode in ("no-cors", "cors", "websocket", ""):
            yield site, {"HTTP_SEC_FETCH_SITE": site, "HTTP_SEC_FETCH_MODE": mode}, 403
        yield site, {"HTTP_SEC_FETCH_SITE": site, "HTTP_SEC_FETCH_MODE": "navigate"}, 200
    for inside in ("iframe", "frame", "embed", "object", "fencedframe"):
        for site in ("cross-site", "same-origin"):
            told = {"HTTP_SEC_FETCH_SITE": site, "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": inside}
            yield inside, told, 403
    for own in ("same-origin", "none"):
        yield own, {"HTTP_SEC_FETCH_SITE": own, "HTTP_SEC_FETCH_MODE": "cors"}, 200
    yield "an old browser", {}, 200


@pytest.mark.parametrize(("kind", "said", "status"), [*foreign()])
def test_what_another_site_asks_for_is_refused(db: None, kind: str, said: dict[str, str], status: int) -> None:
    del kind
    answer = Client().get("/rules/", **said)
    assert answer.status_code == status
    assert judged(answer, "/rules/") == []


@pytest.mark.django_db
def test_an_image_elsewhere_signs_nobody_out(member_client: Client) -> None:
    said = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "no-cors", "HTTP_SEC_FETCH_DEST": "image"}
    assert member_client.get("/leave/", **said).status_code == 403
    assert member_client.get(reverse("accounts:home")).status_code == 200


@pytest.mark.django_db
def test_a_search_from_elsewhere_is_refused(client: Client) -> None:
    said = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "navigate"}
    assert client.post(reverse("search"), {"q": "calm"}, **said).status_code == 403
    said["HTTP_SEC_FETCH_SITE"] = "same-origin"
    assert client.post(reverse("search"), {"q": "calm"}, **said).status_code in {302, 303}


EVIL = (
    "//evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "/%09/evil.example",
    "\t//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
)


@pytest.mark.django_db
@pytest.mark.parametrize("evil", EVIL)
def test_nobody_is_led_to_another_site(evil: str) -> None:
    user = make.member()
    for where, typed in (
        (reverse("account_login"), {"login": user.handle, "password": make.PASSWORD}),
        (reverse("account_reauthenticate"), {"password": make.PASSWORD}),
        (reverse("account_logout"), {}),
        (reverse("community:language"), {"language": "es"}),
    ):
        client = Client() if where == reverse("account_login") else make.client_of(user)
        answer = client.post(f"{where}?next={evil}", typed | {"next": evil}, headers={"Referer": evil})
        assert answer.status_code in {302, 303}, where
        # As a browser reads it: without tabs and line ends, a backslash being a slash.
        read = re.sub(r"[\t\r\n]", "", answer.headers["Location"]).replace("\\", "/")
        assert re.match(r"/(?!/)", read), (where, read)


@pytest.mark.django_db
def test_a_header_cannot_be_put_into_an_answer() -> None:
    for typed in ("/\r\nSet-Cookie: evil=1", "/stories/\r\n\r\n<b>", "%0d%0aSet-Cookie:%20evil=1"):
        answer = Client().post(reverse("account_login") + f"?next={typed}", {"next": typed, "login": typed})
        assert "evil" not in str(answer.cookies) + str({k: v for k, v in answer.headers.items() if k != "Location"})


@pytest.mark.parametrize("host", ["evil.example", "localhost:80@evil.example", "localhost, evil.example", "a b", "[::"])
def test_a_strange_host_changes_no_link(db: None, host: str) -> None:
    answer = Client().get("/feed.atom", headers={"Host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content
    answer = Client().get("/feed.atom", headers={"X-Forwarded-Host": host})
    assert answer.status_code == 200
    assert b"evil" not in answer.content


def test_nothing_compresses_what_is_made_on_request() -> None:
    assert not [one for one in settings.MIDDLEWARE if "gzip" in one.lower() or "compress" in one.lower()]


def test_names_that_show_outside_a_page_hold_no_word() -> None:
    names = [str(path.relative_to(ROOT)) for path in (ROOT / "static").rglob("*")]
    names += [(ROOT / "static/img/favicon.svg").read_text(), get_adapter().get_totp_issuer()]
    names += [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME]
    assert [(word, name) for word in WORDS for name in names if word in name.casefold()] == []


FIELDS = {
    '<input name="q">': True,
    '<input type="email" autocomplete="email" name="q">': True,
    '<input autocomplete="username" name="q">': True,
    '<input autocomplete="username" name="q" readonly>': False,
    '<input autocomplete="email" name="q" readonly>': True,
    '<textarea autocomplete="on" name="q">': True,
    '<input type="password" autocomplete="new-password" name="q">': False,
    '<textarea autocomplete="off" name="q">': False,
    '<input type="checkbox" name="q">': False,
}


@pytest.mark.parametrize("field", FIELDS)
def test_the_judge_knows_which_fields_a_browser_learns(field: str) -> None:
    page = f"<html><title>Help</title><form>{field}</form>".encode()
    found = [one for one in faults({"Content-Type": "text/html"}, page) if "browser may learn" in one]
    assert bool(found) is FIELDS[field]


# What is changed in a policy that switches everything off, and what the judge says then.
POWERS = {
    ("camera=()", "camera=()"): [],
    ("camera=()", "camera=(), bluetooth=*"): ["bluetooth is *"],
    ("camera=()", "camera=*"): ["camera is *"],
    ("camera=()", "camera=(self)"): ["camera is (self)"],
    ("camera=()", "camera=(), camera=*"): ["camera is *"],
    ("camera=(), ", ""): ["camera is everybody's"],
    ("publickey-credentials-get=()", "publickey-credentials-get=(self)"): [],
    ("publickey-credentials-get=()", "publickey-credentials-get=*"): ["publickey-credentials-get is *"],
}


def test_the_judge_sees_what_is_wrong() -> None:
    page = f'<html><title>{WORDS[0]}</title><form><input name="q"></form>'.encode()
    found = list(faults({"Content-Type": "text/html", "Content-Encoding": "gzip", "ETag": "1"}, page))
    for part in (
        "x-frame-options",
        "policy",
        "referrer",
        "camera",
        "encoding",
        "etag",
        "cache",
        "type",
        "no way out",
        "title with a word",
        "browser may learn",
    ):
        assert any(part in one for one in found), part
    off = ", ".join(f"{name}=()" for name in PERMISSIONS_POLICY)
    for policy, wrong in POWERS.items():
        told = faults({"Permissions-Policy": off.replace(*policy)}, b"")
        assert [one for one in told if " is " in one] == wrong, policy
    assert list(faults({"Content-Disposition": f'attachment; filename="{WORDS[0]}.pdf"'}, b""))
    cookies = HttpResponse().cookies
    cookies["a"] = "b"
    assert list(cookie_faults(cookies))
