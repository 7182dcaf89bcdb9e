"""What each cause shows and takes: reports, appeals, proposals, two people, crisis, templates, what one reads."""

from __future__ import annotations

import uuid
from html import unescape
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Role
from moderation.models import Case, Cause, Decision, Note, Place, Redaction
from stories.actions import appeal
from stories.models import Outcome, Publication, Revision, Suppression
from tests import make
from tests.moderation.desk import NOTE, Desk, address, now, plain, state

NAMED = make.TEXT + "\n\nAnna from Leeds told me so."
DANGER = make.TEXT + "\n\nI am going to kill myself tonight."


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def reported(words: str = "It names the clinic.", rules: tuple[str, ...] = ("kind",)) -> Publication:
    live = make.published(title="The letter")
    make.report(live, rules=list(rules), text=words, owner=make.owner(make.member()))
    return live


def proposal(**changes: Any) -> dict[str, Any]:
    return {"rules": ["identify"], "text": NOTE, "passages": ""} | changes


def test_a_report_shows_rules_and_words_and_no_reporter(desk: Desk) -> None:
    live = reported()
    case = desk.take_next()
    page = plain(desk.open(case))
    for shown in ("1 reader reported it", "Be kind", "It names the clinic.", "Readers see it now."):
        assert shown in page
    assert 'value="approve"' not in desk.open(case)
    assert desk.act(case, "hide").status_code == 303
    assert Suppression.objects.get().ground == "kind"
    assert "Readers do not see it until you have decided." in plain(desk.open(case))
    assert desk.decide(case, "keep", read="on", rules=[], text="", passages="").status_code == 303
    assert not Suppression.objects.exists()
    assert Publication.objects.filter(pk=live.pk).exists()


def test_a_reported_text_is_taken_down(desk: Desk) -> None:
    live = reported()
    assert desk.decide(desk.take_next(), "remove").status_code == 303
    assert Revision.objects.get(pk=live.revision_id).state == "removed"


def test_an_appeal_goes_to_somebody_else_with_text_words_and_the_decision(desk: Desk) -> None:
    owner = make.owner()
    refused = make.waiting(owner)
    make.decided(refused, Outcome.REFUSE, reviewer=desk.user, text="It names a town.")
    appeal(refused.contribution_id, text="I made that town up.", owner=owner)
    assert desk.client.post("/moderation/next/").url == "/moderation/"
    other = Desk()
    case = other.take_next()
    page = plain(other.open(case))
    for shown in ("I made that town up.", "It names a town.", "Not published: Name nobody", "one line on a bad day"):
        assert shown in page
    assert desk.user.handle not in page
    assert other.decide(case, "uphold", passages="").status_code == 303
    assert now(case).outcome == Outcome.UPHOLD
    assert state(case) == "refused"


def test_general_words_are_proposed_by_one(desk: Desk) -> None:
    make.waiting(text=NAMED)
    case = desk.take_next()
    words = NAMED.replace("Anna", "[a name]").replace("Leeds", "[a place]").replace("\n", "\r\n")
    answer = desk.decide(case, "propose", **proposal(**{"words.text": words}))
    assert answer.status_code == 303, plain(answer.content)
    offered = Revision.objects.get(state="proposed")
    assert offered.text == NAMED.replace("Anna", "[a name]").replace("Leeds", "[a place]")
    told = [NAMED[start:end] for _field, start, end in Decision.objects.get().passages]
    assert told == ["Anna", "Leeds"]


