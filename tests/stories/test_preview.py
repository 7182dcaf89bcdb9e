"""The look before a text is sent: exactly what readers will see, and what a program noticed, with its fix."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from stories.lifecycle import State
from stories.models import Revision
from stories.noticed import Noticed, notice
from stories.owners import Owner
from stories.words import Words
from tests import make
from tests.stories.page import Form, forms

pytestmark = pytest.mark.django_db
PHONE, MAIL = "+44 20 7946 0958", "quiet.fern@example.org"
TEXT = f"{make.TEXT}\n\nMy number is {PHONE}, or write to {MAIL} when you like."
FULL: dict[str, Any] = {
    "consents": ["publish", "rules", "index", "statistics"],
    "answers": {"stage": "s4", "goal": ["g4", "g6"], "age": "e2", "country": "gb", "barriers": ["b3", "b5"]},
    "treatments": [
        {"code": "t01", "help": "h2", "duration": "d3", "tip": "Ask @quiet_fern about sizes."},
        {"code": "other", "name": "Warm baths with @quiet_fern", "help": "h1"},
    ],
}


def at(revision: Revision) -> str:
    return reverse("stories:preview", args=[revision.contribution_id])


def look(client: Client, revision: Revision, query: str = "") -> str:
    page = client.get(at(revision) + query)
    assert page.status_code == 200, page.content
    return str(page.content.decode())


def article(page: str) -> str:
    """Return the text as it stands on a page, without the marks that only its writer sees and without spaces."""
    (found,) = re.findall(r"<article>.*?</article>", page, re.DOTALL)
    found = re.sub(r'<p class="no-print">.*?</p>', "", found, flags=re.DOTALL)  # for readers only: opened from now on
    found = re.sub(r'<a class="signal__label".*?</a>|</?mark[^>]*>|<li>\w+ 20\d\d</li>|</?h[13]', "", found)
    return re.sub(r"\s+", "", found.replace("<details open>", "<details>"))


def noticed(revision: Revision) -> list[Noticed]:
    return notice(Words.of(revision))


def form_to(page: Any, ending: str) -> Form:
    """Return the last form to an address: the first one may ask for a country."""
    return [one for one in forms(page) if one.action.endswith(ending)][-1]


def press(client: Client, revision: Revision, words: str) -> Any:
    """Open the page and press the button beside these words."""
    address = next(one.address for one in noticed(revision) if one.words == words)
    page = client.get(at(revision))
    assert f'value="{address}"' in page.content.decode()
    return form_to(page, "/fix/").post(client, fix=address)


@pytest.mark.parametrize("changes", [FULL, FULL | {"warnings": ["w2"]}, {"role": "partner", "warnings": ["w1", "w2"]}])
def test_preview_shows_what_readers_will_see(changes: dict[str, Any], member: User, member_client: Client) -> None:
    by = make.owner(member)
    draft = make.draft(by, text=TEXT, **changes)
    before = article(look(member_client, draft))
    make.published(by, contribution=draft.contribution_id, text=TEXT, **changes)
    after = article(Client().get(reverse("stories:detail", args=[draft.contribution_id])).content.decode())
    assert before == after


def test_what_is_for_figures_stands_apart(member: User, member_client: Client) -> None:
    page = look(member_client, make.draft(make.owner(member), **FULL))
    apart = page[page.index('<details class="figures">') :]
    for words in ("25 to 34", "United Kingdom", "A long wait; Not being believed", "4 to 12 months"):
        assert words not in article(page)
        assert words not in page[: page.index('<details class="figures">')]
        assert words in apart
    assert "Readers never see this" in apart
    assert "counted together" in apart


def test_who_gave_no_consent_to_figures_is_told_so(member: User, member_client: Client) -> None:
    kept = FULL | {"consents": ["publish", "rules"]}
    assert "so they are in no figure either" in look(member_client, make.draft(make.owner(member), **kept))
    assert "figures only" not in look(member_client, make.draft(make.owner(member)))


def test_each_part_leads_to_its_step(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), **FULL)
    page = look(member_client, draft)
    for step in ("about", "story", "tried", "sharing"):
        assert f'href="{reverse("stories:step", args=[draft.contribution_id, step])}"' in page
    partner = make.draft(make.owner(member), role="partner")
    assert reverse("stories:step", args=[partner.contribution_id, "tried"]) not in look(member_client, partner)


def test_everything_noticed_is_marked_in_place_and_told(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), title=f"Write to {MAIL}", text=TEXT, treatments=FULL["treatments"])
    page, found = look(member_client, draft), noticed(draft)
    assert [(one.field, one.words) for one in found] == [
        ("title", MAIL),
        ("text", PHONE),
        ("text", MAIL),
        ("tried.0.tip", "@quiet_fern"),
        ("tried.1.name", "@quiet_fern"),
    ]
    marks = re.findall(
        r'<mark class="signal" id="passage-(\d)">(.*?)<a class="signal__label" href="#noticed-(\d)"', page
    )
    assert sorted((int(number), words) for number, words, _ in marks) == [(one.number, one.words) for one in found]
    assert all(number == back for number, _, back in marks)
    for one in found:
        assert f'href="#passage-{one.number}"' in page
        assert html.escape(str(one.sentence)) in page
    assert "In the title" in page
    assert "In what you tried" in page


@pytest.mark.parametrize(
    ("words", "becomes"),
    [
        (PHONE, f"My number is [contact details], or write to {MAIL} when you like."),
        ("@quiet_fern", "Ask [name of an account] about sizes."),
    ],
)
def test_one_press_changes_one_passage(words: str, becomes: str, member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text=TEXT, **FULL)
    before = Words.of(draft)
    answer = press(member_client, draft, words)
    assert answer.status_code == 303
    assert answer.url.startswith(at(draft))
    draft.refresh_from_db()
    now = Words.of(draft)
    if words == PHONE:
        assert now == before.changed({"text": f"{make.TEXT}\n\n{becomes}"})
    else:
        row = {**before.treatments[0], "tip": becomes}
        assert now == before.changed({"treatments": [row, before.treatments[1]]})
    assert draft.state == State.DRAFT


def test_everything_can_be_fixed_one_after_the_other(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), title=f"Ask {MAIL}", text=TEXT, **FULL)
    while found := noticed(draft):
        answer = press(member_client, draft, found[-1].words)
        assert answer.url == f"{at(draft)}#{'noticed' if len(found) > 1 else 'look'}"
        draft.refresh_from_db()
    page = look(member_client, draft)
    assert "A program noticed something" not in page
    assert "Ask [contact details]" in page
    assert not [one for one in forms(member_client.get(at(draft))) if one.action.endswith("/fix/")]


def test_fix_of_older_words_changes_nothing_and_shows_the_newest(member: User, member_client: Client) -> None:
    by = make.owner(member)
    draft = make.draft(by, text=TEXT)
    fix = form_to(member_client.get(at(draft)), "/fix/")
    address = noticed(draft)[0].address
    newest = f"{TEXT} It ends otherwise."  # the passage stands where it stood
    make.draft(by, contribution=draft.contribution_id, text=newest)
    answer = fix.post(member_client, fix=address)
    assert answer.status_code == 409
    assert "This text was changed since you opened this page" in answer.content.decode()
    assert "It ends otherwise." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.text == newest


def test_the_same_fix_twice_changes_one_passage(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text=TEXT)
    fix, address = form_to(member_client.get(at(draft)), "/fix/"), noticed(draft)[0].address
    assert [fix.post(member_client, fix=address).status_code for _ in range(2)] == [303, 409]
    draft.refresh_from_db()
    assert draft.text.count("[contact details]") == 1
    assert MAIL in draft.text


@pytest.mark.parametrize("fix", ["", "text", "text:0:4:contact.phone", "text:x:y:z", "role:0:1:contact.phone"])
def test_made_up_fix_changes_nothing(fix: str, member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text=TEXT)
    answer = form_to(member_client.get(at(draft)), "/fix/").post(member_client, fix=fix)
    assert answer.status_code == 409
    draft.refresh_from_db()
    assert draft.text == TEXT


def test_fix_without_room_says_so(member: User, member_client: Client) -> None:
    title = f"{'a ' * 56}me@ab.org"[-120:]
    draft = make.draft(make.owner(member), title=title.rjust(120, "b"))
    answer = press(member_client, draft, noticed(draft)[0].words)
    assert answer.status_code == 409
    assert "There is no room for these words" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title == title.rjust(120, "b")


def test_fix_of_a_reply_keeps_to_its_own_length(member: User, member_client: Client) -> None:
    text = "a b@c.de".rjust(settings.REPLY_MAX, "x")
    draft = make.draft(make.owner(member), reply_to=make.published().pk, title="", text=text)
    assert press(member_client, draft, "b@c.de").status_code == 409
    draft.refresh_from_db()
    assert draft.text == text


def test_fix_after_sending_leads_to_where_it_stands(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text=TEXT)
    page = member_client.get(at(draft))
    address = noticed(draft)[0].address
    assert form_to(page, "/preview/" + str(draft.contribution_id) + "/").post(member_client).status_code == 303
    answer = form_to(page, "/fix/").post(member_client, fix=address)
    assert answer.url == reverse("stories:status", args=[draft.contribution_id])
    draft.refresh_from_db()
    assert (draft.state, draft.text) == (State.WAITING, TEXT)


def test_nothing_that_was_noticed_holds_a_text_back(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text=f"{TEXT}\n\nI want to die.", **FULL)
    sent = form_to(member_client.get(at(draft)), f"{draft.contribution_id}/").post(member_client)
    assert sent.url == reverse("stories:status", args=[draft.contribution_id])
    draft.refresh_from_db()
    assert draft.state == State.WAITING


def test_a_text_full_of_links_stays_a_page(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text=" ".join(f"Look at www.example{n}.org now." for n in range(60)))
    page = look(member_client, draft)
    assert page.index("40 more</summary>") > page.index('id="noticed-20"')
    assert page.count('name="fix"') == page.count('<mark class="signal"') == 60
    draft = make.draft(make.owner(member), text=" ".join(f"Look at www.example{n}.org now." for n in range(230)))
    page = look(member_client, draft)
    assert page.count('name="fix"') == 200
    assert "30 more are marked in the text" in page
    assert page.count('<mark class="signal"') == 230
    linked = set(re.findall(r'href="#((?:noticed|passage)-\d+)"', page))
    assert linked <= set(re.findall(r'id="([^"]+)"', page))


def test_sending_other_words_than_were_looked_at_shows_the_newest(member: User, member_client: Client) -> None:
    by = make.owner(member)
    draft = make.draft(by)
    send = form_to(member_client.get(at(draft)), f"{draft.contribution_id}/")
    make.draft(by, contribution=draft.contribution_id, audience="members")
    answer = send.post(member_client)
    assert answer.status_code == 409
    assert "Members only" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_incomplete_draft_leads_to_what_is_missing(member: User, member_client: Client) -> None:
    draft = make.draft(make.owner(member), text="Short.")
    answer = member_client.get(at(draft))
    assert answer.status_code == 303
    assert answer.url.startswith(reverse("stories:step", args=[draft.contribution_id, "story"]))


def test_preview_of_a_reply_names_its_writer_and_can_be_fixed(member: User, member_client: Client) -> None:
    story = make.published()
    draft = make.draft(make.owner(member), reply_to=story.pk, title="", text=f"I know this. Write to {MAIL} about it.")
    page = look(member_client, draft)
    assert "In this thread you are called" in page
    assert "Who may see it" not in page
    assert press(member_client, draft, MAIL).status_code == 303
    draft.refresh_from_db()
    assert draft.text == "I know this. Write to [contact details] about it."
    sent = form_to(member_client.get(at(draft)), f"{draft.contribution_id}/").post(member_client)
    assert sent.url == reverse("stories:status", args=[draft.contribution_id])


def test_incomplete_reply_leads_to_its_own_page(member: User, member_client: Client) -> None:
    story = make.published()
    draft = make.draft(make.owner(member), reply_to=story.pk, title="", text="Hm.")
    answer = member_client.get(at(draft))
    assert answer.url.startswith(reverse("stories:reply", args=[story.pk, draft.contribution_id]))


@pytest.mark.parametrize("words", ["A line.", "[contact details] " * 900])
def test_preview_asks_the_database_at_most_five_times_for_a_visitor(words: str) -> None:
    browser = Client()
    browser.get("/stories/new/?new=1", follow=True)
    browser.get(reverse("stories:step", args=[uuid.uuid4(), "about"]))
    draft = make.draft(Owner.of_code(browser.session["receipt"]), text=f"{TEXT} {words}", **FULL)
    with CaptureQueriesContext(connection) as seen:
        look(browser, draft)
    assert len(seen) <= 5
