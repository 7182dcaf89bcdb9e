"""No words that a moderator typed are dropped or cut in silence, whichever button is pressed and whoever is let in."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import Role
from moderation.models import Case, Decision, Note
from stories.models import Message, Outcome
from tests import make
from tests.moderation.desk import Desk, address, now, plain, state

DANGER = make.TEXT + "\n\nI am going to kill myself tonight."
NOWHERE = "What is here goes nowhere with the button that you pressed"


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture
def case(desk: Desk) -> Case:
    make.waiting(text=DANGER)
    return desk.take_next()


@pytest.fixture
def reported(desk: Desk) -> Case:
    make.report(make.published(), rules=["kind"], text="It is unkind.", owner=make.owner(make.member()))
    return desk.take_next()


@pytest.mark.parametrize("outcome", ["approve", "ask_changes", "refuse"])
@pytest.mark.parametrize(
    ("box", "sentence"),
    [("note", "This note is not kept yet"), ("message", "The writer does not have this message yet")],
)
def test_a_decision_waits_for_words_that_have_their_own_button(
    desk: Desk, case: Case, outcome: str, box: str, sentence: str
) -> None:
    answer = desk.decide(case, outcome, **{box: "Please call somebody now."})
    assert answer.status_code == 422
    assert sentence in plain(answer.content)
    assert "Please call somebody now.</textarea>" in answer.content.decode()
    assert not Decision.objects.exists()
    assert desk.decide(case, outcome, **{box: " \n"}).status_code == 303


@pytest.mark.parametrize("changes", [{"text": "Well done."}, {"passages": "For a long time"}, {"rules": ["kind"]}])
def test_what_stays_as_it_is_takes_no_words_to_the_writer(desk: Desk, reported: Case, changes: dict[str, Any]) -> None:
    bare = {"read": "on", "rules": [], "text": "", "passages": ""}
    answer = desk.decide(reported, "keep", **bare | changes)
    assert answer.status_code == 422
    assert NOWHERE in plain(answer.content)
    assert desk.decide(reported, "keep", **bare).status_code == 303


@pytest.mark.parametrize("outcome", ["approve", "ask_changes", "refuse"])
def test_a_changed_copy_goes_with_a_proposal_only(desk: Desk, case: Case, outcome: str) -> None:
    answer = desk.decide(case, outcome, **{"words.title": "Another"})
    assert answer.status_code == 422
    assert NOWHERE in plain(answer.content)
    assert state(case) == "waiting"


@pytest.mark.parametrize(("act", "label"), [("skip", "Pass it on"), ("release", "Give it back")])
@pytest.mark.parametrize("box", ["note", "message", "text", "passages", "words.title"])
def test_letting_a_text_go_asks_first_where_words_would_be_lost(
    desk: Desk, case: Case, act: str, label: str, box: str
) -> None:
    answer = desk.act(case, act, **{box: "Some words."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{label} without these words" in plain(page)
    assert "Some words.</textarea>" in page
    assert now(case).is_held_by(desk.user)
    assert desk.act(case, act, **{box: "Some words."}, anyway="1").status_code == 303
    assert not now(case).is_held


def test_leaving_it_to_others_takes_the_note_and_asks_about_the_rest(desk: Desk, case: Case) -> None:
    answer = desk.act(case, "escalate", note="I am not sure.", message="You are heard.")
    assert answer.status_code == 422
    assert "Let two others decide without these words" in plain(answer.content)
    assert not Note.objects.exists()
    assert desk.act(case, "escalate", note="I am not sure.").status_code == 303
    assert Note.objects.get().text == "I am not sure."


@pytest.mark.parametrize(("act", "box"), [("note", "note"), ("escalate", "note"), ("message", "message")])
def test_words_that_do_not_fit_are_given_back_whole(desk: Desk, case: Case, act: str, box: str) -> None:
    words = "a" * settings.NOTE_MAX + "END"
    answer = desk.act(case, act, **{box: words})
    assert answer.status_code == 422
    assert f"This has {settings.NOTE_MAX + 3} characters, and {settings.NOTE_MAX} fit" in plain(answer.content)
    assert f"{words}</textarea>" in answer.content.decode()
    assert not Note.objects.exists()
    assert not Message.objects.exists()
    assert desk.act(case, act, **{box: words[3:]}).status_code == 303


SHORT = {"note": "Look.", "message": "You are heard.", "words.title": "Short", "words.tried.0.tip": "A tip"}


@pytest.mark.parametrize("box", SHORT)
@pytest.mark.parametrize("act", ["note", "message", "escalate", "decide", "take", "skip", "release"])
def test_who_was_signed_out_gets_short_words_back_too(desk: Desk, case: Case, act: str, box: str) -> None:
    desk.client.logout()
    answer = desk.act(case, act, **{box: SHORT[box]})
    assert answer.status_code == 403
    assert f"{SHORT[box]}</textarea>" in answer.content.decode()
    assert "Your words are still here" in plain(answer.content)


def test_who_signed_in_by_half_gets_them_back_too(desk: Desk, case: Case) -> None:
    desk.client.logout()
    desk.client.force_login(desk.user)
    answer = desk.act(case, "message", message="You are heard.")
    assert answer.status_code == 403
    assert "the second step is missing" in plain(answer.content)
    assert "You are heard.</textarea>" in answer.content.decode()
    assert desk.client.get(address(case)).status_code == 302
    assert not Message.objects.exists()


@pytest.fixture
def lead(db: None) -> Desk:
    return Desk(make.moderator(role=Role.LEAD))


LEADS = {
    "words/rule/kind/en/": {"title": "Be gentle", "text": "Gentle words.", "reason": "Be gentler."},
    "words/template/letter-abc/en/": {"title": "Names", "text": "Please leave out [which name]."},
}


@pytest.fixture(params=[*LEADS, "reopen"])
def sent(request: pytest.FixtureRequest, lead: Desk) -> tuple[str, dict[str, str]]:
    """Return where a lead sends words, and which."""
    if request.param != "reopen":
        return f"/moderation/lead/{request.param}", LEADS[request.param]
    text = make.waiting()
    make.decided(text, Outcome.REFUSE)
    return f"/moderation/lead/texts/{text.pk}/reopen/", {"note": "Please look at the second paragraph."}


@pytest.mark.parametrize("half", [True, False])
def test_a_lead_who_was_signed_out_gets_the_words_back(
    lead: Desk, sent: tuple[str, dict[str, str]], half: bool
) -> None:
    where, typed = sent
    lead.client.logout()
    if half:
        lead.client.force_login(lead.user)
    answer = lead.client.post(where, typed | {"preview": "1"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert all(f"{words}</textarea>" in page or f'value="{words}"' in page for words in typed.values())
    assert ('name="preview" value="1"' in page) == ("words" in where), "pressed again, it is still only looked at"


def test_a_lead_gets_the_words_back_when_the_form_does_not_fit(lead: Desk, sent: tuple[str, dict[str, str]]) -> None:
    where, typed = sent
    browser = make.client_of(lead.user, enforce_csrf_checks=True)
    answer = browser.post(where, typed)
    assert answer.status_code == 403
    assert all(words in answer.content.decode() for words in typed.values())


def test_a_word_of_a_leads_that_does_not_fit_is_given_back_whole(lead: Desk) -> None:
    text = make.waiting()
    make.decided(text, Outcome.REFUSE)
    words = "a" * settings.NOTE_MAX + "END"
    answer = lead.client.post(f"/moderation/lead/texts/{text.pk}/reopen/", {"note": words})
    assert answer.status_code == 422
    assert f"This has {settings.NOTE_MAX + 3} characters, and {settings.NOTE_MAX} fit" in plain(answer.content)
    assert f"{words}</textarea>" in answer.content.decode()
    assert not Case.objects.open().exists()


def test_a_word_of_a_leads_about_a_text_that_waits_again_already_is_kept(lead: Desk) -> None:
    text = make.waiting()
    make.decided(text, Outcome.REFUSE)
    for word in ("Please look.", "And at the end.", "And at the end."):
        lead.client.post(f"/moderation/lead/texts/{text.pk}/reopen/", {"note": word})
    assert sorted(Note.objects.values_list("text", flat=True)) == ["And at the end.", "Please look."]


@pytest.mark.parametrize("act", ["set_numbers", "invite"])
def test_who_comes_by_a_link_to_an_act_of_a_leads_sees_its_page(lead: Desk, act: str) -> None:
    page = lead.client.get(reverse(f"moderation:{act}"), follow=True)
    assert page.status_code == 200
    assert reverse(f"moderation:{act}") in page.content.decode()


def test_a_lead_whose_numbers_do_not_fit_is_sent_to_no_texts_of_their_own(lead: Desk) -> None:
    answer = make.client_of(lead.user, enforce_csrf_checks=True).post("/moderation/lead/numbers/", {"day_cap": "50"})
    assert answer.status_code == 403
    assert "Your texts" not in plain(answer.content)
