"""A member with a marked word in every place, on a site of its own, who then erases the account.

What was planted: words that a copy of the database holds, and secrets that it must never hold.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.test.utils import setup_test_environment

from accounts.actions import sign_up
from accounts.keys import seal
from accounts.models import Reminder, User
from moderation.actions import report
from stories.actions import react, save_for_later
from stories.models import Publication
from stories.owners import Owner
from tests import make
from tests.architecture.canaries import planted

HANDLE = "calm-kanarihandle-71"
PASSWORD = "kanaripassword of seventeen"
ADDRESS = "kanarimail@example.org"
SEARCHED = "kanarisearched"


def signed_in() -> Client:
    """Sign in as somebody would, with one mistake first."""
    client = Client()
    for password in ("kanarimistyped", PASSWORD):
        answer = client.post("/accounts/login/", {"login": HANDLE, "password": password})
    assert answer.status_code == 302, answer.content
    return client


def plant(kept: str) -> None:
    """Put everything there, and write down what it was."""
    setup_test_environment()
    Path(kept).write_text(json.dumps(_planted()))


def _planted() -> dict[str, Any]:
    user, codes = sign_up(HANDLE, password=PASSWORD)
    User.objects.filter(pk=user.pk).update(codes_confirmed=True)
    owner = Owner.of_account(user)
    ground = planted(owner)
    reminder = Reminder(user=user)
    reminder.address = seal(settings.ADDRESS_KEYS, "reminder address", ADDRESS.encode(), place=reminder.pk.bytes)
    reminder.save(force_insert=True)
    other = make.published(make.owner(make.member()))
    react(other, kind="g1", owner=owner)
    save_for_later(other, owner=owner)
    report(Publication.objects.get(pk=other.pk), rules=["kind"], text="It says kanaritold.", owner=owner)
    client = signed_in()
    for address in ("/accounts/", "/stories/mine/", f"/stories/?kanariquery={SEARCHED}"):
        assert client.get(address).status_code == 200
    client.post("/search/", {"q": SEARCHED})
    words = [word.decode() for word in ground.words.values()]
    return {
        "words": [HANDLE, "kanaritold", *words],
        "never": [PASSWORD, "kanarimistyped", ADDRESS, SEARCHED, "kanariquery", *codes],
        "secret": owner.secret.hex(),
        "marks": [mark.hex() for mark in (owner.once("reaction", other.pk), owner.once("saved", other.pk))],
    }


def erase() -> None:
    """Erase the account by its page."""
    setup_test_environment()
    client = signed_in()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.post("/accounts/close/", {"staying": "none"})
    assert answer.headers.get("Location") == "/accounts/closed/", answer.content
    assert client.get("/accounts/").status_code == 302
