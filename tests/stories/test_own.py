from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from moderation.models import Case, Closing
from stories.lifecycle import State
from stories.models import Contribution, Outcome, Publication, Revision, Statement
from stories.own_texts import standing_of
from stories.owners import Owner
from tests import make
from tests.accounts.person import sign_in
from tests.stories.page import form, forms
from tests.stories.writing import at_step, look, open_form, send

pytestmark = pytest.mark.django_db
RECEIPT = "/stories/receipt/"
MINE = "/stories/mine/"


def status(revision: Revision) -> str:
    return reverse("stories:status", args=[revision.contribution_id])


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return str(page.content.decode())


def code_in(page: str) -> str:
    return re.findall(r'data-text="([0-9a-z-]{29})"', page)[0]


def test_status_of_a_waiting_text_says_how_long_it_takes(member: User, member_client: Client) -> None:
    page = text_of(member_client, status(make.waiting(make.owner(member))))
    assert "Waiting to be read" in page
    assert "They do not see who wrote it." in page
    assert "Take it back to change it" in page


def test_status_of_a_published_text_leads_to_it(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member), warnings=["w2"], warnings_added=["w5"])
    page = text_of(member_client, status(live.revision))
    assert "Everybody can read it." in page
    assert reverse("stories:detail", args=[live.pk]) in page
    assert "added this for readers: Self-harm or suicidal thoughts." in page


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(Outcome.ASK_CHANGES, "A change was asked for"), (Outcome.REFUSE, "Why it was not published")],
)
def test_status_of_an_answered_text_says_why(outcome: Outcome, words: str, member: User, member_client: Client) -> None:
    sent = make.waiting(make.owner(member))
    make.decided(sent, outcome, passages=[("title", 2, 6), ("text", 4, 13)], rules=("identify", "kind"))
    page = text_of(member_client, status(sent))
    assert words in page
    assert "Name nobody." in page
    assert "Be kind." in page
    assert "Please leave out the name, so that nobody can find her." in page
    assert "A program had marked" not in page, "it found nothing in this text"
    assert [re.sub("<.*", "", one) for one in re.findall(r'<mark class="signal">(.*?)</mark>', page)] == [
        "slow",
        make.TEXT[4:13],
    ]
    assert reverse("stories:write", args=[sent.contribution_id]) in page


