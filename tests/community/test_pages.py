from __future__ import annotations

import html
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

import content
from accounts.actions import create_staff
from accounts.models import Role, Session
from stories.actions import withdraw
from tests import make

READING = ("home", "rules", "privacy", "reading", "about", "accessibility")
OPEN = ["publish", "rules", "index"]
OTHERS = ("community:look", "account_login", "account_signup", "stories:receipt", "accounts:recover")


def title_of(body: str) -> str:
    found = re.search(r"<title>(.*?)</title>", body, re.DOTALL)
    assert found is not None
    return html.unescape(found[1].strip())


@pytest.fixture
def reading_pages(db: None) -> list[str]:
    published = make.published()
    return [
        *(reverse(f"community:{name}") for name in READING),
        reverse("advice:help_now"),
        reverse("advice:help_now") + "?country=GB",
        reverse("stories:list"),
        reverse("stories:detail", args=[published.pk]),
    ]


def test_reading_pages_are_the_same_bytes_for_every_visitor(reading_pages: list[str]) -> None:
    for address in reading_pages:
        first, second = Client().get(address), Client(HTTP_USER_AGENT="another").get(address)
        assert first.status_code == 200, address
        assert first.content == second.content, address
        assert not first.cookies, address
        assert not second.cookies, address


def test_titles_are_distinct_and_neutral(reading_pages: list[str]) -> None:
    addresses = [page for page in reading_pages if "?" not in page]
    addresses += [reverse(name) for name in OTHERS] + ["/not/here/"]
    forbidden = content.load("en").forbidden_in_addresses
    titles = {}
    for address in addresses:
        response = Client().get(address)
        titles[address] = title_of(response.content.decode())
        shown = " ".join([titles[address], address, *map(str, response.cookies.values())]).casefold()
        assert [word for word in forbidden if word in shown] == [], address
    assert len(set(titles.values())) == len(titles)
    assert all(title.endswith(f"· {settings.SITE_NAME}") for title in titles.values())


def test_the_word_list_would_find_a_word() -> None:
    assert any(word in content.load("en").site.tagline.casefold() for word in content.load("en").forbidden_in_addresses)


def test_every_address_is_neutral() -> None:
    from django.urls import get_resolver

    shown = str(get_resolver().url_patterns) + " ".join(map(str, get_resolver().reverse_dict))
    assert [word for word in content.load("en").forbidden_in_addresses if word in shown.casefold()] == []


@pytest.mark.parametrize("stories", [1, 30])
def test_home_asks_two_questions(stories: int, db: None, django_assert_num_queries: object) -> None:
    for number in range(stories):
        make.published(title=f"Story number {number}", consents=OPEN)
    with django_assert_num_queries(2):
        body = Client().get("/").content.decode()
    assert body.count('class="entry"') == min(stories, 5)
    assert f"Story number {stories - 1}" in body
    assert ("Story number 24" in body) is False


def test_home_shows_nothing_that_waits_or_was_withdrawn(db: None) -> None:
    owner = make.owner()
    make.waiting(title="It still waits")
    make.draft(title="It is being written")
    gone = make.published(owner, title="It was here", consents=OPEN)
    assert "It was here" in Client().get("/").content.decode()
    withdraw(gone.pk, owner=owner)
    body = Client().get("/").content.decode()
    assert not any(words in body for words in ("It still waits", "It is being written", "It was here"))


def test_home_shows_no_word_of_a_text_with_a_warning(db: None) -> None:
    make.published(warnings=["w1"], consents=OPEN, text="Here is what comes unannounced, and then it goes on. " * 3)
    body = Client().get("/").content.decode()
    assert "A slow way round" in body
    assert "comes unannounced" not in body
    assert content.load("en").warning("w1").label in body


def test_home_shows_visitors_what_search_engines_may_show_and_members_all(db: None, settings: object) -> None:
    make.published(title="It said no")
    empty = Client().get("/").content.decode()
    assert "It said no" not in empty
    assert "The stories have a page of their own" in empty
    assert f'href="{reverse("stories:list")}">Read all stories' in empty
    make.published(title="It said yes", consents=OPEN)
    make.published(title="It said no again")
    shown = Client().get("/").content.decode()
    assert "It said yes" in shown
    assert "It said no" not in shown
    assert "only stories whose writers allow that" in shown
    members = make.client_of(make.member()).get("/").content.decode()
    assert all(title in members for title in ("It said yes", "It said no again", "It said no<"))
    assert "Search engines read this page" not in members
    settings.STORIES_WINDOW = 1
    assert "It said yes" in Client().get("/").content.decode(), "however many said no since"


def test_home_and_list_lead_to_treatments_and_numbers(db: None) -> None:
    for address in ("/", reverse("stories:list")):
        body = Client().get(address).content.decode()
        assert [f'href="{reverse(name)}"' in body for name in ("treatments", "numbers")] == [True, True], address


def test_home_tells_the_counts_and_who_is_an_example(db: None) -> None:
    make.published()
    make.published(example=True, consents=OPEN)
    make.member()
    body = Client().get("/").content.decode()
    assert 'data-count="stories">1<' in body
    assert 'data-count="members">1<' in body
    assert body.count("Example</li>") == 1


def test_home_has_three_doors_and_help(db: None) -> None:
    body = Client().get("/").content.decode()
    assert body.count('class="door"') == 3
    assert body.count(f'href="{reverse("advice:help_now")}"') >= 2


