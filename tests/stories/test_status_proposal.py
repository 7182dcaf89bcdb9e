"""A proposal on the page of a text: what would differ, three things to answer, and nothing without a yes."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from moderation.actions import claim
from moderation.models import Case
from stories.actions import appeal, discard_draft, submit, take_back
from stories.lifecycle import State
from stories.models import Acceptance, Contribution, Outcome, Publication, Revision
from tests import make
from tests.stories.answering import NOTE, address, judge, page, proposal, reported
from tests.stories.page import form

pytestmark = pytest.mark.django_db
SENT = f"{make.TEXT} It was in Bergdorf, in a small street."
OFFERED = f"{make.TEXT} It was in [a town], in a small street."


@pytest.fixture
def offered(member: User) -> Revision:
    return proposal(make.waiting(make.owner(member), text=SENT), OFFERED)


def answer_form(client: Client, offered: Revision):
    return form(client.get(address(offered)), "/answer/")


def test_status_shows_the_difference_the_rule_and_the_words(offered: Revision, member_client: Client) -> None:
    text = page(member_client, address(offered))
    assert "Bergdorf," in text
    assert '<ins dir="auto">' in text or "<ins>" in text
    assert "[a town]," in text
    for told in ("Name nobody.", NOTE, "Publish it like this", "Change it myself", "Keep my own words"):
        assert told in text
    assert "Exactly the text above, with these changes, is published at once." in text
    assert "A program had highlighted nothing in this text, and it decided nothing." in text
    assert "Your text as you sent it" not in text
    events = text[text.index("What happened so far") :]
    assert "You sent it" in events
    assert "A change was proposed to you" in events
    assert "You sent a new version" not in events


def test_yes_publishes_exactly_these_words_once(offered: Revision, member_client: Client) -> None:
    opened = answer_form(member_client, offered)
    first, second = (opened.post(member_client, choice="accept") for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert Publication.objects.get().revision_id == offered.pk
    assert Revision.objects.get(pk=offered.pk).text == OFFERED
    assert Acceptance.objects.count() == 1
    assert "[a town]" in page(Client(), reverse("stories:detail", args=[offered.contribution_id]))
    text = page(member_client, address(offered))
    assert "Everybody can read it." in text
    assert "You agreed to the proposed change, and it was published" in text
    assert "Your text with the change you agreed to" in text


@pytest.mark.parametrize(("choice", "words"), [("change", OFFERED), ("own", SENT)])
def test_no_goes_on_in_a_draft_and_is_one_no(choice: str, words: str, offered: Revision, member_client: Client) -> None:
    opened = answer_form(member_client, offered)
    first, second = (opened.post(member_client, choice=choice) for _ in range(2))
    assert first.url == second.url == reverse("stories:write", args=[offered.contribution_id])
    draft = Revision.objects.get(state=State.DRAFT)
    assert draft.text == words
    assert not Publication.objects.exists()
    assert "The proposed change was not taken up" in page(member_client, address(offered))


def test_thrown_away_draft_leaves_the_owner_with_what_was_asked(
    offered: Revision, member: User, member_client: Client
) -> None:
    answer_form(member_client, offered).post(member_client, choice="own")
    discard_draft(offered.contribution_id, owner=make.owner(member))
    text = page(member_client, address(offered))
    assert "Change it and send it again" in text
    step = form(member_client.get(reverse("stories:step", args=[offered.contribution_id, "story"])), "/")
    assert step.fields["text"] == [SENT], "they go on from their own words"
    assert step.post(member_client).status_code == 303
    assert Revision.objects.get(state=State.DRAFT).text == SENT


def test_another_proposal_by_now_is_told(offered: Revision, member_client: Client) -> None:
    opened = answer_form(member_client, offered)
    answer = opened.post(member_client, choice="accept", proposal=str(uuid.uuid4()))
    assert answer.status_code == 409
    assert "There is no proposal to answer here any more" in answer.content.decode()
    assert not Publication.objects.exists()


@pytest.mark.parametrize("changes", [{"choice": "x"}, {"choice": None}, {"choice": "accept", "proposal": "no id"}])
def test_no_choice_is_asked_again(changes: dict[str, str], offered: Revision, member_client: Client) -> None:
    answer = answer_form(member_client, offered).post(member_client, **changes)
    assert answer.status_code in {409, 422}
    assert "Please choose one of the three below." in answer.content.decode()
    assert Revision.objects.get(pk=offered.pk).state == State.PROPOSED


def test_live_text_stays_up_until_the_answer(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member), text=SENT)
    offered = proposal(reported(live), OFFERED)
    text = page(member_client, address(offered))
    assert "Readers go on seeing the version that was approved." in text
    assert "takes the place of what readers see" in text
    assert "Bergdorf" in page(Client(), reverse("stories:detail", args=[live.pk]))
    answer_form(member_client, offered).post(member_client, choice="accept")
    assert "Bergdorf" not in page(Client(), reverse("stories:detail", args=[live.pk]))


def test_hidden_text_says_so_until_its_words_are_others(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member), text=SENT)
    offered = proposal(reported(live, hidden=True), OFFERED)
    text = page(member_client, address(offered))
    assert "It is shown again as soon as you agree to a proposed change" in text
    assert "is shown at once in place of the hidden one" in text
    assert "and your text stays hidden until a new version is published" in text
    assert "stays as it is" not in text
    assert "Readers go on seeing" not in text
    answer_form(member_client, offered).post(member_client, choice="accept")
    assert "[a town]" in page(Client(), reverse("stories:detail", args=[live.pk]))


def test_text_reported_again_says_so_and_takes_no_yes(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member), text=SENT)
    offered = proposal(reported(live), OFFERED)
    opened = answer_form(member_client, offered)
    reported(live, hidden=True)
    text = page(member_client, address(offered))
    assert "Nothing is decided yet." in text
    assert "shown again as soon as you agree" not in text
    assert 'value="accept"' not in text
    answer = opened.post(member_client, choice="accept")
    assert answer.status_code == 409
    assert "reads your published text again just now" in answer.content.decode()
    judge(live.revision, Outcome.KEEP, rules=(), text="")
    opened.post(member_client, choice="accept")
    assert "[a town]" in page(Client(), reverse("stories:detail", args=[live.pk]))


def test_yes_to_a_change_of_a_text_that_was_taken_down_since_it_was_sent(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = make.published(by)
    edit = make.waiting(by, contribution=live.pk, text=SENT)
    judge(reported(live), Outcome.REMOVE)
    offered = proposal(edit, OFFERED)
    assert "You can then no longer appeal about an earlier version." in page(member_client, address(offered))
    appeal(live.pk, text="It says what helped me.", owner=by)
    assert "Your appeal about an earlier version ends then." in page(member_client, address(offered))
    assert answer_form(member_client, offered).post(member_client, choice="accept").status_code == 303
    assert Publication.objects.get().revision_id == offered.pk
    assert Case.objects.get(cause="appeal").closing == "moot"
    assert "Ask for somebody else to decide" not in page(member_client, address(offered))
    assert Revision.objects.get(pk=live.revision_id).state == State.SUPERSEDED


def test_yes_to_an_appeal_ends_a_proposal_about_what_it_replaces(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = make.published(by, text=SENT)
    edit = make.waiting(by, contribution=live.pk, text=f"{SENT} And more.")
    judge(edit, Outcome.REFUSE)
    offered = proposal(reported(live), OFFERED)
    opened = answer_form(member_client, offered)
    appeal(live.pk, text="It says what helped me.", owner=by)
    judge(edit, Outcome.APPROVE)
    assert Revision.objects.get(pk=offered.pk).state == State.SUPERSEDED
    answer = opened.post(member_client, choice="accept")
    assert answer.status_code == 409
    assert "There is no proposal to answer here any more" in answer.content.decode()
    assert Publication.objects.get().revision_id == edit.pk


def test_draft_that_was_begun_waits_for_the_answer(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = make.published(by, text=SENT)
    revision = reported(live)
    begun = make.draft(by, contribution=live.pk, text=f"{SENT} And more.")
    offered = proposal(revision, OFFERED)
    assert "What do you want?" in page(member_client, address(offered))
    assert member_client.get(reverse("stories:preview", args=[live.pk])).status_code == 302
    answer_form(member_client, offered).post(member_client, choice="accept")
    assert "You began a change." in page(member_client, address(offered))
    assert make.draft(by, contribution=live.pk, text=SENT).pk == begun.pk
    assert make.waiting(by, contribution=live.pk, text=SENT).pk == begun.pk


def test_proposal_to_a_reply_is_answered_too(member: User, member_client: Client) -> None:
    reply = make.reply(make.published(), make.owner(member))
    offered = proposal(reply, f"{make.REPLY} Yes.")
    answer = answer_form(member_client, offered).post(member_client, choice="change")
    assert member_client.get(answer.url, follow=True).status_code == 200
    assert Revision.objects.get(state=State.DRAFT).text.endswith(" Yes.")


def test_first_of_two_people_is_not_told(member: User, member_client: Client) -> None:
    sent = make.waiting(make.owner(member), text=SENT)
    judge(sent, Outcome.PROPOSE, redaction={"text": OFFERED}, is_grave=True)
    text = page(member_client, address(sent))
    assert "Waiting to be read" in text
    assert "Two people read a text like this one before it is public" in text
    for untold in (NOTE, "[a town]", "proposed"):
        assert untold not in text
    assert Contribution.objects.count() == 1


def test_a_word_on_why_goes_with_ones_own_words_to_whoever_reads_them(
    offered: Revision, member: User, member_client: Client
) -> None:
    why, by = "The town is made up, nobody can be found by it.", make.owner(member)
    too_long = answer_form(member_client, offered).post(member_client, choice="own", why="x" * 501)
    assert too_long.status_code == 422
    assert form(too_long, "/answer/").fields["why"] == ["x" * 501]
    answer_form(member_client, offered).post(member_client, choice="own", why=why)
    preview = reverse("stories:preview", args=[offered.contribution_id])
    make.draft(by, contribution=offered.contribution_id, text=SENT)
    assert why in page(member_client, preview)
    assert submit(offered.contribution_id, owner=by).why == why
    reader = make.moderator()
    held = claim(Case.objects.get(closing="").pk, moderator=reader)
    assert why in page(make.client_of(reader), reverse("moderation:case", args=[held.pk]))
    assert take_back(offered.contribution_id, owner=by).why == why


def test_no_word_on_why_goes_with_words_that_are_not_ones_own(offered: Revision, member_client: Client) -> None:
    answer_form(member_client, offered).post(member_client, choice="change", why="Because it is made up.")
    assert Revision.objects.get(state=State.DRAFT).why == ""
