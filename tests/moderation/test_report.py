"""A report of a text: anybody can send one, it opens a case, and nobody learns whose it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.codes import new_code
from accounts.models import User
from moderation import actions
from moderation.models import Case, Cause, Report
from stories import passes
from stories.actions import withdraw
from stories.models import Contribution, Outcome, Publication, this_month
from stories.owners import Owner
from tests import make
from tests.moderation.reporting import WORDS, address, page, told, words
from tests.stories.pressing import fifty_times

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    """Find nobody too quick, and count from nothing."""
    settings.VISITOR_LEAST_SECONDS = 0
    passes.limit_of.cache_clear()


@pytest.fixture
def story() -> Publication:
    return make.published(title="The long way home")


def test_visitor_reports_a_story(story: Publication, client: Client) -> None:
    answer = told(client, story, rules=["identify", "contact"], text=f"  {WORDS}\u202e\r\n")
    assert (answer.status_code, answer.url) == (303, address(story))
    report = Report.objects.get()
    assert (report.revision, report.rules, report.text) == (story.revision, ["identify", "contact"], WORDS)
    assert (report.weight, report.month) == (1, this_month())
    case = Case.objects.reported().get()
    assert (case.revision, case.cause) == (story.revision, Cause.REPORT)
    shown = words(client.get(answer.url))
    assert "Your report has arrived" in shown
    assert WORDS not in shown


def test_report_without_words_is_enough(story: Publication, client: Client) -> None:
    assert told(client, story, text="").status_code == 303
    assert Report.objects.get().text == ""


def test_second_report_of_a_reader_says_that_it_has_arrived(story: Publication, client: Client) -> None:
    opened = page(client, story)
    for text in (WORDS, "Another word."):
        assert opened.post(client, rules=["kind"], text=text).status_code == 303
    assert Report.objects.get().text == WORDS
    assert "Your report has arrived" in words(client.get(address(story)))


def test_readers_report_the_same_story_and_open_one_case(story: Publication, client: Client) -> None:
    told(client, story)
    told(Client(), story)
    assert Report.objects.count() == 2
    assert Case.objects.reported().count() == 1
    assert len(set(Report.objects.values_list("mark", flat=True))) == 2


def test_newer_version_can_be_reported_anew(client: Client) -> None:
    owner = make.owner()
    first = make.published(owner)
    told(client, first)
    second = make.published(owner, contribution=first.pk, text=f"{make.TEXT} More.")
    told(client, second)
    assert {report.revision_id for report in Report.objects.all()} == {first.revision_id, second.revision_id}
    assert Case.objects.reported().get().revision == second.revision


def test_reply_is_reported_like_a_story(story: Publication, client: Client) -> None:
    reply = make.published(reply_to=story.pk, title="", text=make.REPLY)
    assert make.REPLY[:30] in words(client.get(address(reply)))
    told(client, reply)
    assert Report.objects.get().revision == reply.revision


def test_warned_reply_shows_no_word_of_itself(story: Publication, client: Client) -> None:
    reply = make.published(reply_to=story.pk, title="", text=make.REPLY, warnings=["w2"])
    assert make.REPLY[:30] not in words(client.get(address(reply)))


def weight(owner: Owner, publication: Publication) -> int:
    actions.report(publication, rules=["kind"], text="", owner=owner)
    return int(Report.objects.get(mark=owner.once("report", publication.revision_id)).weight)


def test_weight_counts_who_tells(story: Publication, member: User) -> None:
    receipt, newcomer, writer = make.owner(), make.owner(make.member()), make.owner(member)
    make.published(receipt)
    make.published(writer)
    assert [weight(owner, story) for owner in (receipt, newcomer, writer)] == [1, 2, 3]


@pytest.mark.parametrize("happened", ["waits", "withdrawn", "hidden", "example"])
def test_weight_of_who_is_not_published_now_is_a_members(happened: str, story: Publication, member: User) -> None:
    owner = make.owner(member)
    if happened == "waits":
        make.waiting(owner)
    else:
        pk = make.published(owner, example=happened == "example").pk
        if happened == "withdrawn":
            withdraw(pk, owner=owner)
        if happened == "hidden":
            make.hide(pk)
    assert weight(owner, story) == 2


def test_code_of_a_writer_does_not_show_who_reported(story: Publication) -> None:
    browser, code = Client(), new_code()
    make.published(Owner.of_code(code))
    browser.post("/stories/receipt/", {"code": code})
    told(browser, story)
    report, tags = Report.objects.get(), Contribution.objects.values_list("owner_tag", "voice")
    assert bytes(report.mark) not in {bytes(one) for pair in tags for one in pair}
    assert {field.name for field in Report._meta.get_fields()} == {
        *("id", "revision", "rules", "text", "weight", "is_grave", "mark", "month"),
    }


def test_words_of_a_report_are_on_no_page(story: Publication, client: Client, moderator_client: Client) -> None:
    owner = make.owner(member := make.member())
    mine = make.published(owner)
    told(client, mine, text="kanarireportend")
    case = Case.objects.reported().get()
    writer = make.client_of(member)
    pages = [
        *(
            moderator_client.get(one)
            for one in ("/moderation/", "/moderation/history/", f"/moderation/cases/{case.pk}/")
        ),
        *(writer.get(one) for one in (f"/stories/status/{mine.pk}/", f"/stories/{mine.pk}/", address(mine))),
    ]
    assert [answer.status_code for answer in pages] == [200] * 6
    assert [answer for answer in pages if "kanarireportend" in words(answer)] == []


def test_queue_tells_how_many_texts_were_reported(story: Publication, client: Client, moderator_client: Client) -> None:
    assert "Report about a published text" not in words(moderator_client.get("/moderation/"))
    told(client, story)
    shown = words(moderator_client.get("/moderation/"))
    assert '<th scope="row">Report about a published text</th><td>1</td>' in shown
    told(Client(), make.published())
    shown = words(moderator_client.get("/moderation/"))
    assert '<th scope="row">Report about a published text</th><td>2</td>' in shown


def test_reported_text_is_taken_from_the_queue(
    story: Publication, client: Client, moderator: User, moderator_client: Client
) -> None:
    told(client, story)
    assert moderator_client.post("/moderation/next/").url != "/moderation/"
    assert Case.objects.reported().get().is_held_by(moderator)


def test_report_leaves_the_story_up_and_is_moot_when_it_goes(client: Client) -> None:
    owner = make.owner()
    story = make.published(owner)
    told(client, story)
    assert client.get(f"/stories/{story.pk}/").status_code == 200
    withdraw(story.pk, owner=owner)
    assert Case.objects.reported().count() == 0
    assert Report.objects.count() == 1


def test_text_can_be_decided_about_while_it_is_reported(client: Client) -> None:
    owner = make.owner()
    story = make.published(owner)
    told(client, story)
    edit = make.waiting(owner, contribution=story.pk, text=f"{make.TEXT} More.")
    make.decided(edit, Outcome.APPROVE)
    assert Case.objects.reported().count() == 0


@pytest.mark.django_db(transaction=True)
def test_report_sent_fifty_times_at_once_is_one(story: Publication, client: Client, settings: Any) -> None:
    settings.VISITOR_POSTS_AN_HOUR = 100
    assert fifty_times(client, page(client, story), rules=["kind"], text=WORDS) == {303}
    assert Report.objects.count() == 1
    assert Case.objects.reported().count() == 1
