"""What a reader chose to be shown: kept for a visit or with an account, and felt on every page of stories."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.cookies import READING
from accounts.models import User
from stories.choices import Choices
from stories.filters import Filters
from stories.models import Publication
from tests import make
from tests.accounts.person import sign_in

pytestmark = pytest.mark.django_db
FORM, LIST = "/stories/reading/", "/stories/"
WORDS = "For a long time I told nobody"


def body(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def story(publication: Publication) -> str:
    return reverse("stories:detail", args=[publication.pk])


def keep(client: Client, *codes: str, **typed: str) -> Any:
    return client.post(FORM, {"open": list(codes), **typed})


def test_choices_read_back_and_pass_over_what_is_none() -> None:
    given = Choices.of(["w3", "w1", "-r2", "w99", "r2", "-r1", "<script>", ""])
    assert given == Choices(frozenset({"w1", "w3"}), without_partners=True)
    assert given.codes == ["w1", "w3", "-r2"]
    assert Choices.of(given.codes) == given


def test_story_opens_when_all_its_warnings_are_chosen() -> None:
    chosen = Choices.of(["w1", "w2"])
    assert [chosen.opens(some) for some in ([], ["w1"], ["w1", "w2"], ["w1", "w3"])] == [True, True, True, False]


def test_partners_are_left_out_unless_the_address_asks_who_writes() -> None:
    chosen = Choices.of(["-r2"])
    applied = {typed: chosen.applied_to(Filters.parse(typed)).address for typed in ("", "s1", "r2", "r1.r2.r3", "-w1")}
    assert applied == {"": "-r2", "s1": "s1.-r2", "r2": "r2", "r1.r2.r3": "r1.r2.r3", "-w1": "-r2.-w1"}
    assert Choices().applied_to(Filters()) == Filters()


def test_a_sign_in_ends_a_visitors_choices(member: User) -> None:
    client = Client()
    keep(client, "w1")
    assert sign_in(client, member.handle, make.PASSWORD).cookies[READING]["max-age"] == 0
    assert Choices.of(User.objects.get(pk=member.pk).reading_choices) == Choices()


def test_visitor_keeps_choices_in_one_cookie_for_the_visit(settings: Any) -> None:
    client = Client()
    response = keep(client, "w2", "w1", "-r2")
    morsel = response.cookies[READING]
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert (morsel.value, morsel["max-age"], morsel["expires"]) == ("w1.w2.-r2", "", "")
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
    settings.SESSION_COOKIE_SECURE = True
    assert keep(client, "w1").cookies[READING]["secure"] is True


def test_visitor_who_chooses_nothing_keeps_no_cookie() -> None:
    client = Client()
    keep(client, "w1")
    assert keep(client).cookies[READING]["max-age"] == 0
    assert "checked" not in body(client, FORM)


def test_member_keeps_choices_with_the_account() -> None:
    user = make.member()
    client = make.client_of(user)
    client.cookies[READING] = "w9"
    response = keep(client, "w1", "-r2")
    assert User.objects.get(pk=user.pk).reading_choices == ["w1", "-r2"]
    assert response.cookies[READING]["max-age"] == 0
    assert re.findall(r'value="([^"]+)"[^>]* checked', body(make.client_of(user), FORM)) == ["w1", "-r2"]
    assert User.objects.exclude(pk=user.pk).filter(reading_choices__len__gt=0).count() == 0


def test_choice_needs_a_form_of_this_site() -> None:
    client = Client(enforce_csrf_checks=True)
    assert keep(client, "w1").status_code == 403
    assert READING not in client.cookies
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', body(client, FORM))
    assert token is not None
    assert keep(client, "w1", csrfmiddlewaretoken=token[1]).status_code == 302


@pytest.mark.parametrize("signed_in", [True, False])
def test_chosen_warnings_stand_open_on_every_page(signed_in: bool) -> None:
    client = make.client_of(make.member() if signed_in else None)
    consents = ["publish", "rules", "index"]  # for the home page, which search engines may show
    warned = make.published(title="A heavy one", warnings=["w2"], role="partner", text=make.TEXT, consents=consents)
    pages = [LIST, story(warned), "/partners/", "/"]
    for address in pages:
        shown = body(client, address)
        assert WORDS not in re.sub(r"(?s)<details>.*?</details>", "", shown), address
    keep(client, "w2")
    for address in pages:
        shown = body(client, address)
        assert WORDS in re.sub(r"(?s)<details>.*?</details>", "", shown), address
        assert "Pain during an examination or procedure" in shown
    assert "<details open>" in body(client, story(warned))


def test_one_warning_that_was_not_chosen_keeps_a_story_closed() -> None:
    client = Client()
    warned = make.published(warnings=["w2", "w5"])
    keep(client, "w2")
    assert "<details open>" not in body(client, story(warned))
    assert WORDS not in body(client, LIST)


def test_hidden_partners_are_a_chip_that_can_be_cleared_for_one_list() -> None:
    client = Client()
    make.published(title="Of a partner", role="partner")
    make.published(title="Of a patient")
    keep(client, "-r2")
    assert "Of a partner" not in body(client, LIST)
    assert "Of a partner" not in body(client, "/")
    assert "as you chose" in body(client, LIST)
    everybody = "/stories/?f=r1.r2.r3"
    assert f'href="{everybody}"' in body(client, LIST)
    assert "Of a partner" in body(client, everybody)
    assert re.findall(r"Take away: </span>([^<]+)<", body(client, everybody)) == ["Everybody who writes"]
    assert "Of a partner" in body(client, "/stories/?f=r2")
    assert "Of a partner" in body(client, "/partners/")


def test_warned_story_leads_to_the_choice_and_back() -> None:
    warned = make.published(warnings=["w2", "w5"])
    offered = f"{FORM}?open=w2.w5&amp;story={warned.pk}"
    assert f'href="{offered}"' in body(Client(), story(warned))
    form = body(Client(), offered.replace("&amp;", "&"))
    assert re.findall(r'value="([^"]+)"[^>]* checked', form) == ["w2", "w5"]
    assert keep(Client(), "w2", story=str(warned.pk))["Location"] == story(warned)


@pytest.mark.parametrize("typed", ["https://example.org/", "//example.org", "nobody", ""])
def test_choice_leads_nowhere_else(typed: str) -> None:
    assert keep(Client(), "w1", story=typed)["Location"] == LIST


@pytest.mark.parametrize("value", ["", "w1.", "....", "é", "w" * 4_000, '"', "-r2.-r2", "w1;w2"])
def test_cookie_may_hold_anything(value: str) -> None:
    client = Client()
    client.cookies[READING] = value
    make.published(warnings=["w1"])
    assert client.get(LIST).status_code == 200
    assert client.get(FORM).status_code == 200


def test_leaving_takes_the_choice_away() -> None:
    client = Client()
    keep(client, "w1")
    assert client.get("/leave/").cookies[READING]["max-age"] == 0
