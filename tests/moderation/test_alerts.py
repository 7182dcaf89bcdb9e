"""Telling by mail that somebody may be in danger: to who asked for it, once, and nothing about it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.core import mail

from accounts.models import Role, User
from moderation.actions import choose, claim
from moderation.actions.alerting import alert
from moderation.actions.leading import change_role, close_account
from moderation.models import Case, Place
from tests import make
from tests.moderation.desk import plain

pytestmark = pytest.mark.django_db
URGENT = f"{make.TEXT}\n\nI am going to kill myself tonight."
ADDRESS = "somebody@harbour.example"
READS = "/moderation/what-i-read/"


@pytest.fixture(autouse=True)
def mails(settings: Any) -> None:
    settings.MAIL, settings.MAIL_FROM = {"host": "mail.harbour.example"}, "post@harbour.example"
    settings.SITE_URL = "https://harbour.example"


@pytest.fixture
def told(moderator: User) -> User:
    choose(moderator, languages=[], leaves=[], address=ADDRESS)
    return moderator


def test_one_neutral_mail_goes_to_who_asked_for_it_and_never_twice(told: User) -> None:
    make.moderator()
    make.case()
    assert alert() == 0
    case = make.case(text=URGENT)
    assert (alert(), alert()) == (1, 0)
    (sent,) = mail.outbox
    assert (sent.to, sent.from_email, sent.subject) == ([ADDRESS], "post@harbour.example", "A note")
    assert sent.body == "https://harbour.example/moderation/\n"
    assert (sent.cc, sent.bcc, sent.attachments) == ([], [], [])
    assert str(case.pk) not in sent.message().as_string()
    make.case(text=URGENT)
    assert alert() == 1


def test_what_is_read_already_is_not_told(told: User) -> None:
    claim(make.case(text=URGENT).pk, moderator=make.moderator())
    assert alert() == 0


def test_a_mail_that_cannot_be_sent_is_not_sent_later(told: User, settings: Any) -> None:
    make.case(text=URGENT)
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL = {"host": "127.0.0.1", "port": 9, "timeout": 1}
    assert alert() == 0
    settings.EMAIL_BACKEND = backend
    assert (alert(), mail.outbox) == (0, [])


@pytest.mark.parametrize("chosen", [{"languages": [], "leaves": ["crisis"]}, {"languages": ["es"], "leaves": []}])
def test_who_leaves_it_to_others_is_not_told(moderator: User, chosen: Any) -> None:
    choose(moderator, address=ADDRESS, **chosen)
    make.case(text=URGENT)
    assert alert() == 0


def test_who_does_not_review_any_more_is_not_told(told: User) -> None:
    change_role(told.pk, Role.EDITOR, lead=make.moderator(role=Role.LEAD))
    make.case(text=URGENT)
    assert (alert(), Place.of(told).address) == (0, None)


def test_without_a_mail_server_nothing_is_asked_or_sent(told: User, settings: Any) -> None:
    settings.MAIL = {}
    make.case(text=URGENT)
    assert alert() == 0
    assert not Case.objects.get().is_alerted
    mine = make.client_of(told)
    assert ADDRESS in mine.get(READS).content.decode(), "kept, for when there is one again"
    assert mine.post(READS, {"languages": ["en"], "address": ADDRESS}).status_code == 303
    assert Place.of(told).opened_address == ADDRESS
    assert mine.post(READS, {"languages": ["en"], "address": ""}).status_code == 303
    assert "by mail" not in plain(mine.get(READS).content), "what was emptied is not asked for"


def test_an_address_is_sealed_and_shown_to_nobody_else(moderator: User) -> None:
    mine, other = make.client_of(moderator), make.client_of(make.moderator(role=Role.LEAD))
    assert "Tell me by mail" in plain(mine.get(READS).content)
    assert mine.post(READS, {"address": "no address"}).status_code == 422
    assert mine.post(READS, {"address": ADDRESS}).status_code == 303
    kept = Place.of(moderator).address
    assert kept is not None
    assert b"harbour" not in bytes(kept)
    assert ADDRESS in mine.get(READS).content.decode()
    for page in (READS, "/moderation/", "/moderation/lead/", "/moderation/lead/people/"):
        assert ADDRESS not in other.get(page).content.decode()
    mine.post(READS, {"address": ""})
    assert Place.of(moderator).address is None


def test_every_address_is_as_long_in_a_copy(moderator: User) -> None:
    long = f"{'l' * 60}@{'m' * 50}.example"
    for address in (ADDRESS, long):
        choose(make.moderator(), languages=[], leaves=[], address=address)
    rows = list(Place.objects.all())
    assert {one.opened_address for one in rows} == {ADDRESS, long}
    assert len({len(bytes(one.address or b"")) for one in rows}) == 1
    wide = f"a@{('い' * 19 + '.') * 5}jp"
    assert make.client_of(moderator).post(READS, {"address": wide}).status_code == 422


def test_an_address_that_no_key_opens_breaks_no_page(told: User) -> None:
    mine = make.client_of(told)
    Place.objects.filter(pk=told.pk).update(address=b"sealed under a key that is lost")
    page = mine.get(READS)
    assert (page.status_code, "Tell me by mail" in plain(page.content)) == (200, True)
    assert mine.post(READS, {"address": ADDRESS}).status_code == 303
    assert Place.of(told).opened_address == ADDRESS


@pytest.mark.parametrize("ends", [close_account, partial(change_role, role=Role.EDITOR)])
def test_who_stops_reviewing_leaves_no_choices_behind(ends: Any, told: User) -> None:
    choose(told, languages=["en"], leaves=["crisis"], address=ADDRESS)
    Place.objects.update(day="2026-11-01", decided=7)
    ends(told.pk, lead=make.moderator(role=Role.LEAD))
    assert not Place.objects.exists()


def test_a_choice_leaves_the_days_count_alone(moderator: User) -> None:
    place = Place(moderator=moderator, day="2026-11-01", decided=7)
    place.save()
    choose(moderator, languages=["en"], leaves=[])
    assert (Place.of(moderator).decided, Place.of(moderator).languages) == (7, ["en"])
