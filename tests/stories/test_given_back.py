"""Whose text it is that a form is given back for, and what of it is given back."""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings as SettingsWrapper

from accounts.codes import new_code
from accounts.models import Session, User
from accounts.visiting import OPENS_A_SEND
from stories.models import Contribution, Publication, Revision
from stories.owners import Owner
from stories.thread import thread_of
from tests import make
from tests.stories.page import Form, form
from tests.stories.writing import TYPED, at_step, begin, go_on, open_form, send

pytestmark = pytest.mark.django_db
NAVIGATES = {"HTTP_SEC_FETCH_MODE": "navigate"}


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    user = make.member() if request.param == "member" else None
    return make.client_of(user, enforce_csrf_checks=True, raise_request_exception=False)


def test_member_who_signs_in_again_goes_on_with_the_text_that_was_begun(member: User) -> None:
    browser = make.client_of(member)
    page = go_on(browser, begin(browser))
    browser.cookies.pop(settings.SESSION_COOKIE_NAME)
    answer = form(page, "/story/").post(browser, title=TYPED["title"], text=make.TEXT)
    again = form(answer)
    assert "What you kept before is still where it was" in answer.content.decode()
    browser.cookies.pop(settings.SESSION_COOKIE_NAME)
    browser.force_login(member)
    again = form(again.post(browser))
    assert again.action == form(page, "/story/").action
    assert again.post(browser).status_code == 303
    assert Revision.objects.get().text == make.TEXT


def test_choices_alone_are_given_back_too(writer: Client) -> None:
    sharing = at_step(writer, uuid.uuid4(), "sharing")
    Session.objects.all().delete()
    answer = sharing.post(writer, warnings=["w3"], wishes=["quote"])
    again = form(answer)
    assert "What you chose is still here" in answer.content.decode()
    assert "copy your text" not in answer.content.decode()
    assert (again.fields["warnings"], again.fields["wishes"]) == (["w3"], ["quote"])
    untouched = at_step(writer, uuid.uuid4(), "sharing")
    Session.objects.all().delete()
    assert "Nothing was changed." in untouched.post(writer).content.decode()


@pytest.mark.parametrize("begun", ["x", "", "00000000-0000-4000-8000-000000000000"])
def test_text_that_nobody_here_began_is_given_back_as_a_new_one(writer: Client, begun: str) -> None:
    theirs = make.draft().contribution_id
    writing = open_form(writer)
    for pk in (begun, str(theirs)):
        again = form(writing.post(writer, **TYPED, writer="x", begun=pk))
        assert str(theirs) not in again.action
        assert again.action != writing.action


def test_receipt_of_the_same_visit_still_owns_after_signing_in(member: User) -> None:
    browser = Client()
    writing = open_form(browser)
    browser.force_login(member)
    answer = writing.post(browser, **TYPED)
    assert answer.status_code == 303
    assert Contribution.objects.get().from_receipt
    assert browser.get(answer.url).status_code == 200


def test_text_that_became_somebody_elses_is_given_back_as_a_new_one(member: User) -> None:
    browser = Client()
    writing = open_form(browser)
    page = send(browser)
    browser.force_login(member)
    pk = Contribution.objects.get().pk
    form(browser.get(reverse("stories:status", args=[pk])), "/keep/").post(browser)
    stale = Form(reverse("stories:write", args=[pk]), form(page, "/take-back/").fields)
    answer = stale.post(browser, **TYPED)
    again = form(answer)
    assert answer.status_code == 404
    assert "You can save what you wrote as a new one." in answer.content.decode()
    assert again.fields["text"] == [make.TEXT]
    assert again.action not in {stale.action, writing.action}


def test_story_and_own_answers_are_kept_together(member: User) -> None:
    browser, code = Client(), new_code()
    receipt, account = Owner.of_code(code), Owner.of_account(member)
    browser.force_login(member)
    story = make.published(receipt)
    browser.post(reverse("stories:receipt"), {"code": code})
    own, foreign = make.published_reply(story, receipt), make.published_reply(story)
    elsewhere = make.published(receipt)
    page = browser.get(reverse("stories:status", args=[own.pk]))
    assert "Keep all 2 with my account" in page.content.decode()
    alone = browser.get(reverse("stories:status", args=[elsewhere.pk])).content.decode()
    assert "Keep it with my account" in alone
    assert form(page, "/keep/").post(browser).status_code == 303
    assert set(Contribution.objects.owned_by(account)) == {story.contribution, own.contribution}
    assert set(Contribution.objects.owned_by(receipt)) == {elsewhere.contribution}
    kept = Contribution.objects.in_thread_of(story.contribution).exclude(pk=foreign.pk)
    assert {bytes(one.voice) for one in kept} == {account.voice(story.pk)}
    assert not kept.filter(from_receipt=True).exists()
    thread = thread_of(Publication.objects.get(pk=story.pk), member)
    assert [one.is_author for one in thread.replies] == [True, False]


