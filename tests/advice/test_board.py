"""The board of the desk: all that waits for somebody, whatever job runs or does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

import content
from accounts.models import Role
from advice.upkeep import unchecked
from tests import make
from tests.advice import written

pytestmark = pytest.mark.django_db


def test_help_and_organisations_that_nobody_checked_are_on_the_board_for_each_language(editing: Client) -> None:
    page = editing.get("/desk/").content.decode().partition('id="unchecked"')[2].partition("</section>")[0]

    for told in (
        "Samaritans",
        "never",
        "helplines.toml",
        "The Vaginismus Network",
        "en/organisations.toml, es/organisations.toml",
    ):
        assert told in page


def test_a_day_that_was_written_in_one_language_only_is_asked_for_in_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    day = timezone.localdate()
    packs = {language: content.load(language) for language in ("en", "es")}
    one = packs["en"].advice.organisations[0]
    checked = replace(packs["en"].advice, organisations=(replace(one, checked_on=day),))
    packs["en"] = replace(packs["en"], helplines=(), advice=checked)
    packs["es"] = replace(packs["es"], helplines=(), advice=replace(packs["es"].advice, organisations=(one,)))
    monkeypatch.setattr(content, "load", packs.__getitem__)

    assert [(found.name, found.files) for found in unchecked(day)] == [(one.name, ("es/organisations.toml",))]
    assert len(unchecked(day + timedelta(days=90))) == 1
    assert [found.checked_on for found in unchecked(day + timedelta(days=91))] == [day, None]


def test_the_board_shows_what_there_is_to_do(editing: Client) -> None:
    written.draft("a-draft", title="Still a draft")
    written.waiting(written.draft("a-waiting", title="Waits for a clinician"))
    written.signed(written.live("a-due", title="Due soon"), days=59)
    written.signed(written.live("a-later", title="Due later"), days=61)

    page = editing.get("/desk/").content.decode()

    due = page.partition("Due within 60 days")[2].partition("</section>")[0]
    assert ("Due soon" in due, "Due later" in due) == (True, False)
    for title in ("Still a draft", "Waits for a clinician"):
        assert title in page


def test_an_overdue_review_is_on_the_board_with_the_job_stopped(editing: Client) -> None:
    signature = written.signed(written.live(title="Out of date"), days=5)

    with time_machine.travel(signature.due_on + timedelta(days=1)):
        page = make.client_of(make.moderator(role=Role.EDITOR)).get("/desk/").content.decode()

    assert "Out of date" in page.partition("Reviews that have run out")[2].partition("</section>")[0]


def test_whether_it_helped_is_counted_and_nothing_else(editing: Client) -> None:
    one = written.live()
    visitor = Client()
    visitor.post("/advice/first-step/en/opinion/", {"helpful": "yes"})
    visitor.post("/advice/first-step/en/opinion/", {"helpful": "no"})
    missing = visitor.post("/advice/first-step/en/opinion/", {})

    counted = one.article.opinions.values_list("helpful", "unhelpful").get()
    assert (missing.status_code, counted) == (422, (1, 1))
    assert "What readers say helped" in editing.get("/desk/").content.decode()
