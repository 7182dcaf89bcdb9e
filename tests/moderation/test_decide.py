"""Every outcome through the pages, and that a sending repeated or mistaken changes nothing."""

from __future__ import annotations

import re
import uuid

import pytest

from accounts.models import User
from moderation.models import Case, Decision
from stories.models import Publication, Statement
from tests import make
from tests.moderation.desk import NOTE, Desk, address, now, plain, state

TEXT = make.TEXT + "\n\nRing me on 07700 900123, I mean it. My number is 07700 900123."


@pytest.fixture
def desk(moderator: User) -> Desk:
    return Desk(moderator)


@pytest.fixture
def case(desk: Desk) -> Case:
    make.waiting(text=TEXT, warnings=["w3"])
    return desk.take_next()


def test_approve_publishes_the_revision_that_was_read(desk: Desk, case: Case) -> None:
    answer = desk.decide(case)
    assert (answer.status_code, answer.url) == (303, "/moderation/")
    assert state(case) == "approved"
    assert Publication.objects.get().revision_id == case.revision_id
    assert now(case).closing == "decided"
    assert b"The text is published." in desk.client.get("/moderation/").content


def test_approve_with_warnings_shows_both_to_readers(desk: Desk, case: Case) -> None:
    desk.decide(case, warnings=["w1", "w2"])
    assert Publication.objects.get().warnings == ["w1", "w2", "w3"]
    assert Decision.objects.get().warnings == ["w1", "w2"]


def test_approve_can_bring_a_word_to_the_writer(desk: Desk, case: Case) -> None:
    desk.decide(case, text="Thank you for this.")
    assert Statement.objects.get().text == "Thank you for this."


@pytest.mark.parametrize(("outcome", "becomes"), [("ask_changes", "changes_asked"), ("refuse", "refused")])
def test_asking_and_refusing_send_a_letter_with_the_passages(
    desk: Desk, case: Case, outcome: str, becomes: str
) -> None:
    answer = desk.decide(case, outcome, rules=["identify", "contact"], passages="07700  900123", warnings=["w1"])
    assert answer.status_code == 303
    assert state(case) == becomes
    assert not Publication.objects.exists()
    letter = Statement.objects.get()
    places = [
        [TEXT.index("07700"), TEXT.index("07700") + 12],
        [TEXT.rindex("07700"), TEXT.rindex("07700") + 12],
    ]
    assert (letter.outcome, letter.text) == (outcome, NOTE)
    assert sorted(letter.rules) == ["contact", "identify"]
    assert letter.passages == [["text", *place] for place in places]
    assert Decision.objects.get().statement == letter.pk


