"""The desk when somebody else was faster, or a press was refused: no word goes, none is doubled, nothing is unread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from advice import actions
from advice.actions import Words
from advice.models import Remark, SignOff, State, Version
from tests import make
from tests.advice import written
from tests.advice.test_desk import address, typed
from tests.stories.page import form

pytestmark = pytest.mark.django_db
MINE, WORD = "Half an hour of my own words.", "The second source is an advert."


@pytest.fixture
def editing() -> Client:
    return make.client_of(make.moderator(role=Role.EDITOR))


@pytest.fixture
def reviewing() -> Client:
    return make.client_of(make.moderator(role=Role.CLINICIAN))


def signature(version: Version, **changes: Any) -> dict[str, Any]:
    """Return what the form of a clinician would send, with changes."""
    return {
        "seen": Words.of(version).digest,
        "name": "Alba",
        "qualification": "Physiotherapist",
        "due_on": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "has_read": "on",
        "text": "",
    } | changes


def test_from_the_page_of_a_conflict_one_signs_only_what_was_read_anew(reviewing: Client) -> None:
    waits = written.waiting()

    page = reviewing.post(address(waits, "sign"), signature(waits, seen="an older one"))
    pressed = form(page, "/sign/").post(reviewing)
    read = form(pressed, "/sign/").post(reviewing, has_read="on")

    assert (page.status_code, pressed.status_code, read.status_code) == (409, 422, 303)
    assert SignOff.objects.get().name == "Alba"