def test_other_words_need_a_second_who_sees_exactly_them(desk: Desk) -> None:
    make.waiting(text=NAMED)
    case = desk.take_next()
    answer = desk.decide(case, "propose", **proposal(**{"words.text": NAMED.replace("told me so", "was kind")}))
    assert answer.status_code == 303
    assert "A second person reads it too" in plain(desk.client.get("/moderation/").content)
    assert Redaction.objects.get().is_grave
    assert not Revision.objects.filter(state="proposed").exists()
    assert desk.client.post("/moderation/next/").url == "/moderation/"
    second = Desk()
    page = second.open(second.take_next())
    assert "was kind" not in page
    assert 'name="words.text"' in page
    own = proposal(**{"words.text": NAMED.replace("told me so", "smiled"), "request_id": str(uuid.uuid4())})
    answer = second.decide(now(case), "propose", **own)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "was kind" in plain(shown)
    assert NAMED.replace("told me so", "smiled") in unescape(shown), "their own words go with it"
    assert Decision.objects.count() == 1, "nothing is decided yet"
    assert second.decide(now(case), "propose", **own, agreed="1").status_code == 303
    assert Revision.objects.get(state="proposed").text.endswith("was kind.")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Nothing is changed in the copy yet"),
        ({"words.title": "  "}, "Something has to stand here"),
        ({"words.title": "A" * (settings.TITLE_MAX + 1)}, "Please shorten it"),
        ({"words.title": "Another", "text": "Please see [which words]."}, "This still has a gap to fill"),
    ],
)
def test_a_proposal_that_lacks_something_is_given_back(desk: Desk, changes: dict[str, Any], sentence: str) -> None:
    make.waiting(text=NAMED)
    case = desk.take_next()
    answer = desk.decide(case, "propose", **proposal(**changes))
    assert answer.status_code == 422
    assert sentence in plain(answer.content)
    assert state(case) == "waiting"


def test_a_changed_copy_is_not_published_by_mistake(desk: Desk) -> None:
    make.waiting(text=NAMED)
    case = desk.take_next()
    assert desk.decide(case, "approve", **{"words.title": "Another"}).status_code == 422
    assert state(case) == "waiting"


def test_a_template_is_put_below_what_was_written_and_its_gap_cannot_be_sent(desk: Desk) -> None:
    make.waiting()
    case = desk.take_next()
    answer = desk.decide(case, "", insert="1", draft="contact", text="Hello.")
    page = plain(answer.content)
    assert answer.status_code == 200
    assert "Hello. Thank you for writing." in page
    assert not Decision.objects.exists()
    assert desk.decide(case, "ask_changes", text="Take out [which words].").status_code == 422
    assert desk.decide(case, "ask_changes", text="I put [a name] there.").status_code == 303


def test_the_second_of_two_sees_nothing_of_the_first(desk: Desk) -> None:
    make.waiting()
    case = desk.take_next()
    assert desk.decide(case, "refuse", second="on", text="A sentence of the first.").status_code == 303
    second = Desk()
    page = plain(second.open(second.take_next()))
    assert "Two people decide about this one" in page
    assert "A sentence of the first." not in page
    history = plain(second.client.get("/moderation/history/").content)
    assert "A first decision A second person has not decided yet" in history
    assert "Name nobody" not in history
    assert "Not published" in plain(desk.client.get("/moderation/history/").content)
    assert second.decide(now(case), "approve").status_code == 303
    assert state(case) == "waiting"
    lead = Desk(make.moderator(role=Role.LEAD))
    board = plain(lead.client.get("/moderation/").content)
    assert "disagreement waits for a lead 1" in board
    found = lead.take_next()
    page = lead.open(found)
    assert 'value="ask_changes"' not in page
    assert "They decided: Not published, Published." in plain(page)
    assert lead.decide(found, "approve").status_code == 303
    assert state(case) == "approved"


def test_crisis_goes_first_with_its_steps_and_a_message(desk: Desk) -> None:
    make.waiting(title="Earlier")
    make.waiting(text=DANGER)
    assert "1 person may need help now" in plain(desk.client.get("/moderation/").content)
    case = desk.take_next()
    assert "Somebody may be in danger" in plain(desk.open(case))
    kept = desk.act(case, "message", message="You are heard.", text="Words typed before")
    assert "Words typed before" in plain(kept.content)
    assert list(case.revision.messages.values_list("text", flat=True)) == ["You are heard."]
    assert desk.act(case, "note", step="message").status_code == 303
    assert desk.act(case, "note", step="message").status_code == 303
    assert Note.objects.get().step == "message"
    assert desk.act(case, "message").status_code == 422
    assert desk.decide(case, "approve").status_code == 303
    assert state(case) == "waiting", "two people decide"


