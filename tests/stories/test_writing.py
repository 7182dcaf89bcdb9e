from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from moderation.models import Case
from stories.lifecycle import State
from stories.models import Contribution, Outcome, Revision
from stories.text import clean
from tests import make
from tests.stories.page import form
from tests.stories.writing import BY_STEP, STEPS, TYPED, at_step, begin, go_on, look, open_form, send, to_send

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["member", "visitor"])
def writer(request: pytest.FixtureRequest) -> Client:
    """Somebody who writes: a member, or a visitor without an account. Tokens are checked."""
    user = make.member() if request.param == "member" else None
    return make.client_of(user, enforce_csrf_checks=True)


def only_text() -> Revision:
    return Revision.objects.exclude(state__in=[State.DISCARDED, State.TAKEN_BACK]).get()


def test_story_goes_from_the_form_to_the_queue(writer: Client) -> None:
    page = send(writer)
    revision = only_text()
    assert page.status_code == 200
    assert "Waiting to be read" in page.content.decode()
    assert (revision.state, revision.title, revision.text) == (State.WAITING, TYPED["title"], make.TEXT)
    assert (revision.role, revision.warnings, revision.consents) == ("self", ["w3"], ["publish", "rules"])
    assert Case.objects.get().revision == revision


def test_new_asks_who_writes_and_leads_to_an_address_of_its_own() -> None:
    addresses = []
    for _ in range(2):
        page = Client().get("/stories/new/").content.decode()
        links = re.findall(r'href="(/stories/new/[0-9a-f-]{36}/)\?f=(r\d)"', page)
        assert [facet for _, facet in links] == ["r1", "r2", "r3"]
        addresses += {address for address, _ in links}
    assert len(set(addresses)) == 2


def test_new_takes_who_writes_from_the_address() -> None:
    begun = Client().get("/stories/new/?f=r2")
    page = Client().get(begun.url, follow=True)
    assert re.fullmatch(r"/stories/new/[0-9a-f-]{36}/\?f=r2", begun.url)
    assert form(page, "/about/").fields["role"] == ["partner"]
    assert "Whose story is this?" in page.content.decode()
    assert Client().get("/stories/new/?f=r9").status_code == 200


def test_new_offers_what_was_begun(writer: Client) -> None:
    open_form(writer).post(writer, **TYPED, later="1")
    draft = only_text()
    page = writer.get("/stories/new/")
    assert reverse("stories:write", args=[draft.contribution_id]) in page.content.decode()
    assert "Who is writing?" in writer.get("/stories/new/?new=1").content.decode()
    assert "You have begun something" in writer.get("/stories/new/?f=r2").content.decode()


INCOMPLETE = [
    ("story", {"title": ""}, "Please give your story a title."),
    ("story", {"title": "x" * 121}, "Your title has 121 characters, and 120 fit."),
    ("story", {"text": ""}, "Please write your story here."),
    ("story", {"text": "Too short."}, "Please write at least a few sentences, so that a reader can follow."),
    ("about", {"role": None}, "Please choose one, so that readers know who is speaking."),
    ("sharing", {"consents": None}, "Please tick both."),
    ("sharing", {"consents": ["publish"]}, "Please tick both."),
]


@pytest.mark.parametrize(("step", "changes", "sentence"), INCOMPLETE)
def test_incomplete_step_is_kept_and_given_back(
    writer: Client, step: str, changes: dict[str, Any], sentence: str
) -> None:
    typed = TYPED | changes
    answer = open_form(writer).post(writer, **typed)
    if answer.status_code == 303:
        answer = writer.get(answer.url)
    else:
        assert answer.status_code == 422
        assert len(typed["title"]) > settings.TITLE_MAX
    again, draft = form(answer, "/"), only_text()
    assert step in again.fields["part"]
    assert sentence in answer.content.decode()
    for name, value in changes.items():
        wanted = value if isinstance(value, list) else [value]
        assert again.fields.get(name, [None]) == wanted
    assert (draft.state, draft.title, draft.text) == (State.DRAFT, typed["title"][:120], typed["text"])
    assert again.post(writer, **BY_STEP[step]).status_code == 303
    assert only_text().text == make.TEXT


@pytest.mark.parametrize(("step", "changes", "sentence"), INCOMPLETE)
def test_incomplete_page_of_one_step_says_what_is_missing(
    writer: Client, step: str, changes: dict[str, Any], sentence: str
) -> None:
    pk = uuid.uuid4()
    at_step(writer, pk, "about").post(writer, role="self")
    answer = at_step(writer, pk, step).post(writer, **(BY_STEP[step] | changes))
    assert answer.status_code in {303, 422}
    page = answer if answer.status_code == 422 else writer.get(answer.url)
    assert sentence in page.content.decode()
    assert form(page, f"/{step}/").post(writer, **BY_STEP[step]).status_code == 303


