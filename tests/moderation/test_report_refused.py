"""Reports that cannot be taken: said beside the form, with every word given back, and nothing kept."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from moderation import actions
from moderation.models import Report
from stories import passes
from stories.actions import withdraw
from stories.models import Contribution, Publication
from stories.refusals import Refused
from tests import make
from tests.moderation.reporting import WORDS, address, page, told, words
from tests.stories.page import form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    """Find nobody too quick, and count from nothing."""
    settings.VISITOR_LEAST_SECONDS = 0
    passes.limit_of.cache_clear()


@pytest.fixture
def story() -> Publication:
    return make.published(title="The long way home")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"rules": []}, "Please tick at least one rule"),
        ({"rules": ["no-such-rule"]}, "no-such-rule"),
        ({"text": "x" * 2001}, "2001 characters, and 2000 fit"),
        ({"homepage": "https://example.org/"}, "should stay empty"),
        ({"started": "forged"}, "when this page was opened"),
    ],
)
def test_report_that_cannot_be_taken_is_told_and_kept(
    typed: dict[str, Any], said: str, story: Publication, client: Client
) -> None:
    answer = told(client, story, **({"text": "A word of mine."} | typed))
    assert answer.status_code == 422
    assert said in words(answer)
    assert typed.get("text", "A word of mine.") in words(answer)
    assert Report.objects.count() == 0


def test_visitor_who_is_too_quick_is_asked_again(story: Publication, client: Client, settings: Any) -> None:
    settings.VISITOR_LEAST_SECONDS = 3
    assert "That was very quick" in words(told(client, story))
    assert Report.objects.count() == 0


def test_reports_of_a_network_have_a_limit_of_their_own(client: Client, settings: Any) -> None:
    settings.VISITOR_POSTS_AN_HOUR = 2
    passes.limit_of.cache_clear()
    assert [told(client, make.published()).status_code for _ in range(3)] == [303, 303, 422]
    limit = passes.limit_of("sends", 2)
    assert limit._acts == {}, "writing is as free as before"


def test_members_need_no_pass(story: Publication, member_client: Client, settings: Any) -> None:
    settings.VISITOR_LEAST_SECONDS = 3
    assert told(member_client, story).status_code == 303


def hidden() -> uuid.UUID:
    pk: uuid.UUID = make.published().pk
    make.hide(pk)
    return pk


@pytest.mark.parametrize("unread", [lambda: make.waiting().contribution_id, hidden, uuid.uuid4])
def test_text_that_nobody_reads_cannot_be_reported(unread: Any, client: Client) -> None:
    assert client.get(f"/report/{unread()}/").status_code == 404


def test_words_about_a_text_that_is_gone_are_given_back(client: Client) -> None:
    owner = make.owner()
    story = make.published(owner)
    opened = page(client, story)
    withdraw(story.pk, owner=owner)
    for text in (WORDS, ""):
        answer = opened.post(client, rules=["kind"], text=text)
        assert answer.status_code == 404
        assert "This text is no longer here" in words(answer)
        assert text in words(answer)
    assert Report.objects.count() == 0


def test_version_replaced_at_this_moment_is_not_reported(member: User) -> None:
    owner = make.owner()
    seen = make.published(owner)
    make.published(owner, contribution=seen.pk, text=f"{make.TEXT} More.")
    with pytest.raises(Refused):
        actions.report(seen, rules=["kind"], text="", owner=make.owner(member))
    assert Report.objects.count() == 0


def test_report_whose_visit_ended_is_given_back_to_the_same_place(story: Publication, client: Client) -> None:
    opened = page(client, story)
    client.cookies.pop("visit")
    answer = opened.post(client, rules=["kind", "own"], text=WORDS)
    assert answer.status_code == 409
    again = form(answer, address(story))
    assert (again.fields["text"], again.fields["rules"]) == ([WORDS], ["kind", "own"])
    assert again.post(client).status_code == 303
    assert (Report.objects.get().text, Contribution.objects.count()) == (WORDS, 1)


def test_form_without_a_fitting_token_is_given_back(story: Publication) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = page(strict, story).post(strict, rules=["kind"], text=WORDS, csrfmiddlewaretoken="x" * 64)
    assert answer.status_code == 403
    again = form(answer, address(story))
    assert again.fields["text"] == [WORDS]
    assert again.post(strict).status_code == 303


def test_wrong_key_takes_no_report(story: Publication, client: Client, settings: Any) -> None:
    opened = page(client, story)
    settings.OWNERSHIP_KEYS = [*settings.OWNERSHIP_KEYS, bytes(32)]
    answer = opened.post(client, rules=["kind"], text=WORDS)
    assert answer.status_code == 503
    assert WORDS in words(answer)
    assert Report.objects.count() == 0


def test_staff_report_nothing(story: Publication, moderator_client: Client) -> None:
    assert moderator_client.get(address(story)).status_code == 403
    assert moderator_client.post(address(story), {"rules": "kind"}).status_code == 403
    assert Report.objects.count() == 0
