"""The leads' pages: people, words, agreement, and an invitation's whole way."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Role, User
from moderation.actions import claim
from moderation.actions.leading import LAST_LEAD, change_role, close_account
from moderation.drafts import drafts
from moderation.models import Case, Entry, Wording
from stories.models import Outcome
from stories.refusals import Refused
from tests import make
from tests.moderation.desk import plain

pytestmark = pytest.mark.django_db
LEAD = "/moderation/lead/"
CODE = re.compile(r"#((?:\w{4}-){5}\w{4})")
PASSWORD = "seven quiet harbours here"


@pytest.fixture
def lead() -> User:
    return make.moderator(role=Role.LEAD)


@pytest.fixture
def browser(lead: User) -> Client:
    return make.client_of(lead)


def invited(browser: Client, role: str = "moderator") -> str:
    """Make an invitation as a lead does and return its code."""
    page = browser.post(f"{LEAD}people/invite/", {"role": role}).content.decode()
    found = CODE.search(page)
    assert found
    return found[1]


def join(code: str, password: str = PASSWORD) -> tuple[Client, Any]:
    """Open the page of an invitation and send it."""
    visitor = Client()
    handle = visitor.get("/accounts/invitation/").context["form"].initial["handle"]
    return visitor, visitor.post("/accounts/invitation/", {"code": code, "handle": handle, "password": password})


def acts() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("act", flat=True))


def test_an_invitation_makes_an_account_that_sees_nothing_before_its_second_step(browser: Client) -> None:
    code = invited(browser)
    visitor, answer = join(code)
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/totp/activate/")
    assert User.objects.filter(role=Role.MODERATOR).count() == 1
    assert visitor.get("/moderation/").url == "/accounts/2fa/totp/activate/"
    assert visitor.get("/stories/new/").status_code == 403
    assert acts() == ["invite", "join"]


def test_an_invitation_works_once_and_says_so(browser: Client) -> None:
    code = invited(browser)
    join(code)
    _visitor, answer = join(code)
    assert answer.status_code == 422
    assert "was used already" in plain(answer.content)
    assert User.objects.filter(role=Role.MODERATOR).count() == 1


def test_an_invitation_that_has_run_out_says_so(browser: Client) -> None:
    code = invited(browser)
    Invitation.objects.update(expires_on=timezone.now().date() - timedelta(days=1))
    assert "has run out" in plain(join(code)[1].content)


@pytest.mark.parametrize("code", ["", "abcd", "2222-3333-4444-5555-6666-7777"])
def test_a_code_that_is_none_opens_nothing(browser: Client, code: str) -> None:
    assert join(code)[1].status_code == 422
    assert not User.objects.filter(role=Role.MODERATOR).exists()


def test_an_invitation_can_be_taken_back(browser: Client) -> None:
    code = invited(browser)
    browser.post(f"{LEAD}people/invitations/{Invitation.objects.get().pk}/")
    assert "do not know this invitation" in plain(join(code)[1].content)


def test_too_easy_a_password_uses_nothing_up(browser: Client) -> None:
    code = invited(browser)
    assert join(code, "password")[1].status_code == 422
    assert Invitation.objects.get().is_used is False
    assert join(code)[1].status_code == 302


def test_the_code_is_kept_as_a_digest_only(browser: Client) -> None:
    code = invited(browser)
    assert code.replace("-", "").encode() not in bytes(Invitation.objects.get().digest)
    assert code not in browser.get(f"{LEAD}people/").content.decode()


def test_no_invitation_makes_a_member(browser: Client) -> None:
    assert browser.post(f"{LEAD}people/invite/", {"role": "member"}).status_code == 422
    assert not Invitation.objects.exists()


def test_handles_are_shown_to_leads_with_who_has_a_second_step(browser: Client) -> None:
    one, member = make.moderator(second_factor=False), make.member()
    page = plain(browser.get(f"{LEAD}people/").content)
    assert f"{one.handle} Not yet" in page
    assert member.handle not in page


def test_a_role_is_changed_and_what_was_held_is_free(browser: Client) -> None:
    one = make.moderator()
    held = claim(make.case().pk, moderator=one)
    browser.post(f"{LEAD}people/{one.pk}/", {"role": "editor"})
    one.refresh_from_db()
    assert one.role == Role.EDITOR
    assert Case.objects.get(pk=held.pk).lease_by is None
    assert "change_role" in acts()


def test_an_account_is_closed_for_good(browser: Client) -> None:
    one = make.moderator()
    held, theirs = claim(make.case().pk, moderator=one), make.client_of(one)
    assert theirs.get("/moderation/").status_code == 200
    assert "sign" in plain(browser.get(f"{LEAD}people/{one.pk}/close/").content)
    browser.post(f"{LEAD}people/{one.pk}/close/")
    assert theirs.get("/moderation/").status_code == 302
    assert Case.objects.get(pk=held.pk).lease_by is None
    assert one.handle not in plain(browser.get(f"{LEAD}people/").content)
    assert acts()[-1] == "close_account"
    for path, typed in ((f"{LEAD}people/{one.pk}/", {"role": "editor"}), (f"{LEAD}people/{one.pk}/close/", {})):
        assert "This account was closed meanwhile." in plain(browser.post(path, typed, follow=True).content)
    assert acts()[-1] == "close_account"


def test_the_last_lead_stays(lead: User, browser: Client) -> None:
    with pytest.raises(Refused, match=str(LAST_LEAD)):
        change_role(lead.pk, Role.MODERATOR, lead=lead)
    with pytest.raises(Refused, match=str(LAST_LEAD)):
        close_account(lead.pk, lead=lead)
    assert "only lead" in plain(browser.post(f"{LEAD}people/{lead.pk}/close/", follow=True).content)
    make.moderator(role=Role.LEAD, second_factor=False)
    with pytest.raises(Refused, match=str(LAST_LEAD)):
        change_role(lead.pk, Role.MODERATOR, lead=lead)
    other = make.moderator(role=Role.LEAD)
    close_account(lead.pk, lead=other)
    assert other in User.objects.working_here()
    assert lead not in User.objects.working_here()


def test_a_member_is_no_staff_to_a_lead(browser: Client) -> None:
    member = make.member()
    assert browser.post(f"{LEAD}people/{member.pk}/", {"role": "lead"}).status_code == 404
    assert browser.get(f"{LEAD}people/{member.pk}/close/").status_code == 404


def test_the_words_of_a_rule_change_everywhere_and_its_code_nowhere(browser: Client, member: User) -> None:
    where = f"{LEAD}words/rule/kind/en/"
    typed = {"title": "Be gentle", "text": "Gentle words, please.", "reason": "Be gentler, and send it again."}
    shown = browser.post(where, typed | {"preview": "1"})
    assert "Nothing is saved yet" in plain(shown.content)
    assert not Wording.objects.exists()
    assert browser.post(where, typed | {"save": "1"}).status_code == 303
    rules = plain(Client().get("/rules/").content)
    assert "Be gentle" in rules
    assert "Be kind" not in rules
    text = make.waiting(make.owner(member))
    make.decided(text, Outcome.ASK_CHANGES, rules=["kind"])
    status = make.client_of(member).get(f"/stories/status/{text.contribution_id}/")
    assert "Be gentler, and send it again." in plain(status.content)
    assert browser.get(f"{LEAD}words/rule/other/en/").status_code == 404
    browser.post(where, dict.fromkeys(typed, "") | {"save": "1"})
    assert "Be kind" in plain(Client().get("/rules/").content)
    assert acts().count("wording") == 2


def test_words_that_are_the_packs_are_not_kept(browser: Client) -> None:
    where = f"{LEAD}words/rule/kind/en/"
    initial = browser.get(where).context["form"].initial
    browser.post(where, initial | {"title": "Be gentle", "save": "1"})
    assert Wording.objects.get().fields == {"title": "Be gentle"}


def test_a_template_is_written_and_taken_away(browser: Client) -> None:
    new = re.compile(rf"{LEAD}words/template/letter-\w{{8}}/en/")
    drawn = [new.search(browser.get(f"{LEAD}words/").content.decode()) for _lead in range(2)]
    assert drawn[0]
    assert drawn[1]
    where = drawn[0][0]
    assert where != drawn[1][0], "two leads who begin at once write two templates"
    assert browser.post(where, {"title": "Names", "text": ""}).status_code == 422
    browser.post(where, {"title": "Names", "text": "Please leave out [which name].", "save": "1"})
    assert "Names" in plain(browser.get(f"{LEAD}words/").content)
    browser.post(where, {"title": "", "text": "", "save": "1"})
    assert not Wording.objects.exists()


def test_a_template_that_came_with_the_site_is_found_and_changed(browser: Client) -> None:
    where = f"{LEAD}words/template/contact/en/"
    page = browser.get(f"{LEAD}words/").content.decode()
    assert where in page
    assert "Contact details" in plain(page)
    initial = browser.get(where).context["form"].initial
    assert "ways to reach a person" in initial["text"]
    browser.post(where, initial | {"title": "No numbers", "save": "1"})
    assert Wording.objects.get().fields == {"title": "No numbers"}
    assert "No numbers in your words" in plain(browser.get(f"{LEAD}words/").content)
    assert ("No numbers", initial["text"]) in [(one.title, one.text) for one in drafts("en")]
    browser.post(where, {"title": "", "text": "", "save": "1"})
    assert "Contact details" in plain(browser.get(f"{LEAD}words/").content)
