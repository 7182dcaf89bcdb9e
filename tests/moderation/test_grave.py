"""Acts that are hard to take back ask a lead for the second step once more."""

from __future__ import annotations

import time

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from accounts.models import Invitation, Role, User
from moderation.models import Wording
from tests import make

pytestmark = pytest.mark.django_db
STEP = "/accounts/2fa/reauthenticate/?next="


@pytest.fixture
def late(settings: Settings) -> Client:
    """A lead whose second step was a while ago, and who has been busy since."""
    settings.GRAVE_MINUTES = 10
    with time_machine.travel(time.time() - 11 * 60, tick=True):
        lead = make.client_of(make.moderator(role=Role.LEAD))
    make.stay(lead)
    return lead


def test_inviting_and_closing_ask_for_it_and_lead_back(late: Client) -> None:
    other = make.moderator()
    people = "/moderation/lead/people/"
    for path in ("", "invite/", f"{other.pk}/", f"{other.pk}/close/"):
        assert late.get(people + path)["Location"].startswith(STEP)
        assert late.post(people + path, {"role": "editor"})["Location"].startswith(STEP)

    assert not Invitation.objects.exists()
    assert User.objects.get(pk=other.pk).role == Role.MODERATOR
    assert late.get("/moderation/lead/").status_code == 200


def test_words_that_were_typed_are_given_back(late: Client) -> None:
    words = {"title": "Be kind", "text": "No unkind words, whoever they are about.", "reason": ""}

    answer = late.post("/moderation/lead/words/rule/kind/en/", words)

    assert answer.status_code == 403
    assert "asks for your second step once more" in answer.content.decode()
    assert words["text"] in answer.content.decode()
    assert not Wording.objects.exists()


def test_a_step_just_taken_counts(late: Client) -> None:
    lead = make.client_of(make.moderator(role=Role.LEAD))

    assert lead.get("/moderation/lead/people/").status_code == 200
    assert lead.post("/moderation/lead/people/invite/", {"role": "editor"}).status_code == 200
    assert Invitation.objects.count() == 1
