"""The desk when somebody else was faster, or a press was refused: no word goes, none is doubled, nothing is unread."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from advice import actions
from advice.actions import Words
from advice.models import LabelEnd, Remark, SignOff, State, Version
from tests import make
from tests.advice import written
from tests.advice.test_desk import address, typed
from tests.stories.page import form

pytestmark = pytest.mark.django_db
MINE, WORD = "Half an hour of my own words.", "The second source is an advert."


def signature(version: Version, **changes: Any) -> dict[str, Any]:
    """Return what the form of a clinician would send, with changes."""
    return {
        "seen": Words.of(version).digest,
        "name": "Alba",
        "qualification": "Physiotherapist",
        "due_on": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "has_read": "on",
        "text": "",
    } | changes


def test_from_the_page_of_a_conflict_one_signs_only_what_was_read_anew(reviewing: Client) -> None:
    waits = written.waiting()

    page = reviewing.post(address(waits, "sign"), signature(waits, seen="an older one"))
    pressed = form(page, "/sign/").post(reviewing)
    read = form(pressed, "/sign/").post(reviewing, has_read="on")

    assert (page.status_code, pressed.status_code, read.status_code) == (409, 422, 303)
    assert SignOff.objects.get().name == "Alba"


def taken_over(state: State, draft: Version) -> Version:
    """Let a colleague bring a draft there while somebody else types in it; return what readers or they hold now."""
    if state == State.WAITING:
        return written.waiting(draft)
    if state == State.DISCARDED:
        return actions.discard(draft.pk, editor=written.editor())
    live = written.publish(draft)
    if state == State.SUPERSEDED:
        return written.publish(written.edited(live, short="Newer still."))
    return live


@pytest.mark.parametrize("state", [State.WAITING, State.LIVE, State.SUPERSEDED, State.DISCARDED])
def test_words_that_came_too_late_are_saved_from_the_very_page_that_says_so(editing: Client, state: State) -> None:
    draft = written.draft()
    mine = typed(draft, body=MINE, remark=WORD)
    there = taken_over(state, draft)

    page = editing.post(address(draft), mine)
    saved = form(page, address(there)).post(editing, act="carry")

    assert (page.status_code, saved.status_code) == (409, 303)
    last = Version.objects.get(state=State.DRAFT)
    assert (last.body, saved["Location"]) == (MINE, address(last))
    assert Version.objects.filter(state=State.LIVE, body=MINE).count() == 0
    assert list(Remark.objects.values_list("text", "version")) == [(WORD, last.pk)]


def test_what_is_put_before_readers_meanwhile_is_shown_before_it_is_written_over(editing: Client) -> None:
    live = written.live()
    draft = written.edited(live, short="One.")
    mine = typed(draft, body=MINE)
    written.publish(draft)
    page = editing.post(address(draft), mine)
    newer = written.publish(written.edited(live, short="Two, by a colleague."))

    again = form(page, address(draft)).post(editing, act="carry")
    saved = form(again, address(newer)).post(editing, act="carry")

    assert (again.status_code, saved.status_code) == (409, 303)
    assert "Two, by a colleague." in again.content.decode()
    assert Version.objects.get(state=State.DRAFT).body == MINE


def test_a_draft_that_a_colleague_began_meanwhile_is_not_written_over_unseen(editing: Client) -> None:
    live = written.live()
    page = editing.post(address(live), typed(live, body=MINE))
    theirs = written.edited(live, body="A colleague's words.")

    again = form(page, address(live)).post(editing, act="carry")

    assert again.status_code == 409
    assert "A colleague&#x27;s words." in again.content.decode()
    assert form(again, address(theirs)).fields["body"] == [MINE]
    assert Version.objects.get(pk=theirs.pk).body == "A colleague's words."


def test_a_word_is_said_once_however_often_a_sending_is_refused(editing: Client) -> None:
    draft = written.draft(title="")

    page = editing.post(address(draft), typed(draft, body=MINE, remark=WORD, act="send"))
    again = form(page, address(draft)).post(editing, act="send")
    sent = form(again, address(draft)).post(editing, act="send", title="A title")

    assert [one.status_code for one in (page, again, sent)] == [409, 409, 303]
    assert list(Remark.objects.values_list("text", flat=True)) == [WORD]
    assert Version.objects.get().state == State.WAITING


def test_half_an_article_that_cannot_be_sent_is_saved_and_its_word_is_kept_on_the_page(editing: Client) -> None:
    draft = written.draft(title="")

    page = editing.post(address(draft), typed(draft, body=MINE, remark=WORD, act="publish"))

    assert Version.objects.get().body == MINE
    assert form(page, address(draft)).fields["remark"] == [WORD]
    assert not Remark.objects.exists()


def test_a_word_goes_with_the_signature_beside_it(reviewing: Client) -> None:
    waits = written.waiting()

    form(reviewing.get(address(waits)), "/sign/").post(reviewing, **signature(waits, text=WORD))

    assert list(Remark.objects.values_list("text", "version__state")) == [(WORD, State.LIVE)]


def test_a_word_goes_with_a_correction_and_with_a_signature_that_is_taken_back(reviewing: Client) -> None:
    live = written.live()
    written.signed(live, by=User.objects.get(pk=reviewing.session["_auth_user_id"]))
    waits = written.waiting(written.edited(live, body="## Today\n\nNothing has to happen to-day.[^one]"))

    reviewing.post(address(waits, "correct"), signature(waits, text="Only a letter."))
    reviewing.post(f"/desk/signatures/{SignOff.objects.get(version=waits).pk}/take-back/", {"text": "No longer true."})

    assert set(Remark.objects.values_list("text", flat=True)) == {"Only a letter.", "No longer true."}


@pytest.mark.parametrize(
    ("act", "changes", "status"),
    [
        ("sign", {"has_read": ""}, 422),
        ("sign", {"due_on": "2026-01-01"}, 422),
        ("sign", {"seen": "an older one"}, 409),
        ("sign", {"text": "x" * 5_001}, 422),
        ("correct", {"seen": "an older one"}, 409),
        ("correct", {"text": "x" * 5_001}, 422),
        ("send-back", {"text": ""}, 422),
        ("remark", {"text": ""}, 422),
    ],
)
def test_whatever_is_refused_all_that_a_clinician_typed_comes_back(
    reviewing: Client, act: str, changes: dict[str, str], status: int
) -> None:
    waits = written.waiting()
    given = signature(waits, text=WORD) | changes

    page = reviewing.post(address(waits, act), given)

    back = form(page, "/sign/").fields
    assert page.status_code == status
    assert {name: back[name] for name in ("name", "qualification", "due_on", "text")} == {
        name: [given[name]] for name in ("name", "qualification", "due_on", "text")
    }
    assert page.content.decode().count('aria-invalid="true"') == (1 if status == 422 else 0)
    assert not Remark.objects.exists()
    assert not SignOff.objects.exists()


def test_an_editor_s_word_goes_with_the_version_that_is_taken_back(editing: Client) -> None:
    waits = written.waiting()

    form(editing.get(address(waits)), "/take-back/").post(editing, text=WORD)

    assert list(Remark.objects.values_list("text", "version__state")) == [(WORD, State.DRAFT)]


def test_two_editors_lose_no_word(editing: Client) -> None:
    draft = written.draft()
    other = typed(draft, body="The other editor's words.")
    editing.post(address(draft), typed(draft, body="The first editor's words."))

    answer = editing.post(address(draft), other)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this draft after you opened it." in page
    assert "The other editor&#x27;s words." in page
    assert "The first editor&#x27;s words." in page
    assert Version.objects.get().body == "The first editor's words."


def test_from_the_page_of_a_conflict_one_can_go_on(editing: Client) -> None:
    draft = written.draft()
    mine = typed(draft, body="My words.")
    editing.post(address(draft), typed(draft, body="The other's words.", title="Another title"))

    page = editing.post(address(draft), mine).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    again = editing.post(address(draft), mine | {"seen": seen[1] if seen else "", "body": "Both."})

    assert "Another title" in page
    assert f'action="{address(draft)}"' in page
    assert again.status_code == 303
    assert Version.objects.get().body == "Both."


def test_a_word_is_kept_when_somebody_was_faster(reviewing: Client) -> None:
    draft = written.draft()

    answer = reviewing.post(address(draft, "send-back"), {"text": "Please name the study."})

    assert answer.status_code == 409
    assert "Please name the study." in answer.content.decode()
    assert not Remark.objects.exists()


def test_signed_out_meanwhile_a_clinician_gets_their_word_back() -> None:
    waits = written.waiting()

    answer = Client().post(address(waits, "send-back"), {"text": "Please name the study."})

    assert (answer.status_code, "Please name the study." in answer.content.decode()) == (403, True)


def late(role: Role) -> Client:
    """Return the browser of somebody whose second step was a while ago, and who has been busy since."""
    with time_machine.travel(time.time() - 16 * 60, tick=True):
        browser = make.client_of(make.moderator(role=role))
    make.stay(browser)
    return browser


def test_what_stands_before_readers_as_reviewed_asks_for_the_second_step_once_more() -> None:
    browser, waits, signed = late(Role.CLINICIAN), written.waiting(), written.signed(written.live("second-step"))
    before = (SignOff.objects.count(), LabelEnd.objects.count())
    for where in (address(waits, "sign"), address(waits, "correct"), reverse("advice:unsign", args=[signed.pk])):
        answer = browser.post(where, signature(waits, text=WORD))
        assert (answer.status_code, WORD in answer.content.decode()) == (403, True), where
        assert "asks for your second step once more" in answer.content.decode()
    assert (SignOff.objects.count(), LabelEnd.objects.count()) == before
    assert browser.post(address(waits, "remark"), {"text": WORD}).status_code == 303


@pytest.mark.parametrize("role", [Role.EDITOR, Role.LEAD])
def test_ending_labels_of_who_is_gone_asks_for_it_too(role: Role) -> None:
    signed = written.signed(written.live())
    User.objects.filter(pk=signed.clinician_id).update(is_active=False)
    where, now = reverse("advice:end_gone", args=[signed.pk]), make.client_of(make.moderator(role=role))
    answer = late(role).post(where)
    assert (answer.status_code, LabelEnd.objects.exists()) == (403, False)
    assert "asks for your second step once more" in answer.content.decode()
    for page in (answer, Client().post(where)):  # nothing was typed that one could come back to
        assert "come back here" not in page.content.decode()
        assert "open the page again and press the button there" in page.content.decode()
    assert (now.post(where).status_code, LabelEnd.objects.count()) == (303, 1)