def test_rules_are_the_packs(db: None, client: Client) -> None:
    body = html.unescape(client.get(reverse("community:rules")).content.decode())
    for rule in content.load("en").rules:
        assert rule.title in body
        assert rule.text in body


def test_about_says_how_people_are_counted(client: Client, settings: object) -> None:
    settings.PERSON_COUNT_STEP = 5
    body = client.get(reverse("community:about")).content.decode()
    assert "several receipt codes counts for each" in body
    assert "moves only when 5 stories" in body


def test_about_says_whose_words_the_pack_holds_and_under_which_licence(client: Client) -> None:
    body = html.unescape(client.get(reverse("community:about")).content.decode())
    info = content.load("en").advice.info
    for words in (info.name, info.version, info.licence, info.note, ", ".join(info.authors)):
        assert words in body


def test_foot_names_who_runs_this(client: Client, settings: object) -> None:
    settings.SITE_OPERATOR = "The Quiet Harbour Society"
    settings.SITE_CONTACT = "desk@harbour.example"
    body = client.get(reverse("community:privacy")).content.decode()
    assert "run by The Quiet Harbour Society" in body
    assert "mailto:desk@harbour.example" in body
    assert "not medical advice" in body


def test_privacy_says_what_leaving_cannot_hide(client: Client) -> None:
    body = client.get(reverse("community:privacy")).content.decode()
    assert 'id="leaving"' in body
    assert "It cannot hide that you were here" in body
    assert f'href="{reverse("community:reading")}"' in body
    more = client.get(reverse("community:reading")).content.decode()
    assert all(
        words in more for words in ("history", "private window", "shared or family account", "watches the screen")
    )


def test_leaving_without_a_visit_asks_nothing(db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        response = Client().get("/leave/")
    assert response.status_code == 303
    assert response.headers["Location"] == settings.LEAVE_TARGET
    assert not response.cookies


def test_leaving_ends_the_visit_and_takes_the_cookies(member_client: Client) -> None:
    member_client.cookies["messages"] = "something said"
    assert Session.objects.count() == 1
    response = member_client.get("/leave/")
    assert Session.objects.count() == 0
    assert {name: cookie["max-age"] for name, cookie in response.cookies.items()} == {
        settings.SESSION_COOKIE_NAME: 0,
        settings.IDLE_COOKIE_NAME: 0,
        "messages": 0,
    }
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert member_client.get(reverse("accounts:home")).status_code == 302


@pytest.mark.parametrize("cookie", ["data[x]=1", "path=1", "a b=1", "expires=x", "=; __Host-=1", '"=\\', "visit=\xff"])
def test_leaving_works_whatever_cookies_a_browser_holds(db: None, cookie: str) -> None:
    response = Client().get("/leave/", HTTP_COOKIE=f"{cookie}; language=en")
    assert (response.status_code, response.headers["Location"]) == (303, settings.LEAVE_TARGET)
    assert response.cookies["language"]["max-age"] == 0


@pytest.mark.parametrize(("size", "all_go"), [(1_000, False), (9_000, True)])
def test_leaving_takes_every_cookie_when_there_are_too_many(db: None, size: int, all_go: bool) -> None:
    client = Client()
    client.cookies["foreign"] = "x" * size
    told = client.get("/leave/").headers["Clear-Site-Data"]
    assert ('"cookies"' in told) is all_go


def test_looking_ahead_is_not_leaving(member_client: Client) -> None:
    response = member_client.get("/leave/", headers={"Sec-Purpose": "prefetch;prerender"})
    assert response.status_code == 503
    assert Session.objects.count() == 1


@pytest.mark.parametrize("method", ["post", "head", "put", "delete"])
def test_only_opening_the_address_leaves(member_client: Client, method: str) -> None:
    assert getattr(member_client, method)("/leave/").status_code == 405
    assert Session.objects.count() == 1


def test_leaving_works_without_the_database(database_down: None) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = client.get("/leave/")
    assert response.status_code == 303
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0


def test_healthz_touches_nothing(database_down: None) -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_names_what_is_missing(db: None) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert "Worker: No sign of life" in response.content.decode()
    assert "Migrations: ok" in response.content.decode()


def test_readyz_is_well_with_a_worker(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_register_worker_v1()")
    assert (
        Client().get("/readyz").content
        == b"Database: ok\nRestore: ok\nMigrations: ok\nOwnership key: ok\nOther keys: ok\nWorker: ok\n"
    )


def test_readyz_without_the_database_is_a_sentence(database_down: None) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.content.decode().startswith("Database: It does not answer.")


def test_design_is_for_the_local_run(client: Client, settings: object) -> None:
    assert client.get(reverse("community:design")).status_code == 200
    settings.LOCAL_RUN = False
    assert client.get(reverse("community:design")).status_code == 404


def test_old_icon_address_leads_to_the_icon(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/static/img/favicon")


def test_nothing_here_is_a_kind_page(client: Client) -> None:
    response = client.get("/not/here/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


@pytest.mark.parametrize(
    ("role", "shown"), [("moderator", True), ("lead", True), ("editor", False), ("clinician", False)]
)
def test_the_queue_is_shown_to_those_for_whom_it_is_there(db: None, role: str, shown: bool) -> None:
    client = make.client_of(create_staff(Role(role))[0])
    assert (f'href="{reverse("moderation:queue")}"' in client.get("/").content.decode()) is shown
    assert client.get(reverse("moderation:queue")).status_code == (200 if shown else 404)
