"""What a story was shown for beside being read ends when its owner says so: at once, with no new version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.codes import new_code
from accounts.documents import DOCUMENTS
from accounts.models import User
from stories.actions import discard_draft, end_consent, save_draft, submit, take_back
from stories.actions.figures import refresh_figures
from stories.archived_texts import texts_of
from stories.changes import changes
from stories.consents import INDEX, QUOTE, STATISTICS
from stories.models import Contribution, Figure, Outcome, Publication, Revision
from stories.owners import Owner
from stories.refusals import NotYours
from tests import make
from tests.community.test_machines import mapped
from tests.moderation import two
from tests.moderation.desk import plain
from tests.moderation.test_taken_down import replay
from tests.stories.page import Form, form
from tests.stories.test_erasing import noted, undone

__all__ = ["noted"]
NEEDED = ["publish", "rules"]
ALL = [*NEEDED, INDEX, QUOTE, STATISTICS]
TIP = "Read it out loud first."
TRIED = [{"code": "t01", "help": "h1", "tip": TIP}]
TODAY = date(2026, 3, 1)


def told(by: Owner) -> Publication:
    """Publish a story that its owner let be shown for everything."""
    return make.published(by, consents=ALL, treatments=TRIED, answers={"stage": "s4"})


def places(live: Publication) -> list[int | None]:
    now = Publication.objects.get(pk=live.pk)
    return [now.engine_place, now.quote_place]


def status_of(client: Client, live: Publication) -> Any:
    return client.get(reverse("stories:status", args=[live.pk]))


def switch(client: Client, live: Publication) -> Form:
    return form(status_of(client, live), "/consent/")


def engines_may_show(live: Publication) -> list[bool]:
    """Return what a visitor is told of it: on its page twice, in the map, in the feed."""
    visitor, address = Client(), f"/stories/{live.pk}/"
    page = visitor.get(address)
    return [
        b'content="index, follow"' in page.content,
        page.get("X-Robots-Tag") != "noindex",
        any(place.endswith(address) for place in mapped(visitor)),
        address in visitor.get("/feed.atom").content.decode(),
    ]


def is_quoted() -> bool:
    return TIP in plain(Client().get("/treatments/t01/").content)


@pytest.fixture(params=["account", "receipt"])
def someone(request: pytest.FixtureRequest) -> tuple[Owner, Client]:
    """Return an owner and their browser."""
    if request.param == "account":
        user = make.member()
        return Owner.of_account(user), make.client_of(user)
    code, visitor = new_code(), Client()
    make.draft(Owner.of_code(code))
    visitor.post("/stories/receipt/", {"code": code})
    return Owner.of_code(code), visitor


@pytest.mark.django_db
def test_search_engines_are_told_at_once(someone: tuple[Owner, Client]) -> None:
    owner, client = someone
    live = told(owner)
    words = Revision.objects.filter(pk=live.revision_id).values("text", "consents", "state", "month", "number")
    before = list(words)
    assert engines_may_show(live) == [True] * 4
    page = switch(client, live)
    for _ in range(2):  # a second tap is no error
        answer = page.post(client, consent=INDEX)
        assert (answer.status_code, answer["Location"]) == (303, f"/stories/status/{live.pk}/#who")
        assert engines_may_show(live) == [False] * 4
    assert (Publication.objects.get(pk=live.pk).revision_id, list(words)) == (live.revision_id, before)
    assert places(live) == [None, live.quote_place], "the rest is as it was"
    found = plain(status_of(client, live).content)
    assert "Search engines may show it No. You took it back, and that holds now." in found
    assert "may show an older copy for some time" in found
    assert 'value="index"' not in status_of(client, live).content.decode()
    assert 'value="quote"' in status_of(client, live).content.decode()


@pytest.mark.django_db
def test_no_page_quotes_it_any_more(someone: tuple[Owner, Client]) -> None:
    owner, client = someone
    live = told(owner)
    assert is_quoted()
    assert switch(client, live).post(client, consent=QUOTE).status_code == 303
    assert not is_quoted()
    assert places(live) == [live.engine_place, None]
    assert "No page here quotes it any more." in plain(status_of(client, live).content)


@pytest.mark.django_db
def test_it_is_in_no_figure_that_is_made_from_now_on(member: User, member_client: Client) -> None:
    owners = [make.owner(member), *(make.owner() for _ in range(14))]
    stories = [told(by) for by in owners]
    refresh_figures(today=TODAY)
    assert Figure.objects.get(code="t01").basis == 15
    assert switch(member_client, stories[0]).post(member_client, consent=STATISTICS).status_code == 303
    for by, live in list(zip(owners, stories, strict=True))[1:5]:
        end_consent(live.pk, code=STATISTICS, owner=by)
    assert Figure.objects.get(code="t01").basis == 15, "as the page says"
    refresh_figures(today=TODAY + timedelta(days=1))
    assert Figure.objects.get(code="t01").basis == 10
    found = plain(status_of(member_client, stories[0]).content)
    assert "It is left out of every figure that is made from now on." in found
    assert "Figures that were made before stay until they are next made" in found
    assert places(stories[0]) == [stories[0].engine_place, stories[0].quote_place]


@pytest.mark.django_db
def test_nobody_else_can_take_it_back(member: User) -> None:
    other = make.member()
    mine, theirs = told(make.owner(member)), told(make.owner(other))
    stranger = make.client_of(other)
    page = switch(stranger, theirs)
    page.action = page.action.replace(str(theirs.pk), str(mine.pk))
    assert page.post(stranger, consent=INDEX).status_code in {404, 409}
    with pytest.raises(NotYours):
        end_consent(mine.pk, code=INDEX, owner=make.owner(other))
    assert places(mine) == [mine.engine_place, mine.quote_place]
    assert engines_may_show(mine) == [True] * 4


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["publish", "rules", "", "more"])
def test_only_a_wish_is_taken_back(code: str, member: User, member_client: Client) -> None:
    live = told(make.owner(member))
    assert switch(member_client, live).post(member_client, consent=code).status_code == 404
    assert Revision.objects.get(pk=live.revision_id).consents_ended == []


@pytest.mark.django_db
def test_a_change_that_waits_does_not_bring_it_back(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = told(by)
    waits = make.waiting(by, contribution=live.pk, consents=ALL, title="Mended", treatments=TRIED)
    assert switch(member_client, live).post(member_client, consent=INDEX).status_code == 303
    seen = plain(status_of(member_client, live).content)
    assert seen.count("You took it back, and that holds now.") == 2, "of what is shown, and of the change"
    make.decided(waits, Outcome.APPROVE)
    assert Publication.objects.get(pk=live.pk).revision_id == waits.pk
    assert engines_may_show(live) == [False] * 4
    assert is_quoted(), "the rest of what it allows holds"


@pytest.mark.django_db
def test_a_later_version_holds_for_itself(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = told(by)
    end_consent(live.pk, code=INDEX, owner=by)
    begun = save_draft(live.pk, {"title": "Mended"}, owner=by)
    assert begun.consents == [QUOTE, STATISTICS], "it does not come back by itself"
    save_draft(live.pk, {"consents": [*NEEDED, INDEX]}, owner=by)
    newer = submit(live.pk, owner=by)
    fresh = Revision.objects.get(pk=live.revision_id)
    agreed = [one for one in changes(fresh, newer).fields if one.label == "What else you agreed to"]
    assert [one.came for one in agreed] == [["Search engines may show it"]], "who reads it is told what is new"
    assert engines_may_show(live) == [False] * 4
    make.decided(newer, Outcome.APPROVE)
    assert engines_may_show(live) == [True] * 4
    assert not is_quoted()
    assert "You took it back" not in plain(status_of(member_client, live).content)


@pytest.mark.django_db
def test_an_older_yes_in_a_draft_goes_with_it() -> None:
    by = make.owner()
    live = told(by)
    begun = make.draft(by, contribution=live.pk, consents=ALL)
    end_consent(live.pk, code=INDEX, owner=by)
    assert Revision.objects.get(pk=begun.pk).consents == [*NEEDED, QUOTE, STATISTICS]
    assert Revision.objects.get(pk=begun.pk).text == make.TEXT


@pytest.mark.django_db
def test_what_is_taken_back_to_be_changed_does_not_allow_it_again() -> None:
    by = make.owner()
    live = told(by)
    make.waiting(by, contribution=live.pk, consents=ALL, title="Mended")
    end_consent(live.pk, code=QUOTE, owner=by)
    assert QUOTE not in take_back(live.pk, owner=by).consents


@pytest.mark.django_db
def test_what_a_moderator_proposes_allows_no_more() -> None:
    by = make.owner()
    live = told(by)
    waits = make.waiting(by, contribution=live.pk, consents=ALL, title="Mended")
    end_consent(live.pk, code=INDEX, owner=by)
    assert INDEX not in two.proposed(Revision.objects.get(pk=waits.pk)).consents


@pytest.mark.django_db
def test_a_change_that_says_no_does_not_hide_what_still_holds(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = told(by)
    make.waiting(by, contribution=live.pk, consents=NEEDED)
    page = status_of(member_client, live).content.decode()
    assert page.count('name="consent"') == 3, "what readers see is still shown for all three"
    assert "After the change" in page
    assert switch(member_client, live).post(member_client, consent=INDEX).status_code == 303
    assert engines_may_show(live) == [False] * 4


@pytest.mark.django_db
def test_who_did_not_agree_anew_can_still_take_it_back(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    live = told(make.owner(member))
    newer = replace(DOCUMENTS["rules"], version="2")
    monkeypatch.setitem(DOCUMENTS, "rules", newer)
    visit = Client()
    visit.post("/accounts/login/", {"login": member.handle, "password": make.PASSWORD})
    assert visit.get("/stories/new/")["Location"] == "/accounts/consents/"
    assert switch(visit, live).post(visit, consent=INDEX)["Location"] == f"/stories/status/{live.pk}/#who"
    assert places(live) == [None, live.quote_place]


@pytest.mark.django_db
def test_what_is_not_published_has_no_such_button(member: User, member_client: Client) -> None:
    waits = make.waiting(make.owner(member), consents=ALL)
    page = member_client.get(reverse("stories:status", args=[waits.contribution_id])).content.decode()
    assert 'name="consent"' not in page
    assert "Search engines may show it" in page


@pytest.mark.django_db
def test_what_is_taken_along_tells_it() -> None:
    by = make.owner()
    live = told(by)
    end_consent(live.pk, code=QUOTE, owner=by)
    (text,) = texts_of([live.pk])
    (version,) = text.data["versions"]
    assert (version["consents"], version["consents_taken_back"]) == ([*NEEDED, INDEX, STATISTICS], [QUOTE])
    lines = text.versions[0].facts
    assert "Taken back: This site may quote it" in lines
    assert not [line for line in lines if line.startswith("This site may quote a few lines")]


@pytest.mark.django_db(transaction=True)
def test_a_restored_copy_does_not_bring_it_back(key_known: None, noted: Path) -> None:
    by, other = make.owner(), told(make.owner())
    live = told(by)
    waits = make.waiting(by, contribution=live.pk, consents=ALL, title="Mended")
    with undone():
        for code in (INDEX, QUOTE, STATISTICS):
            end_consent(live.pk, code=code, owner=by)
        assert engines_may_show(live) == [False] * 4
    assert engines_may_show(live) == [True] * 4, "as in a copy from before"
    assert "Versions with a consent ended again: 2." in replay("--dry-run")
    assert engines_may_show(live) == [True] * 4, "nothing happens yet"
    assert "Versions with a consent ended again: 2." in replay()
    assert places(live) == [None, None]
    assert {*Publication.objects.counted()} == {other}
    assert Revision.objects.get(pk=waits.pk).allowed == NEEDED
    assert Contribution.objects.get(pk=live.pk).revisions.count() == 2
    assert "Versions with a consent ended again: 0." in replay(), "once is enough"


@pytest.mark.django_db
def test_no_version_that_was_taken_back_before_brings_it_back() -> None:
    by = make.owner()
    live = told(by)
    make.waiting(by, contribution=live.pk, consents=ALL, text=f"{make.TEXT} There.")
    take_back(live.pk, owner=by)
    discard_draft(live.pk, owner=by)
    end_consent(live.pk, code=INDEX, owner=by)
    assert [INDEX in one.allowed for one in Revision.objects.filter(contribution=live.pk)] == [False, False]


def test_a_restored_copy_gives_no_draft_with_it(key_known: None, noted: Path) -> None:
    by = make.owner()
    live = told(by)
    sent = make.waiting(by, contribution=live.pk, consents=ALL, text=f"{make.TEXT} There.")
    with undone():
        end_consent(live.pk, code=INDEX, owner=by)
        take_back(live.pk, owner=by)
    replay()
    newest = Revision.objects.get(contribution=live.pk, state="draft")
    assert newest.pk != sent.pk
    assert INDEX not in newest.consents


def test_a_draft_that_allows_it_again_is_not_undone_by_a_restore(key_known: None, noted: Path) -> None:
    by = make.owner()
    live = told(by)
    draft = make.draft(by, contribution=live.pk, consents=ALL)
    end_consent(live.pk, code=INDEX, owner=by)
    sent = make.waiting(by, contribution=live.pk, consents=ALL, text=f"{make.TEXT} There.")
    assert sent.pk == draft.pk
    make.decided(sent, Outcome.APPROVE)
    replay()
    assert INDEX in Revision.objects.get(pk=sent.pk).allowed
