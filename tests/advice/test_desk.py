"""The desk as an editor and a clinician meet it, without scripts: nothing typed is lost, nothing is signed unseen."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from advice.actions import Words
from advice.models import Article, SignOff, State, Version
from tests import make
from tests.advice import written

pytestmark = pytest.mark.django_db


def typed(version: Version, **changes: Any) -> dict[str, Any]:
    """Return what the form of a draft would send, with changes."""
    words = Words.of(version)
    lines = [
        " | ".join(str(row[name]) for name in ("key", "title", "publisher", "year", "link")) for row in words.sources
    ]
    return {
        "seen": words.digest,
        "title": words.title,
        "short": words.short,
        "body": words.body,
        "sources": "\n".join(lines),
        "related": "",
        "aliases": "",
        "act": "save",
    } | changes


def address(version: Version, act: str = "") -> str:
    return f"/desk/versions/{version.pk}/" + (f"{act}/" if act else "")


def test_an_article_from_the_first_word_to_readers(editing: Client, reviewing: Client) -> None:
    editing.post("/desk/new/", {"slug": "first-step", "language": "en", "kind": "question", "place": "10"})
    draft = Version.objects.get()
    saved = editing.post(
        address(draft),
        typed(
            draft,
            title="A step",
            short="Any.",
            body="## One\n\nYes.[^a]",
            sources="a | A paper | A journal | 2020 | https://example.org/a",
        ),
    )
    draft.refresh_from_db()
    editing.post(address(draft), typed(draft, act="send", remark="Please look at the source."))
    page = reviewing.get(address(draft)).content.decode()
    signed = reviewing.post(
        address(draft, "sign"),
        {
            "seen": Words.of(draft).digest,
            "name": "Alba Hazelmere",
            "qualification": "Physiotherapist",
            "due_on": (timezone.localdate() + timedelta(days=90)).isoformat(),
            "has_read": "on",
        },
    )

    assert (saved.status_code, signed.status_code) == (303, 303)
    assert "A paper" in page
    assert "Please look at the source." in page
    assert "Reviewed by Alba Hazelmere, Physiotherapist" in Client().get("/advice/first-step/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("sources", "a | b | c", "Line 1: a source is key | title | publisher | year | link."),
        ("sources", "\na | b | c | 2020 | http://example.org/", "Line 2: the link begins with https://"),
        ("sources", "a | b | c | soon | https://example.org/", "Line 1: the year is four digits"),
        ("sources", "A B | b | c | 2020 | https://example.org/", "Line 1: a key is small letters"),
        (
            "sources",
            "a | b | c | 2020 | https://example.org/\na | b | c | 2020 | https://example.org/",
            "is there twice",
        ),
        ("aliases", "x" * 61, "longer than 60 characters"),
        ("title", "x" * 151, "at most 150 characters"),
    ],
)
def test_what_cannot_be_taken_comes_back(editing: Client, field: str, value: str, sentence: str) -> None:
    draft = written.draft()

    answer = editing.post(address(draft), typed(draft, body="Words of mine that must not go.", **{field: value}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Words of mine that must not go." in page
    assert Words.of(Version.objects.get()) == Words.of(draft)


def test_a_preview_saves_nothing(editing: Client) -> None:
    draft = written.draft()

    answer = editing.post(address(draft), typed(draft, body="## Soon\n\n**Bold** words.", act="preview"))

    assert "<strong>Bold</strong> words." in answer.content.decode()
    assert Words.of(Version.objects.get()) == Words.of(draft)


def test_a_preview_follows_what_is_typed(editing: Client) -> None:
    draft = written.draft()

    answer = editing.post(address(draft), typed(draft, body="**Bold**<script>x</script>"), headers={"X-Preview": "1"})

    page = answer.content.decode()
    assert "<strong>Bold</strong>" in page
    assert "<script" not in page
    assert "<html" not in page


def test_a_hard_text_is_told_alike_while_it_is_typed_and_when_it_is_saved(editing: Client) -> None:
    hard = "Individualised multidisciplinary rehabilitation necessitates comprehensive interdisciplinary consultation."
    draft = written.draft(short=hard, body=f"{hard}[^late]")
    lines = "late | A paper, without the rest of its line"

    saved = editing.get(address(draft)).content.decode()
    shown = editing.post(address(draft), typed(draft, sources=lines), headers={"X-Preview": "1"}).content.decode()

    told = re.compile(r"Reading grade ([0-9.]+)\. <strong>Please make it easier: grade 8 at most\.</strong>")
    assert told.findall(saved) == told.findall(shown)
    assert len(told.findall(shown)) == 1
    assert 'href="#s1"' in shown


def test_what_lacks_a_source_is_shown(editing: Client) -> None:
    draft = written.draft(
        body="Research found that 80 % of them did.\n\nA friend may come along.[^one][^two]",
        sources=(written.SOURCE, written.SOURCE | {"key": "idle"}),
    )

    page = editing.get(address(draft)).content.decode().partition('id="findings"')[2].partition("</section>")[0]

    for told in (
        "1 of 2 passages that claim something name a source.",
        "Research found that 80 % of them did.",
        "These are cited and not in the list of sources:</strong> two",
        "These sources are not cited: idle",
    ):
        assert told in page


def test_sent_back_with_a_word(editing: Client, reviewing: Client) -> None:
    waits = written.waiting()

    nothing = reviewing.post(address(waits, "send-back"), {"text": " "})
    answer = reviewing.post(address(waits, "send-back"), {"text": "Please name the study."})

    assert (nothing.status_code, answer.status_code) == (422, 303)
    assert Version.objects.get().state == State.DRAFT
    assert "Please name the study." in editing.get(address(waits)).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"has_read": ""}, "Please tick this when you have read all of it."),
        ({"name": ""}, "Readers trust a name."),
        ({"due_on": "2026-01-01"}, "Please choose a day after today"),
        ({"due_on": "9999-12-31"}, "at most three years"),
        ({"due_on": "soon"}, "Enter a valid date."),
    ],
)
def test_a_signature_says_what_it_lacks(reviewing: Client, changes: dict[str, str], sentence: str) -> None:
    waits = written.waiting()
    given = {
        "seen": Words.of(waits).digest,
        "name": "Alba",
        "qualification": "Physiotherapist",
        "due_on": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "has_read": "on",
    }

    answer = reviewing.post(address(waits, "sign"), given | changes)

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not SignOff.objects.exists()


def test_editors_do_not_sign_and_clinicians_do_not_write(editing: Client, reviewing: Client) -> None:
    waits = written.waiting()

    tried = [editing.post(address(waits, act)).status_code for act in ("sign", "correct", "send-back", "none")]
    tried += [reviewing.post(address(waits, act)).status_code for act in ("publish", "discard", "send", "take-back")]
    tried += [reviewing.post(address(waits), typed(waits)).status_code, reviewing.get("/desk/new/").status_code]
    tried += [reviewing.post(f"/desk/articles/{waits.article_id}/").status_code]

    assert tried == [404] * 11
    assert Version.objects.get().state == State.WAITING


def test_half_an_article_goes_nowhere_and_is_kept(editing: Client) -> None:
    draft = written.draft(title="", short="")

    for act in ("send", "publish"):
        answer = editing.post(address(draft), typed(draft, body="All that I have so far.", act=act))
        draft.refresh_from_db()

        assert answer.status_code == 409
        assert "A title, a short answer and a text are needed" in answer.content.decode()
        assert (draft.body, draft.state) == ("All that I have so far.", State.DRAFT)


def test_a_page_that_was_refused_sends_its_words_to_their_own_address(editing: Client) -> None:
    draft = written.draft()

    page = editing.post(address(draft, "remark"), {"text": ""}).content.decode()

    assert f'action="{address(draft)}"' in page


def test_a_clinician_reads_the_difference_of_all_that_is_signed(reviewing: Client) -> None:
    one = written.live(treatments=("t02", "t01"))
    other = written.SOURCE | {"link": "https://example.org/another"}
    waits = written.waiting(
        written.edited(one, short="There is a wrong first step.", sources=(other,), treatments=("t01", "t02"))
    )

    page = reviewing.get(address(waits)).content.decode().partition('id="change"')[2].partition("</section>")[0]

    for told in ("Short answer", "Sources", "https://example.org/another", "<ins>", "<del>"):
        assert told in page
    for same in ("Title", "Nothing has to happen today", "Treatments it is about"):
        assert same not in page


def test_who_signed_may_call_it_a_correction_and_take_it_back(reviewing: Client) -> None:
    one = written.live()
    me = User.objects.get(pk=reviewing.session["_auth_user_id"])
    written.signed(one, by=me)
    waits = written.waiting(written.edited(one, body="## Today\n\nNothing has to happen to-day.[^one]"))

    offered = "A correction only" in reviewing.get(address(waits)).content.decode()
    reviewing.post(address(waits, "correct"), {"seen": Words.of(waits).digest})
    shown = "Reviewed by" in Client().get("/advice/first-step/").content.decode()
    reviewing.post(f"/desk/signatures/{SignOff.objects.get(version=waits).pk}/take-back/")

    assert (offered, shown) == (True, True)
    assert "Reviewed by" not in Client().get("/advice/first-step/").content.decode()


def test_an_editor_takes_back_publishes_and_puts_away(editing: Client) -> None:
    draft = written.waiting()
    editing.post(address(draft, "take-back"))
    draft.refresh_from_db()
    editing.post(address(draft), typed(draft, act="publish"))
    draft.refresh_from_db()
    other = written.edited(draft, short="Away.")
    editing.post(address(other, "discard"))
    other.refresh_from_db()

    assert (draft.state, other.state) == (State.LIVE, State.DISCARDED)


@pytest.mark.parametrize("slug", ["words", "Big", "with space", "what-is-vaginismus", "first-step"])
def test_an_address_is_chosen_well(editing: Client, slug: str) -> None:
    written.draft()

    answer = editing.post("/desk/new/", {"slug": slug, "language": "en", "kind": "question", "place": "10"})

    assert answer.status_code == 422
    assert Article.objects.count() == 1


@pytest.mark.parametrize("second_step", [True, False])
def test_signed_out_meanwhile_an_editor_gets_every_word_back(second_step: bool) -> None:
    draft = written.draft()
    signed_out = Client() if second_step else make.client_of(make.moderator(role=Role.EDITOR), second_step=False)

    answer = signed_out.post(address(draft), typed(draft, body="Half an hour of work.", related="care-team"))

    page = answer.content.decode()
    assert answer.status_code == 403
    for told in ("Half an hour of work.", "care-team", draft.short):
        assert told in page
    assert Words.of(Version.objects.get()) == Words.of(draft)