def test_form_with_nothing_typed_makes_no_text(writer: Client) -> None:
    writing = at_step(writer, uuid.uuid4(), "story")
    answer = writing.post(writer, title=" ", text=" ")
    assert "Please write your story here." in writer.get(answer.url).content.decode()
    assert writing.post(writer, title=" ", later="1").url.split("?")[0] == answer.url.split("?")[0]
    assert not Contribution.objects.exists()


def test_text_that_is_too_long_is_given_back_whole(writer: Client) -> None:
    text = "word " * 10_001
    answer = open_form(writer).post(writer, **(TYPED | {"text": text}))
    assert answer.status_code == 422
    assert "50,004 characters, and 50,000 fit" in answer.content.decode()
    assert form(answer, "/").fields["text"] == [text]
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("changes", [{"title": "x" * 200}, {"text": "word " * 10_001}])
def test_what_does_not_fit_is_not_kept_for_later_without_a_word(writer: Client, changes: dict[str, Any]) -> None:
    typed = TYPED | changes
    answer = open_form(writer).post(writer, **typed, later="1")
    again = form(answer, "/").fields
    assert answer.status_code == 422
    assert "fit" in answer.content.decode()
    assert (again["title"], again["text"]) == ([typed["title"]], [typed["text"]])


def test_browser_lets_nobody_type_more_than_a_request_holds(writer: Client) -> None:
    page = writer.get(f"/stories/new/{uuid.uuid4()}/story/").content.decode()
    title, text = (int(one) for one in re.findall(r'maxlength="(\d+)"', page))
    assert title == settings.TITLE_MAX
    assert text > settings.TEXT_MAX
    # Nine bytes: a letter of three in UTF-8, each written as a percent sign and two digits.
    assert 9 * (title + text) + 10_000 < settings.BODY_MAX_BYTES


def test_text_that_is_far_too_long_in_any_script_is_given_back_whole(writer: Client) -> None:
    opened, text = open_form(writer), "\u8a00" * 99_999
    body = urlencode(opened.fields | TYPED | {"text": text}, doseq=True)
    answer = writer.post(opened.action, body, content_type="application/x-www-form-urlencoded")
    assert len(body) < settings.BODY_MAX_BYTES
    assert answer.status_code == 422
    assert "99,999 characters, and 50,000 fit" in answer.content.decode()
    assert form(answer, "/").fields["text"] == [text]


def test_draft_can_be_kept_for_later(writer: Client) -> None:
    answer = form(go_on(writer, begin(writer)), "/story/").post(writer, text="Only a beginning.", later="1")
    page = writer.get(answer.url)
    assert answer.status_code == 303
    assert "Only you can see this." in page.content.decode()
    back = writer.get(reverse("stories:write", args=[only_text().contribution_id]), follow=True)
    assert form(back, "/story/").fields["text"] == ["Only a beginning."]


def test_going_back_from_the_preview_shows_the_draft(writer: Client) -> None:
    look(writer)
    pk, shown = only_text().contribution_id, {}
    for step in STEPS:
        shown |= at_step(writer, pk, step).fields
    assert {name: shown[name] for name in TYPED if name != "part"} == {
        name: value if isinstance(value, list) else [value] for name, value in TYPED.items() if name != "part"
    }


def test_what_cannot_be_seen_is_not_kept(writer: Client) -> None:
    typed = f"  {make.TEXT}\u202e\u200b \r\n\r\n\r\n\r\nThe end.\x07 "
    look(writer, text=typed, title="  Two\u2028lines\t ")
    revision = only_text()
    assert revision.text == clean(typed) == f"{make.TEXT}\n\nThe end."
    assert revision.title == "Two lines"


def test_writing_while_it_is_being_read_gives_the_words_back(writer: Client) -> None:
    writing = open_form(writer)
    writing.post(writer, **TYPED)
    to_send(writer.get(reverse("stories:preview", args=[only_text().contribution_id]))).post(writer)
    answer = writing.post(writer, **(TYPED | {"text": f"{make.TEXT} Late."}))
    assert answer.status_code == 409
    assert "This text is waiting to be read. Take it back first" in answer.content.decode()
    assert form(answer, "/").fields["text"] == [f"{make.TEXT} Late."]
    assert only_text().text == make.TEXT