@pytest.mark.parametrize("outcome", ["ask_changes", "refuse"])
@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"rules": []}, "Please tick at least one house rule"),
        ({"text": " \n "}, "Please write a few words to the writer"),
        ({"text": "x" * 2_001}, "This has 2001 characters, and 2000 fit"),
        ({"passages": "I went to sea"}, "This line is not in the text: “I went to sea”"),
        ({"rules": ["invented"]}, "Select a valid choice"),
    ],
)
def test_a_reason_is_asked_for_and_nothing_typed_is_lost(
    desk: Desk, case: Case, outcome: str, missing: dict[str, object], said: str
) -> None:
    typed = {
        "rules": ["kind"],
        "text": "My own words.",
        "passages": "I mean it",
        "warnings": ["w1"],
    } | missing
    answer = desk.decide(case, outcome, **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in plain(page)
    assert not Decision.objects.exists()
    assert str(typed["text"]).strip() in page
    assert str(typed["passages"]) in page
    assert page.count(" checked") == len({"kind"} & set(typed["rules"])) + 1
    assert TEXT.split("\n")[0] in page


def test_approve_asks_whether_it_was_read(desk: Desk, case: Case) -> None:
    answer = desk.decide(case, read="")
    assert answer.status_code == 422
    assert "Please read the text to its end" in plain(answer.content)
    assert state(case) == "waiting"


@pytest.mark.parametrize("filled", [{"rules": ["kind"]}, {"passages": "I mean it"}])
def test_approve_is_not_pressed_by_mistake(desk: Desk, case: Case, filled: dict[str, object]) -> None:
    answer = desk.decide(case, **filled)
    assert answer.status_code == 422
    assert "What is here goes nowhere with the button that you pressed" in plain(answer.content)
    assert state(case) == "waiting"


def test_a_form_without_a_button_decides_nothing(desk: Desk, case: Case) -> None:
    answer = desk.decide(case, outcome="")
    assert answer.status_code == 422
    assert "Please press one of the buttons" in plain(answer.content)
    assert state(case) == "waiting"
    # What Enter presses, were it not for this: the first button of the form.
    page = desk.open(case)
    buttons = [one for one in re.findall(r"<button[^>]*>", page) if 'type="submit"' in one]
    ours = [one for one in buttons if 'form="decision"' in one or page.index(one) > page.index('id="decision"')]
    assert 'name="outcome" value=""' in ours[0]


def test_a_form_with_mistakes_is_held_for_longer(desk: Desk, case: Case) -> None:
    before = now(case).lease_until
    desk.decide(case, "refuse", text="")
    after = now(case)
    assert before is not None
    assert after.lease_until is not None
    assert after.lease_until > before
    assert after.lease_token == case.lease_token


def test_a_sending_repeated_gets_the_same_answer(desk: Desk, case: Case) -> None:
    number = str(uuid.uuid4())
    answers = [desk.decide(case, "refuse", request_id=number) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (Decision.objects.count(), Statement.objects.count()) == (1, 1)


def test_a_sending_changed_and_repeated_is_told_what_stands(desk: Desk, case: Case) -> None:
    number = str(uuid.uuid4())
    desk.decide(case, "refuse", request_id=number)
    answer = desk.decide(case, "ask_changes", request_id=number, text="Other words.")
    assert answer.status_code == 409
    assert "You have decided about this text already" in plain(answer.content)
    assert b"Other words." in answer.content
    assert Decision.objects.get().outcome == "refuse"


def test_two_presses_on_what_needs_two_say_that_nothing_stands_yet(desk: Desk, case: Case) -> None:
    number = str(uuid.uuid4())
    desk.decide(case, "refuse", request_id=number, second="on")
    answer = desk.decide(case, "ask_changes", request_id=number, text="Other words.", second="on")
    page = plain(answer.content)
    assert answer.status_code == 409
    assert "Your decision is kept as you sent it first: Not published." in page
    assert "Other words." in page
    for untrue in ("what stands", "was decided already", "Your decision was not taken"):
        assert untrue not in page
    assert state(case) == "waiting"


def test_a_request_id_of_somebody_else_opens_nothing(desk: Desk, case: Case) -> None:
    number = str(uuid.uuid4())
    desk.decide(case, request_id=number)
    answer = Desk().decide(case, request_id=number)
    assert answer.status_code == 409
    assert Decision.objects.count() == 1


def test_an_edit_stays_beside_the_approved_version_until_it_is_approved(desk: Desk) -> None:
    owner = make.owner()
    live = make.published(owner)
    make.waiting(owner, contribution=live.pk, title="Another title")
    case = desk.take_next()
    assert case.cause == "edit"
    assert Publication.objects.get().revision_id == live.revision_id
    desk.decide(case)
    assert Publication.objects.get().revision_id == case.revision_id
    assert Publication.objects.get().position == live.position


@pytest.mark.parametrize("what", ["decide", "take", "renew", "release", "skip"])
def test_acts_by_a_link_change_nothing(desk: Desk, case: Case, what: str) -> None:
    answer = desk.client.get(address(case, what))
    assert (answer.status_code, answer.url) == (302, address(case))
    assert now(case).lease_token == case.lease_token


def test_next_by_a_link_changes_nothing(desk: Desk) -> None:
    case = make.case()
    assert desk.client.get("/moderation/next/").url == "/moderation/"
    assert now(case).lease_by is None


@pytest.mark.parametrize("what", ["", "decide", "take", "renew", "release", "skip"])
def test_a_case_that_is_not_there_is_not_found(desk: Desk, what: str) -> None:
    ghost = Case(pk=uuid.uuid4())
    method = desk.client.post if what else desk.client.get
    assert method(address(ghost, what), {"token": str(uuid.uuid4())}).status_code == 404