def test_status_of_an_edit_says_what_readers_see(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = make.published(by)
    make.waiting(by, contribution=live.pk)
    page = text_of(member_client, status(live.revision))
    assert "Until then readers see the version that was approved." in page


@pytest.mark.parametrize("kind", ["waiting", "answered", "published"])
def test_status_asks_the_database_at_most_four_times_for_a_visitor(kind: str) -> None:
    visitor = Client()
    send_as_visitor(visitor)
    revision = Revision.objects.get()
    if kind == "answered":
        make.decided(revision, Outcome.ASK_CHANGES, passages=[("text", 1, 2)])
    if kind == "published":
        make.decided(revision, Outcome.APPROVE)
    with CaptureQueriesContext(connection) as first:
        text_of(visitor, status(revision))
    with CaptureQueriesContext(connection) as seen:
        text_of(visitor, status(revision))
    assert len(seen) <= 4
    assert len(first) - len(seen) == (0 if kind == "waiting" else 3), "news are noted, and then read again"


def send_as_visitor(visitor: Client) -> str:
    page = send(visitor).content.decode()
    return code_in(page)


def test_text_of_somebody_else_is_not_there(member_client: Client) -> None:
    sent = make.waiting()
    pk = sent.contribution_id
    for client in (Client(), member_client, make.client_of(make.moderator())):
        assert client.get(status(sent)).status_code == 404
        assert client.get(reverse("stories:withdraw", args=[pk])).status_code == 404
        assert client.get(reverse("stories:status", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("act", ["take_back", "withdraw", "discard", "adopt", "write", "preview", "fix"])
def test_nobody_acts_on_the_text_of_somebody_else(act: str, member: User, member_client: Client) -> None:
    sent = make.draft() if act == "discard" else make.waiting()
    mark = Owner.of_account(member).mark(sent.contribution_id)
    fields = {"writer": mark, "part": "story", "title": "x", "text": make.TEXT}
    answer = member_client.post(reverse(f"stories:{act}", args=[sent.contribution_id]), fields)
    sent.refresh_from_db()
    assert answer.status_code == 404
    assert sent.state == (State.DRAFT if act == "discard" else State.WAITING)
    assert sent.text == make.TEXT
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("act", ["take_back", "discard", "adopt"])
def test_acts_are_no_links(act: str, member_client: Client) -> None:
    assert member_client.get(reverse(f"stories:{act}", args=[uuid.uuid4()])).status_code == 405


def test_waiting_text_can_be_taken_back_and_changed(member: User, member_client: Client) -> None:
    sent = make.waiting(make.owner(member))
    answer = form(member_client.get(status(sent)), "/take-back/").post(member_client)
    assert answer.url == reverse("stories:step", args=[sent.contribution_id, "story"])
    assert form(member_client.get(answer.url), "/").fields["text"] == [make.TEXT]
    assert Case.objects.get().closing == Closing.MOOT
    assert "It was taken back" in text_of(member_client, status(sent))


def test_taking_back_too_late_says_what_happened(member: User, member_client: Client) -> None:
    sent = make.waiting(make.owner(member))
    page = member_client.get(status(sent))
    make.decided(sent, Outcome.APPROVE)
    answer = form(page, "/take-back/").post(member_client)
    assert answer.status_code == 409
    assert "This text is not waiting any more" in answer.content.decode()
    assert "Everybody can read it." in answer.content.decode()


def test_withdrawing_asks_once_and_is_felt_at_once(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member))
    asked = form(member_client.get(reverse("stories:withdraw", args=[live.pk])), "/withdraw/")
    assert Client().get(reverse("stories:detail", args=[live.pk])).status_code == 200
    first, second = asked.post(member_client), asked.post(member_client)
    assert first.status_code == second.status_code == 303
    assert Client().get(reverse("stories:detail", args=[live.pk])).status_code == 404
    assert not Publication.objects.filter(pk=live.pk).exists()
    page = text_of(member_client, first.url)
    assert "You withdrew this text." in page
    assert "Withdraw the text" not in page
    assert member_client.get(asked.action).status_code == 302


def test_draft_can_be_thrown_away(member_client: Client) -> None:
    kept = open_form(member_client).post(member_client, text="A line.", later="1")
    answer = form(member_client.get(kept.url), "/discard/").post(member_client)
    assert answer.url == MINE
    assert member_client.get(kept.url).status_code == 404
    assert not Contribution.objects.exists()


def test_draft_of_a_change_can_be_thrown_away_alone(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = make.published(by)
    make.draft(by, contribution=live.pk)
    answer = form(member_client.get(status(live.revision)), "/discard/").post(member_client)
    assert answer.url == status(live.revision)
    assert "Everybody can read it." in text_of(member_client, answer.url)


def test_warnings_that_were_added_are_those_of_what_readers_see(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = make.published(by, warnings=["w1"], warnings_added=["w5"])
    make.decided(make.waiting(by, contribution=live.pk, warnings=["w2", "w5"]), Outcome.REFUSE)
    standing = standing_of(by, live.pk)
    assert standing is not None
    assert standing.added_warnings == ["w5"]
    assert sorted(at_step(member_client, live.pk, "sharing").fields["warnings"]) == ["w2", "w5"]


def test_letters_are_told_in_their_order_and_not_before_two_agree(member: User) -> None:
    by = make.owner(member)
    sent = make.waiting(by)
    make.decided(sent, Outcome.REFUSE)
    with transaction.atomic():
        one = {"revision": sent, "case_id": uuid.uuid4()}
        Statement(pk=uuid.UUID(int=1), outcome=Outcome.APPROVE, number=3, told=False, **one).save()
        Statement(pk=uuid.UUID(int=2), outcome=Outcome.UPHOLD, number=2, rules=["kind"], text="So.", **one).save()
        standing = standing_of(by, sent.contribution_id)
        transaction.set_rollback(True)  # the database takes no letter without a decision
    assert standing is not None
    assert standing.letter is not None
    assert standing.letter.outcome == Outcome.UPHOLD
    titles = [str(event.title) for event in standing.events]
    assert titles == ["You sent it", "Not published", "Somebody else read it again: the decision stands"]


def test_code_opens_its_texts_however_it_is_typed() -> None:
    code = send_as_visitor(Client())
    other = Client(enforce_csrf_checks=True)
    typed = f" {code.upper().replace('-', ' ')} "
    answer = form(other.get(RECEIPT), "/").post(other, code=typed)
    assert answer.url == MINE
    page = text_of(other, MINE)
    assert "A slow way round" in page
    assert code_in(page) == code
    assert "Waiting to be read" in text_of(other, status(Revision.objects.get()))


def test_everything_works_by_receipt() -> None:
    code = send_as_visitor(Client())
    sent = Revision.objects.get()
    make.decided(sent, Outcome.ASK_CHANGES)
    other = Client()
    form(other.get(RECEIPT), "/").post(other, code=code)
    writing = at_step(other, sent.contribution_id, "sharing")
    seen = other.get(writing.post(other, consents=["publish", "rules"], look="1").url)
    back = form(other.get(form(seen, "/").post(other).url), "/take-back/").post(other)
    form(other.get(form(other.get(back.url), "/").post(other, look="1").url), "/").post(other)
    answer = form(other.get(reverse("stories:withdraw", args=[sent.contribution_id])), "/").post(other)
    assert "You withdrew this text." in text_of(other, answer.url)


def test_unknown_codes_are_answered_alike() -> None:
    visitor = Client()
    answers = []
    for code in ("2345-6789-abcd-efgh-jkmn-pqrs", "short", "0" * 24):
        answer = form(visitor.get(RECEIPT), "/").post(visitor, code=code)
        assert answer.status_code == 422
        answers.append(re.sub(r"csrfmiddlewaretoken\"[^>]*>", "", answer.content.decode()).replace(code, ""))
    assert answers[0] == answers[1] == answers[2]
    assert "There is no text under this code." in answers[0]
    assert visitor.get(MINE).url == RECEIPT


def test_typing_codes_has_a_limit() -> None:
    visitor = Client()
    statuses = [visitor.post(RECEIPT, {"code": f"{number:024d}"}).status_code for number in range(40)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_member_keeps_the_text_of_a_receipt(member: User) -> None:
    browser = Client()
    code = send_as_visitor(browser)
    sent = Revision.objects.get()
    assert "sign in, and type the code again" in text_of(browser, MINE)
    assert "also if you typed it before" in text_of(browser, RECEIPT)
    assert sign_in(browser, member.handle, make.PASSWORD).status_code == 302
    assert "its page offers to keep it with your account" in text_of(browser, MINE)
    assert "offers to keep it with your account" in text_of(browser, RECEIPT)
    form(browser.get(RECEIPT), "/receipt/").post(browser, code=code)
    assert "Under your receipt" in text_of(browser, MINE)
    answer = form(browser.get(status(sent)), "/keep/").post(browser)
    page = text_of(browser, answer.url)
    assert answer.status_code == 303
    assert not [one for one in forms(browser.get(answer.url)) if one.action.endswith("/keep/")]
    assert "data-text=" not in page
    assert Contribution.objects.owned_by(Owner.of_account(member)).get().from_receipt is False
    other = Client()
    assert form(other.get(RECEIPT), "/").post(other, code=code).status_code == 422


def test_nobody_keeps_a_text_without_an_account() -> None:
    browser = Client()
    send_as_visitor(browser)
    sent = Revision.objects.get()
    page = browser.get(status(sent))
    assert not [one for one in forms(page) if one.action.endswith("/keep/")]
    fields = form(page, "/take-back/").fields
    assert browser.post(reverse("stories:adopt", args=[sent.contribution_id]), fields).status_code == 404


def test_pages_of_an_owner_name_nobody(member: User, member_client: Client) -> None:
    page = look(member_client).content.decode() + send(member_client).content.decode()
    assert member.handle not in page
    assert str(member.pk) not in page
