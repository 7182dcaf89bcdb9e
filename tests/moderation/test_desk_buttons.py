"""What the page of a case offers: a key for each button, and where a text is read again nothing seems to happen."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

import content
from moderation.actions import escalate
from moderation.forms.deciding import STAND_IN_KEYS
from moderation.models import Case, Cause, Entry
from stories.actions import appeal
from stories.models import Outcome
from tests import make
from tests.moderation.desk import Desk, address, now, plain

DANGER = make.TEXT + "\n\nI am going to kill myself tonight. Ring 07700 900123."
BUTTON = re.compile(r"<(?:button|summary)\b([^>]*)>(.*?)</(?:button|summary)>", re.DOTALL)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def opened(desk: Desk, cause: str) -> str:
    """Return the page of a case of this cause."""
    by = make.owner()
    if cause == "new":
        make.waiting(text=DANGER)
    elif cause == "edit":
        make.waiting(by, contribution=make.published(by).pk, text=DANGER)
    elif cause == "report":
        make.report(make.published(), rules=["kind"], text="It is unkind.", owner=by)
    else:
        make.moderator()  # one more than who compares it, for an appeal
        refused = make.waiting(by)
        make.decided(refused, Outcome.REFUSE)
        if cause == "appeal":
            appeal(refused.contribution_id, text="I see it differently.", owner=by)
    case = desk.take_next()
    assert case.cause == cause
    return desk.open(case)


@pytest.mark.parametrize("cause", Cause.values)
def test_every_button_has_a_key_of_its_own_and_shows_it(desk: Desk, cause: str, settings: Any) -> None:
    settings.SAMPLE_SHARE = 1 if cause == "sample" else 0
    page = opened(desk, cause)
    lease = page.split('<section class="lease"')[1].split("</section>")[0]
    form = page.split('id="decision" method')[1].split("<dialog")[0]
    keys = []
    for attributes, inside in BUTTON.findall(lease + form):
        key = re.search(r'data-key="(.)"', attributes)
        assert key is not None, inside
        assert f'aria-keyshortcuts="{key[1]}"' in attributes
        assert f"hidden>{key[1]}</kbd>" in inside
        keys.append(key[1])
    boxes = re.findall(r'<(?:textarea|select)[^>]*data-key="(.)"', form)
    assert len(keys) > 3
    assert len({*keys, *boxes}) == len(keys) + len(boxes), sorted(keys + boxes)


def test_taking_a_text_has_a_key_where_one_does_not_hold_it(desk: Desk) -> None:
    make.waiting()
    case = desk.take_next()
    desk.act(case, "release")
    for page in (desk.open(case), desk.decide(case, "refuse").content.decode()):
        (button,) = re.findall(r'/take/".*?<button ([^>]*)>', page, re.DOTALL)
        assert 'data-key="t" aria-keyshortcuts="t"' in button
        assert "hidden>t</kbd>" in page
        for needed in ("js/keys", "case.", "data-open-keys"):
            assert needed in page


def test_there_is_a_key_for_every_general_word() -> None:
    for language in ("en", "es"):
        assert len(content.load(language).stand_ins) <= len(STAND_IN_KEYS)


def test_a_text_read_again_says_so_and_offers_nothing_that_would_not_happen(desk: Desk, settings: Any) -> None:
    settings.SAMPLE_SHARE = 1
    page = opened(desk, "sample")
    words = plain(page)
    assert "nothing happens to the text, and its writer is told nothing" in words
    for shown in (
        "I would publish it",
        "I would ask for a change",
        "I would propose other words",
        "I would not publish",
    ):
        assert shown in words
    assert "<textarea" not in page
    assert "<select" not in page
    for gone in (
        "Let two others decide",
        "Ask the writer",
        "Words to the writer",
        "The writer reads your words",
        "danger",
    ):
        assert gone not in words


@pytest.mark.parametrize("outcome", ["approve", "ask_changes", "propose", "refuse"])
def test_a_text_read_again_takes_an_outcome_and_its_rules(desk: Desk, settings: Any, outcome: str) -> None:
    settings.SAMPLE_SHARE = 1
    opened(desk, "sample")
    case = Case.objects.get(cause=Cause.SAMPLE)
    typed = {"token": str(case.lease_token), "request_id": str(uuid.uuid4()), "outcome": outcome}
    assert desk.client.post(address(case, "decide"), typed).status_code == 422
    answer = desk.client.post(address(case, "decide"), typed | {"read": "on", "rules": ["kind"], "second": "on"})
    assert answer.status_code == 303
    assert (now(case).closing, now(case).needs, now(case).outcome) == ("decided", 1, outcome)


def test_a_text_read_again_is_nobody_elses(desk: Desk, settings: Any) -> None:
    settings.SAMPLE_SHARE = 1
    opened(desk, "sample")
    case = Case.objects.get(cause=Cause.SAMPLE)
    for act in ("escalate", "note", "message"):
        assert desk.act(case, act, note="Look.", message="You are heard.").status_code == 404
    assert case.lease_token is not None
    with pytest.raises(ValueError, match="compare"):
        escalate(case.pk, token=case.lease_token, moderator=desk.user, note="Look.")
    assert now(case).needs == 1
    assert not Entry.objects.filter(act__in=["escalate", "message"]).exists()