def test_a_note_is_read_by_colleagues_and_handing_on_needs_a_word(desk: Desk) -> None:
    make.waiting()
    case = desk.take_next()
    assert desk.act(case, "note", note="Please look at the date.").status_code == 303
    assert desk.act(case, "escalate").status_code == 422
    assert desk.act(case, "escalate", note="I am not sure.").status_code == 303
    other = Desk()
    page = plain(other.open(other.take_next()))
    assert "A colleague: I am not sure." in page
    assert "A colleague: Please look at the date." in page
    assert desk.user.handle not in page


def test_what_much_the_same_is_published_is_shown(desk: Desk) -> None:
    live = make.published(title="Told before")
    make.published(
        title="Another", text="Quite other words about a garden, a long walk and some tea with a friend. " * 2
    )
    make.waiting(text=make.TEXT + "\n\nAnd one more line.")
    page = desk.open(desk.take_next())
    alike = page.split('id="alike-title"')[1].split("</section>")[0]
    assert f"/stories/{live.pk}/" in alike
    assert "Another" not in alike


def test_what_one_reads_is_chosen(desk: Desk) -> None:
    make.waiting(warnings=["w1"])
    answer = desk.client.post("/moderation/what-i-read/", {"leaves": ["w1", "crisis"], "languages": []})
    assert answer.status_code == 303
    assert Place.of(desk.user).leaves == ["w1", "crisis"]
    assert desk.client.post("/moderation/next/").url == "/moderation/"
    assert desk.client.post("/moderation/what-i-read/", {"leaves": ["nothing"]}).status_code == 422


def test_languages_that_nobody_reads_are_told(desk: Desk) -> None:
    make.waiting(language="es")
    board = "Nobody reads these languages es: 1 text"
    assert board not in plain(desk.client.get("/moderation/").content)
    desk.client.post("/moderation/what-i-read/", {"languages": ["en"]})
    make.moderator(second_factor=False)  # reads nothing before the second step
    assert board in plain(desk.client.get("/moderation/now/").content)


def test_after_a_long_day_the_board_asks_to_stop(desk: Desk, settings: Any) -> None:
    settings.DAY_CAP = 1
    first, _second = make.case(), make.case()
    desk.decide(desk.take_next())
    assert "You have read a lot today" in plain(desk.client.get("/moderation/").content)
    assert desk.client.post("/moderation/next/").url == "/moderation/"
    assert not Case.objects.open().held_by(desk.user).exists()
    assert "/cases/" in desk.client.post("/moderation/next/", {"anyway": "1"}).url
    assert {now(one).closing for one in (first, _second)} == {"decided", ""}


def test_a_text_read_again_shows_no_earlier_outcome_and_needs_no_words(desk: Desk, settings: Any) -> None:
    settings.SAMPLE_SHARE, other, _left_for_an_appeal = 1, Desk(), make.moderator()
    make.waiting()
    desk.decide(desk.take_next(), "refuse", text="A sentence of the first.")
    case = other.take_next()
    assert case.cause == Cause.SAMPLE
    page = plain(other.open(case))
    assert "A sentence of the first." not in page
    assert "Decided before" not in page
    assert other.decide(case, "ask_changes", text="", passages="").status_code == 303
    assert state(case) == "refused"


def test_outcomes_of_another_cause_are_refused(desk: Desk) -> None:
    make.waiting()
    case = desk.take_next()
    for outcome in ("keep", "remove", "uphold"):
        assert desk.decide(case, outcome, read="on").status_code == 422
    assert address(case)
    assert not Decision.objects.exists()
