"""The last look at a story, and the press that sends it."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from moderation.models import Case
from stories.actions import save_draft
from stories.lifecycle import State
from stories.models import Contribution, Revision
from stories.owners import Owner
from tests import make
from tests.accounts.person import bare, join, sign_in
from tests.stories.page import form, forms
from tests.stories.replying import answer_form
from tests.stories.writing import at_step, begin, go_on, look, send, to_send

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    """Somebody who writes: a member, or a visitor without an account. Tokens are checked."""
    user = make.member() if request.param == "member" else None
    return make.client_of(user, enforce_csrf_checks=True)


def only_text() -> Revision:
    return Revision.objects.exclude(state__in=[State.DISCARDED, State.TAKEN_BACK]).get()


def test_preview_shows_the_text_as_readers_will_see_it(writer: Client) -> None:
    page = look(writer, text=f"{make.TEXT}\n\n<b>bold</b> & https://x.example").content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;" in page
    assert "Somebody who has it or had it" in page
    assert "Not being believed by professionals" in page


def test_preview_marks_what_screening_found_and_sends_it_all_the_same(writer: Client) -> None:
    page = look(writer, text=f"{make.TEXT} Write to quiet.fern@example.org today.")
    assert re.search(
        r"Write to <mark class=\"signal\"[^>]*>quiet.fern@example.org<a [^>]*>[^<]*</a></mark> today\.</p>",
        page.content.decode(),
    )
    assert "This looks like an e-mail address." in page.content.decode()
    assert to_send(page).post(writer).status_code == 303
    assert only_text().state == State.WAITING


def test_preview_without_findings_says_nothing_of_a_program(writer: Client) -> None:
    assert "A program found" not in look(writer).content.decode()


def test_visitor_sees_the_receipt_before_and_after_sending_and_a_member_never() -> None:
    visitor, member = Client(), make.client_of(make.member())
    seen = look(visitor)
    code = re.search(r'data-text="([0-9a-z-]{29})"', seen.content.decode())
    assert code is not None
    after = to_send(seen).post(visitor)
    assert code[1] in visitor.get(after.url).content.decode()
    assert Contribution.objects.owned_by(Owner.of_code(code[1])).count() == 1
    assert "data-text=" not in look(member).content.decode() + send(member).content.decode()


def test_sending_twice_sends_one(writer: Client) -> None:
    page = to_send(look(writer))
    first, second = page.post(writer), page.post(writer)
    assert first.status_code == second.status_code == 303
    assert first.url == second.url
    assert Revision.objects.count() == Case.objects.count() == 1


def test_what_was_not_looked_at_is_not_sent(writer: Client) -> None:
    seen = to_send(look(writer))
    writing = at_step(writer, only_text().contribution_id, "story")
    writing.post(writer, text=f"{make.TEXT} And one more thing.")
    answer = seen.post(writer)
    assert answer.status_code == 409
    assert "This text was changed since you opened this page" in answer.content.decode()
    assert "And one more thing." in answer.content.decode()
    assert only_text().state == State.DRAFT
    assert to_send(answer).post(writer).status_code == 303
    assert only_text().state == State.WAITING


def test_preview_of_an_incomplete_draft_leads_back_to_the_step(writer: Client) -> None:
    seen = to_send(look(writer))
    pk = only_text().contribution_id
    at_step(writer, pk, "story").post(writer, title="")
    address = reverse("stories:step", args=[pk, "story"])
    assert writer.get(seen.action).url.startswith(address)
    assert seen.post(writer).url.startswith(address)
    assert writer.get(reverse("stories:write", args=[pk])).url == address


def test_preview_of_a_sent_text_leads_to_where_it_stands(writer: Client) -> None:
    send(writer)
    pk = only_text().contribution_id
    assert writer.get(reverse("stories:preview", args=[pk])).url == reverse("stories:status", args=[pk])
    assert writer.get(reverse("stories:write", args=[pk])).url == reverse("stories:status", args=[pk])


def test_too_many_waiting_texts_keep_the_draft_and_say_why(writer: Client, settings: Any) -> None:
    settings.OWNER_WAITING_CAP = 1
    send(writer)
    answer = to_send(look(writer)).post(writer)
    assert answer.status_code == 409
    assert "You have 1 texts waiting to be read" in answer.content.decode()
    assert Revision.objects.in_state(State.DRAFT).get().text == make.TEXT


def test_page_with_a_form_is_for_nobody_else(writer: Client) -> None:
    pk = uuid.UUID(re.findall(r"[0-9a-f-]{36}", str(look(writer).request["PATH_INFO"]))[0])
    for other in (Client(), make.client_of(make.member()), make.client_of(make.moderator())):
        assert other.get(reverse("stories:preview", args=[pk])).status_code == 404
        assert other.get(reverse("stories:status", args=[pk])).status_code == 404
        assert other.get(reverse("stories:withdraw", args=[pk])).status_code == 404
    assert make.TEXT.split("\n")[0] not in Client().get(reverse("stories:write", args=[pk])).content.decode()


@pytest.mark.parametrize("way", ["sign up", "sign in"])
def test_text_begun_by_a_visitor_is_found_again_with_an_account(member: User, way: str) -> None:
    browser = Client()
    go_on(browser, go_on(browser, begin(browser)), title="Half", text="Only half.")
    code, draft = browser.session["receipt"], Revision.objects.get()
    for address in ("/accounts/signup/", "/accounts/login/", "/accounts/recovery/"):
        page = browser.get(address).content.decode()
        assert "You began a text here." in page
        assert f'data-text="{code}"' in page
        assert "/static/js/copy." in page
    if way == "sign up":
        join(browser)
    else:
        sign_in(browser, member.handle, make.PASSWORD)
    assert browser.get(reverse("stories:status", args=[draft.contribution_id])).status_code == 404
    form(browser.get("/stories/receipt/"), "/receipt/").post(browser, code=code)
    where = reverse("stories:status", args=[draft.contribution_id])
    keep = next(one for one in forms(browser.get(where)) if one.action.endswith("/keep/"))
    assert keep.post(browser).status_code == 303
    again = browser.get(reverse("stories:step", args=[draft.contribution_id, "story"]))
    assert form(again, "/story/").fields["text"] == ["Only half."]
    assert Contribution.objects.get().from_receipt is False


def test_visitors_without_a_text_sign_in_on_the_same_page() -> None:
    opened, other = Client(), Client()
    begin(opened)
    assert "receipt" in opened.session
    for address in ("/accounts/signup/", "/accounts/login/"):
        assert bare(opened.get(address)) == bare(other.get(address))
        assert "data-text=" not in other.get(address).content.decode()


def test_hope_alone_is_kept_of_an_answer(member_client: Client) -> None:
    story = make.published()
    answer_form(member_client, story).post(member_client, hope="on", later="1")
    assert Revision.objects.get(contribution__parent=story.pk).hope


def test_consents_are_said_by_one_speaker(member_client: Client) -> None:
    page = member_client.get(reverse("stories:step", args=[uuid.uuid4(), "sharing"])).content.decode()
    assert "This text may be published here once a person has read it. I can withdraw it at any time." in page
    assert "this text names nobody, as far as I can tell." in page
    assert "You may publish" not in page


def test_new_version_keeps_wishes_and_asks_again_for_what_is_needed() -> None:
    by = make.owner()
    live = make.published(by, consents=["publish", "rules", "statistics", "index"])
    assert save_draft(live.pk, {"title": "Mended"}, owner=by).consents == ["statistics", "index"]