@pytest.mark.parametrize(
    "said",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site", **NAVIGATES, "HTTP_ORIGIN": "https://other.example"},
        {"HTTP_SEC_FETCH_SITE": "same-site", **NAVIGATES},
        {"HTTP_ORIGIN": "null"},
    ],
)
@pytest.mark.parametrize("place", ["step", "report"])
def test_form_of_another_site_begins_no_visit_and_its_words_can_be_copied(place: str, said: dict[str, str]) -> None:
    address = reverse("stories:step", args=[uuid.uuid4(), "story"])
    if place == "report":
        address = reverse("moderation:report", args=[make.published().pk])
    before = Session.objects.count()

    # As a browser sends it, it comes without the cookies of the visit that is open there.
    answer = Client(enforce_csrf_checks=True).post(address, {"text": make.TEXT}, **said)

    assert answer.status_code == 403
    again = form(answer)
    assert (again.action, again.fields["text"]) == ("", [make.TEXT])
    assert "Then open the page where you wrote it anew" in answer.content.decode()
    assert Session.objects.count() == before
    assert dict(answer.cookies) == {}


def test_forms_without_a_token_begin_no_more_visits_than_pages_do(settings: SettingsWrapper) -> None:
    settings.VISITOR_POSTS_AN_HOUR = 1
    address = reverse("stories:step", args=[uuid.uuid4(), "story"])
    before = Session.objects.count()
    browser = Client(enforce_csrf_checks=True)
    told = [form(Client(enforce_csrf_checks=True).post(address, {"text": "words"})) for _ in range(OPENS_A_SEND)]
    assert all(again.action for again in told)

    answer = browser.post(address, {"text": make.TEXT})

    assert (answer.status_code, form(answer).action, answer["Retry-After"]) == (429, "", "3600")
    assert make.TEXT.split("\n")[0] in answer.content.decode()
    assert "open the form again in an hour" in answer.content.decode()
    assert Session.objects.count() == before + OPENS_A_SEND
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    elsewhere = browser.post(address, {"text": make.TEXT}, REMOTE_ADDR="203.0.113.7")
    assert kept_in(browser, form(elsewhere)).text == make.TEXT


@pytest.mark.parametrize("cookies", ["none", "ended"])
def test_words_that_no_visit_may_begin_for_are_not_told_to_go_on(settings: SettingsWrapper, cookies: str) -> None:
    browser = Client()
    writing = open_form(browser)
    settings.VISITOR_POSTS_AN_HOUR = 0
    if cookies == "ended":
        Session.objects.all().delete()
    else:
        browser.cookies.clear()

    answer = writing.post(browser, **TYPED)

    assert (answer.status_code, form(answer).action) == (429, "")
    assert form(answer).fields["text"] == [TYPED["text"]]
    for untrue in ("go on here without one", "button below", "as a new one"):
        assert untrue not in answer.content.decode()


def test_older_browser_at_another_address_of_this_site_is_not_elsewhere(settings: SettingsWrapper) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://other.example"]
    address = reverse("stories:step", args=[uuid.uuid4(), "story"])
    answer = Client().post(address, {"text": make.TEXT}, HTTP_ORIGIN="https://other.example")
    assert form(answer).action


def test_choices_that_cannot_be_posted_again_are_not_said_to_be_there() -> None:
    address = reverse("stories:step", args=[uuid.uuid4(), "sharing"])
    answer = Client().post(address, {"warnings": ["w3"]}, HTTP_SEC_FETCH_SITE="cross-site", **NAVIGATES)
    assert "What you chose is still here" not in answer.content.decode()
    assert "Nothing was changed. Please open the page again" in answer.content.decode()


def kept_in(browser: Client, again: Form) -> Revision:
    """Post what was given back, and return the draft it became."""
    assert again.post(browser).status_code == 303
    return Revision.objects.get()
