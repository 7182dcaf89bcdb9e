"""Switching the weekly note on with the very mail in view, and off, from the page and from the mail."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

import content
from accounts import keeping, rounds, weekly
from accounts.keys import ADDRESS_BYTES
from accounts.models import Consent, Reminder, User
from tests import make
from tests.accounts.person import contents
from tests.accounts.post_office import Office, opened
from tests.accounts.test_rounds import NOW
from tests.stories.page import form

pytestmark = pytest.mark.django_db
PAGE, ADDRESS = "/accounts/reminder/", "canary.one@quay.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def mails(settings: Any) -> None:
    settings.MAIL, settings.MAIL_FROM = {"host": "unused"}, "Post <post@harbour.example>"
    settings.SITE_URL, settings.EMAIL_BACKEND = "https://harbour.example", settings.EMAIL_BACKEND


def previewed(client: Client, address: str = ADDRESS) -> Any:
    answer = client.post(PAGE, {"preview": "1", "address": address})
    assert answer.status_code == 200
    return answer


def on(client: Client, page: Any) -> Any:
    return form(page, PAGE).post(client, on="1")


def said(page: Any, part: str) -> str:
    found = re.search(rf'id="mail-{part}"[^>]*>(.*?)</', page.content.decode(), re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_mail_that_was_looked_at_is_the_mail_that_goes_out(language: str, member: User) -> None:
    client = make.client_of(member, headers={"accept-language": language})
    page = previewed(client)
    assert not Reminder.objects.exists(), "nothing is on before it is confirmed"
    assert on(client, page).status_code == 302
    make.client_of(member).post("/language/", {"language": "es" if language == "en" else "en"})
    keeping.keep_look(member, language="")
    with opened(Office()) as office:
        assert rounds.go_on(NOW, seconds=60, stopping=lambda: False) == (1, 0)
    (mail,), (wire,) = office.mails, office.wire
    assert mail.get_content().replace("\r\n", "\n") == said(page, "text")
    assert [mail[name] for name in ("From", "To", "Subject")] == [
        said(page, one) for one in ("sender", "to", "subject")
    ]
    assert wire[:2] == ("post@harbour.example", [ADDRESS])
    assert list(mail.walk()) == [mail], "plain words, and nothing beside them"


@pytest.mark.parametrize("language", [code for code, _name in site.LANGUAGES])
def test_the_mail_says_nothing(language: str) -> None:
    mail = weekly.mail_to(uuid.uuid4(), ADDRESS, language)
    whole = mail.message().message().as_string().casefold()
    words = [word for code, _name in site.LANGUAGES for word in content.load(code).forbidden_in_addresses]
    assert words
    assert [word for word in words if word.casefold() in whole] == []
    told = re.sub(r"https://\S+", "", mail.text + mail.subject).casefold()
    for word in ("news", "stor", "text", "communit", "health", "help", "patient", "partner", site.SITE_NAME.casefold()):
        assert word not in told, word
    assert re.findall(r"https://\S+", mail.text) == ["https://harbour.example/", mail.off]
    other = weekly.mail_to(uuid.uuid4(), ADDRESS, language)
    assert mail.text.replace(mail.off, "") == other.text.replace(other.off, "")


def test_nothing_switches_it_on_but_the_form_under_the_mail(member: User, member_client: Client) -> None:
    stranger = previewed(make.client_of(make.member()))
    seen = form(stranger, PAGE).fields["seen"]
    for typed in ({"on": "1"}, {"on": "1", "seen": "AAAA"}, {"on": "1", "seen": seen}, {"on": "1", "address": ADDRESS}):
        assert member_client.post(PAGE, typed).status_code == 422
    assert not Reminder.objects.exists()


def test_a_mail_that_changed_meanwhile_is_shown_again(member: User, member_client: Client, settings: Any) -> None:
    page = previewed(member_client)
    settings.MAIL_FROM = "Other <other@harbour.example>"
    answer = on(member_client, page)
    assert answer.status_code == 409
    assert "The mail has changed since you looked at it." in answer.content.decode()
    assert not Reminder.objects.exists()
    on(member_client, answer)
    assert Reminder.objects.get().opened_address == ADDRESS


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a@b", "two@quay.example, three@quay.example", f"{'a' * 300}@b.example"]
)
def test_what_is_no_address_is_said_beside_the_field(typed: str, member_client: Client) -> None:
    answer = member_client.post(PAGE, {"preview": "1", "address": typed})
    assert answer.status_code == 422
    assert 'id="id_address"' in answer.content.decode()
    assert "invalid" in answer.content.decode()


@pytest.mark.parametrize("typed", ["a@b.example\nBcc: c@d.example", "a@b.example\r\n.\r\nMAIL FROM:<x@y.example>"])
def test_no_header_is_slipped_in(typed: str, member_client: Client) -> None:
    assert member_client.post(PAGE, {"preview": "1", "address": typed}).status_code == 422


def test_the_address_is_sealed_and_every_one_is_as_long(member: User, member_client: Client) -> None:
    on(member_client, previewed(member_client))
    long = f"{'l' * 60}@{'m' * 60}.{'n' * 60}.{'o' * 50}.example"
    other = make.client_of(make.member())
    on(other, previewed(other, long))
    sizes = {len(bytes(one.address)) for one in Reminder.objects.all()}
    assert len(sizes) == 1
    assert sizes.pop() > ADDRESS_BYTES
    assert {one.opened_address for one in Reminder.objects.all()} == {ADDRESS, long}
    rows = str(contents())
    assert [one for one in ("canary", "quay", ADDRESS.encode().hex(), "llll") if one in rows] == []


def test_it_is_shown_masked_and_goes_with_one_press(member: User, member_client: Client) -> None:
    on(member_client, previewed(member_client))
    assert (Consent.objects.get(user=member, document="reminder").version, Reminder.objects.count()) == ("1", 1)
    page = member_client.get(PAGE).content.decode()
    assert "c•••@q•••" in page
    assert "canary" not in page
    assert member_client.post(PAGE, {"off": "1"}).status_code == 302
    assert not Reminder.objects.exists()
    assert not Consent.objects.filter(document="reminder").exists()
    assert member_client.post(PAGE, {"off": "1"}).status_code == 302


def test_another_address_takes_its_place_and_pressed_twice_it_is_one(member: User, member_client: Client) -> None:
    page = previewed(member_client)
    on(member_client, page)
    on(member_client, page)
    known = Reminder.objects.get().pk
    on(member_client, previewed(member_client, "other@quay.example"))
    assert [(one.pk == known, one.opened_address) for one in Reminder.objects.all()] == [(False, "other@quay.example")]


@pytest.mark.parametrize("multipart", [True, False])
def test_one_click_in_a_mail_program_stops_it(multipart: bool, member: User, member_client: Client) -> None:
    on(member_client, previewed(member_client))
    keeping.switch_on(make.member(), address="other@quay.example", language="en")
    mail = weekly.mail_to(member.pk, ADDRESS, "en")
    assert mail.headers["List-Unsubscribe"] == f"<{mail.off}>"
    program, where = Client(enforce_csrf_checks=True), mail.off.removeprefix("https://harbour.example")
    shown = program.get(where)
    program.head(where)
    assert shown.status_code == 200
    assert "Stop the weekly note?" in shown.content.decode()
    assert Reminder.objects.count() == 2, "to open it changes nothing"
    kind = {} if multipart else {"content_type": "application/x-www-form-urlencoded"}
    body: Any = ONE_CLICK if multipart else "List-Unsubscribe=One-Click"
    for _time in range(2):
        answer = program.post(where, body, **kind)
        assert answer.status_code == 200
        assert "No more mails" in answer.content.decode()
        assert not answer.cookies
    assert [one.opened_address for one in Reminder.objects.all()] == ["other@quay.example"]
    assert not Consent.objects.filter(user=member, document="reminder").exists()


def test_any_earlier_mail_stops_the_present_ones(member: User, member_client: Client, settings: Any) -> None:
    on(member_client, previewed(member_client, "former@quay.example"))
    with opened(Office()) as office:
        rounds.go_on(NOW, seconds=60, stopping=lambda: False)
    (earlier,) = office.mails
    where = earlier["List-Unsubscribe"].strip(" <>").removeprefix("https://harbour.example")
    member_client.post(PAGE, {"off": "1"})
    settings.ADDRESS_KEYS = [b"n" * 32, *settings.ADDRESS_KEYS]
    on(member_client, previewed(member_client))
    assert Reminder.objects.get().opened_address == ADDRESS

    assert "No more mails" in Client().post(where, ONE_CLICK).content.decode()
    assert not Reminder.objects.exists()
    assert "No more mails" in Client().post(where, ONE_CLICK).content.decode()


def test_what_is_no_such_address_opens_and_changes_nothing(member: User, member_client: Client) -> None:
    page = previewed(member_client)
    on(member_client, page)
    off = weekly.mail_to(member.pk, ADDRESS, "en").off
    token = off.rstrip("/").rpartition("/")[2]
    sealed = form(page, PAGE).fields["seen"][0]
    before = contents()
    other_end = "A" if token[-2] != "A" else "B"
    for typed in (
        "none",
        token[:-1],
        f"{token[:-2]}{other_end}{token[-1]}",
        sealed,
        str(Reminder.objects.get().pk),
        "%00",
        "é",
    ):
        for answer in (Client().get(f"{PAGE}off/{typed}/"), Client().post(f"{PAGE}off/{typed}/", ONE_CLICK)):
            assert answer.status_code in {400, 404}, typed
    assert contents() == before


def test_a_site_without_mail_says_so(member_client: Client, settings: Any) -> None:
    settings.MAIL = {}
    page = member_client.get(PAGE).content.decode()
    assert "This site sends no mail." in page
    assert "id_address" not in page
    assert member_client.post(PAGE, {"preview": "1", "address": ADDRESS}).status_code == 409
