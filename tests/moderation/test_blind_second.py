"""The second of two people chooses before seeing anything of what the first chose, other words included."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Role
from moderation.agreement import _second_of_two, disagreements
from moderation.models import READ_WORDS, Case, Cause, Decision, Entry
from moderation.standins import stand_ins
from stories.models import Outcome, Revision
from tests import make
from tests.moderation.desk import NOTE, Desk, now, plain, state

TOLD = make.TEXT + "\n\nAnna told me so."
FIRST = TOLD.replace("told me so", "was glad of it")
OWN = TOLD.replace("told me so", "smiled")
DIFFERS = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|data-until="[^"]+"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def first(desk: Desk, outcome: str) -> Case:
    """Have the first of two decide about a text, with the same reasons each time."""
    make.waiting(text=TOLD)
    return decided(desk, outcome, words=FIRST, second="on")


def decided(desk: Desk, outcome: str, *, words: str, **changes: Any) -> Case:
    case = desk.take_next()
    if outcome == "propose":
        changes |= {"words.text": words, "rules": ["identify"], "passages": ""}
    assert desk.decide(case, outcome, **changes).status_code == 303
    return case


def own(**changes: Any) -> dict[str, Any]:
    typed = {"words.text": OWN, "rules": ["identify"], "passages": "", "request_id": str(uuid.uuid4())}
    return typed | changes


def test_the_page_of_the_second_is_the_same_whatever_the_first_chose(desk: Desk) -> None:
    pages = set()
    for outcome in ("approve", "refuse", "ask_changes", "propose"):
        case = first(desk, outcome)
        second = Desk()
        pages.add(DIFFERS.sub("", second.open(second.take_next())))
        Case.objects.filter(pk=case.pk).update(lease_until="2999-01-01T00:00Z")  # out of the others' way
    assert len(pages) == 1
    assert "Propose the other words" in plain(pages.pop())


@pytest.mark.parametrize("kind", ["story", "reply"])
def test_the_page_of_who_reads_again_to_compare_is_the_same_whatever_the_first_chose(
    desk: Desk, settings: Any, kind: str
) -> None:
    settings.SAMPLE_SHARE, story = 0.0, make.published()
    make.published_reply(story)
    for _ in range(2):  # a refusal is compared only while two more could read an appeal
        make.moderator()
    settings.SAMPLE_SHARE, changes = 1.0, {"reply_to": story.pk, "title": ""} if kind == "reply" else {}
    pages = set()
    for outcome in ("approve", "refuse", "ask_changes", "propose"):
        with transaction.atomic():
            make.waiting(text=TOLD, **changes)
            decided(desk, outcome, words=TOLD.replace("Anna", stand_ins("en")[0]))
            second = Desk()
            case = second.take_next()
            assert case.cause == Cause.SAMPLE
            pages.add(DIFFERS.sub("", second.open(case)))
            transaction.set_rollback(True)
    assert len(pages) == 1
    assert ("1 other answer is there already" in pages.pop()) == (kind == "reply")


def test_who_chose_to_propose_too_reads_the_first_words_and_agrees(desk: Desk) -> None:
    case, second = first(desk, "propose"), Desk()
    second.take_next()
    typed = own()
    asked = second.decide(now(case), "propose", **typed)
    page = plain(asked.content)
    assert asked.status_code == 200
    for shown in ("You both chose to propose other words", "Nothing is decided yet", "was glad of it"):
        assert shown in page
    assert Decision.objects.count() == 1
    assert second.decide(now(case), "propose", **typed, agreed="1").status_code == 303
    assert Revision.objects.get(state="proposed").text == FIRST
    assert pair() == (Outcome.PROPOSE, Outcome.PROPOSE)


def test_going_back_brings_all_that_was_typed_and_none_of_the_first_words(desk: Desk) -> None:
    case, second = first(desk, "propose"), Desk()
    second.take_next()
    asked = second.decide(now(case), "propose", **own()).content.decode()
    form = asked.split("/take/")[1].split("</form>")[0]
    carried = re.findall(r'name="([a-z.]+)" value="([^"]*)"', form)
    assert dict(carried)["text"] == NOTE
    page = second.act(case, "take", **own(text=NOTE)).content.decode()
    assert f"{OWN}</textarea>" in page
    assert NOTE in page
    assert "was glad of it" not in page


def test_agreement_counts_what_was_chosen_before_the_words_were_seen(desk: Desk) -> None:
    case, second = first(desk, "propose"), Desk()
    second.take_next()
    second.decide(now(case), "propose", **own())
    assert Entry.objects.get(act=READ_WORDS).actor == second.user.pk
    assert second.decide(now(case), "refuse").status_code == 303
    assert pair() == (Outcome.PROPOSE, Outcome.PROPOSE)
    assert [(one.first, one.second) for one in disagreements()] == [(Outcome.PROPOSE, Outcome.REFUSE)]


def test_who_saw_no_words_is_counted_by_the_decision(desk: Desk) -> None:
    case, second = first(desk, "propose"), Desk()
    second.take_next()
    assert second.decide(now(case), "refuse").status_code == 303
    assert pair() == (Outcome.PROPOSE, Outcome.REFUSE)


def test_a_lead_sees_the_words_that_two_disagree_on(desk: Desk) -> None:
    case, second = first(desk, "propose"), Desk()
    second.take_next()
    second.decide(now(case), "refuse")
    lead = Desk(make.moderator(role=Role.LEAD))
    page = lead.open(lead.take_next())
    assert "was glad of it" in plain(page)
    assert "Agree to these words" in plain(page)
    assert 'name="words.text"' not in page
    assert lead.decide(now(case), "propose", passages="").status_code == 303
    assert Revision.objects.get(state="proposed").text == FIRST
    assert state(case) == "changes_asked"


def pair() -> tuple[str, str]:
    """Return what one pair of people is counted as."""
    first, chosen = _second_of_two().values_list("first", "chosen").get()
    return first, chosen