def test_answer_to_a_request_begins_with_the_words_and_the_letter(member: User, member_client: Client) -> None:
    sent = make.waiting(make.owner(member), warnings=["w2"])
    make.decided(sent, Outcome.ASK_CHANGES, passages=[("text", 4, 13)])
    page = member_client.get(reverse("stories:write", args=[sent.contribution_id]), follow=True)
    answer, sharing = form(page, "/story/"), at_step(member_client, sent.contribution_id, "sharing")
    assert "Please leave out the name, so that nobody can find her." in page.content.decode()
    assert "<mark" in page.content.decode()
    assert answer.fields["text"] == [make.TEXT]
    assert sharing.fields["warnings"] == ["w2"]
    assert "consents" not in sharing.fields
    seen = member_client.get(answer.post(member_client, **(TYPED | {"text": f"{make.TEXT} Better."})).url)
    assert to_send(seen).post(member_client).status_code == 303
    states = Revision.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == [State.SUPERSEDED, State.WAITING]


def test_edit_begins_with_the_warnings_that_were_added(member: User, member_client: Client) -> None:
    live = make.published(make.owner(member), warnings=["w1"], warnings_added=["w5"])
    page = member_client.get(reverse("stories:step", args=[live.pk, "sharing"]))
    assert form(page, "/").fields["warnings"] == ["w1", "w5"]
    assert "Readers see the version that was approved" in page.content.decode()


def test_withdrawn_words_can_begin_a_new_text(member: User, member_client: Client) -> None:
    told = {"answers": {"stage": "s3"}, "treatments": [{"code": "t01", "help": "h2"}], "warnings": ["w1"]}
    live = make.published(make.owner(member), **told)
    form(member_client.get(reverse("stories:withdraw", args=[live.pk])), "/").post(member_client)
    page = member_client.get(f"/stories/new/?from={live.pk}", follow=True)
    assert form(page, "/").fields["text"] == [make.TEXT]
    assert str(live.pk) not in form(page, "/").action
    begun = form(page, "/").post(member_client)
    again = Contribution.objects.exclude(pk=live.pk).get().revisions.get()
    assert begun.url == reverse("stories:step", args=[again.contribution_id, "sharing"])
    assert (again.title, again.role, again.warnings, again.consents) == ("A slow way round", "self", ["w1"], [])
    assert (again.answers, again.treatments) == ({"stage": "s3"}, [{"code": "t01", "help": "h2"}])
    other = make.client_of(make.member()).get(f"/stories/new/?from={live.pk}", follow=True)
    assert form(other, "/").fields["text"] == [""]


@pytest.mark.parametrize("source", ["x", "%00", "00000000-0000-4000-8000-000000000000"])
def test_words_of_nowhere_begin_nothing(source: str) -> None:
    page = Client().get(f"{reverse('stories:write', args=[uuid.uuid4()])}?from={source}", follow=True)
    assert page.status_code in {200, 400}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MEMBER])
def test_staff_accounts_do_not_post(role: Role) -> None:
    client = make.client_of(make.member(role=role), enforce_csrf_checks=True)
    pk = uuid.uuid4()
    for name, args in (("new", []), ("write", [pk]), ("mine", []), ("receipt", [])):
        page = client.get(reverse(f"stories:{name}", args=args))
        assert page.status_code == 403
        assert "This account does not post" in page.content.decode()
    assert client.get(reverse("stories:status", args=[pk])).status_code == 404


def test_staff_own_nothing_even_with_a_receipt_in_the_visit() -> None:
    browser = Client()
    sent = send(browser)
    browser.force_login(make.moderator())
    assert browser.get(sent.request["PATH_INFO"]).status_code == 404
    assert form(sent, "/take-back/").post(browser).status_code == 403
    assert only_text().state == State.WAITING


def test_staff_who_post_are_given_their_words_back(moderator_client: Client) -> None:
    answer = moderator_client.post(reverse("stories:write", args=[uuid.uuid4()]), TYPED)
    assert answer.status_code == 403
    assert "Accounts that review texts do not post." in answer.content.decode()
    assert form(answer).fields["text"] == [make.TEXT]
    assert form(answer).action == ""
    assert not Contribution.objects.exists()


def test_forms_ask_for_the_language_and_begin_with_that_of_the_page() -> None:
    address = reverse("stories:step", args=[uuid.uuid4(), "sharing"])

    for language in ("en", "es"):
        page = Client(headers={"accept-language": language}).get(address).content.decode()
        options = re.findall(r'<option value="(\w+)"( selected)?>', page.partition('name="language"')[2])
        assert options[:2] == [(one, " selected" if one == language else "") for one in ("en", "es")]
