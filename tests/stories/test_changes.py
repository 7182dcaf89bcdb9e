"""What an edit changes, told to its owner."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import content
from accounts.models import User
from stories.changes import changes
from stories.models import Outcome, Revision
from tests import make

WARNINGS = {one.code: one.label for one in content.load().warnings}
BEFORE: dict[str, Any] = {
    "title": "A slow way",
    "text": "It was slow.\n\nIt still is.",
    "role": "self",
    "warnings": ["w1"],
    "consents": ["publish", "rules", "index"],
    "audience": "everyone",
    "answers": {"stage": "s3", "goal": ["g4", "g5"], "country": "gb", "barriers": ["b1"]},
    "treatments": [{"code": "t01", "help": "h1", "tip": "Take your time."}, {"code": "other", "name": "Warm baths"}],
}


def version(**changed: Any) -> Revision:
    return Revision(**(BEFORE | changed))


def fields(**changed: Any) -> dict[str, tuple[list[str], list[str]]]:
    return {one.label: (one.gone, one.came) for one in changes(version(), version(**changed)).fields}


def test_two_versions_alike_differ_in_nothing() -> None:
    found = changes(version(), version())
    assert (found.fields, found.of_words) == ([], False)


@pytest.mark.parametrize(
    ("changed", "label", "gone", "came"),
    [
        ({"role": "partner"}, "Who writes", ["Somebody who has it or had it"], ["A partner"]),
        ({"warnings": ["w3"]}, "What readers know before they open it", [WARNINGS["w1"]], [WARNINGS["w3"]]),
        ({"audience": "members"}, "Who may read it", ["Everybody"], ["Members only"]),
        (
            {"consents": ["publish", "rules", "quote"]},
            "What else you agreed to",
            ["Search engines may show it"],
            ["This site may quote it"],
        ),
        (
            {"treatments": [BEFORE["treatments"][0] | {"help": "h3"}]},
            "What was tried",
            ["Vaginal trainers (dilators); It helped a lot; Take your time.", "Warm baths"],
            ["Vaginal trainers (dilators); It made no difference; Take your time."],
        ),
        ({"hope": True}, "A message of hope", [], ["Yes"]),
        (
            {"answers": BEFORE["answers"] | {"goal": ["g5", "g6"]}},
            "What do you hope for?",
            ["Less pain"],
            ["To be close to somebody without penetration"],
        ),
        (
            {"answers": BEFORE["answers"] | {"country": "de"}},
            "Which country do you live in?",
            ["United Kingdom"],
            ["Germany"],
        ),
    ],
)
def test_each_field_is_compared(changed: dict[str, Any], label: str, gone: list[str], came: list[str]) -> None:
    found = fields(**changed)
    assert found == {label: (gone, came)}


def test_answers_that_went_are_told() -> None:
    found = fields(answers={})
    assert found["Where are things for you now?"] == (["In treatment"], [])
    assert len(found) == 4


def test_warnings_that_a_moderator_added_count_as_before() -> None:
    (found,) = changes(version(), version(), warnings_before=["w1", "w2"]).fields
    assert (len(found.gone), found.came) == (1, [])


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "waiting"])
def test_owner_sees_what_an_edit_changes_and_that_the_old_one_stays(
    state: str, member: User, member_client: Client
) -> None:
    by = make.owner(member)
    live = make.published(by, **BEFORE | {"text": make.TEXT})
    edit = BEFORE | {"text": make.TEXT.replace("nobody", "hardly anybody"), "audience": "members"}
    getattr(make, state)(by, contribution=live.pk, **edit)
    for name in ("status", "preview") if state == "draft" else ("status",):
        page = member_client.get(reverse(f"stories:{name}", args=[live.pk])).content.decode()
        shown = page[page.index('<details class="changes">') :]
        gone = '<del dir="auto"><span class="visually-hidden">Taken out: </span>Everybody</del>'
        assert f'{gone} <ins dir="auto"><span class="visually-hidden">Put in: </span>Members only</ins>' in shown
        assert '<del><span class="visually-hidden">Taken out: </span>nobody. </del>' in shown
        assert '<ins><span class="visually-hidden">Put in: </span>hardly anybody. </ins>' in shown
        assert re.search(r"[Rr]eaders (go on seeing|see) the version that was approved", page)
        assert "What you changed" in shown


@pytest.mark.django_db
def test_nothing_is_compared_without_an_edit(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = make.published(by)
    refused = make.published(by)
    make.decided(make.waiting(by, contribution=refused.pk), Outcome.REFUSE)
    for pk in (live.pk, refused.pk, make.draft(by).contribution_id):
        assert "What you changed" not in member_client.get(reverse("stories:status", args=[pk])).content.decode()


@pytest.mark.django_db
def test_edit_without_a_change_says_so(member: User, member_client: Client) -> None:
    by = make.owner(member)
    live = make.published(by)
    make.draft(by, contribution=live.pk)
    page = member_client.get(reverse("stories:status", args=[live.pk])).content.decode()
    assert "Nothing is different from what readers see now." in page
