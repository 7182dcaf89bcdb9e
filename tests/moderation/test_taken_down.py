"""What was taken down stays down after a restore: the journal names it, and it is hidden until somebody decides."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import journal
from moderation.actions import claim, hide
from moderation.actions.reports import report
from moderation.models import Cause
from stories.actions import appeal
from stories.models import A_MEMBER, Outcome, Publication, Suppression
from stories.owners import Owner
from tests import make
from tests.moderation import two
from tests.stories.test_erasing import noted, undone

__all__ = ["noted"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_journal(key_known: None, noted: Path) -> None:
    """Keep a journal of one's own."""


def remove(live: Publication) -> None:
    report(live, rules=["kind"], text="", owner=make.owner())
    make.decided(live.revision, Outcome.REMOVE)


def hide_by_reports(live: Publication) -> None:
    report(live, rules=["safety"], text="", owner=make.owner(make.member()))


def hide_by_hand(live: Publication) -> None:
    report(live, rules=["kind"], text="", owner=make.owner())
    moderator = make.moderator()
    case = claim(two.open_case(live.revision).pk, moderator=moderator)
    hide(case.pk, ground="kind", token=case.lease_token, moderator=moderator)


def change_as(by: Owner, live: Publication) -> Publication:
    return make.published(by, contribution=live.pk, text=make.TEXT.replace("nobody", "no one"))


def change(live: Publication) -> None:
    change_as(OWNERS[live.pk], live)


OWNERS: dict[Any, Any] = {}


def public() -> set[Any]:
    return set(Publication.objects.readable_by(A_MEMBER).values_list("revision", flat=True))


def replay(*options: str) -> str:
    said = StringIO()
    call_command("replay_erasures", *options, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("act", [remove, hide_by_reports, hide_by_hand, change])
def test_what_was_taken_down_since_is_hidden_in_a_restored_copy(act: Callable[[Publication], None]) -> None:
    by = make.owner()
    live, other = make.published(by), make.published()
    OWNERS[live.pk] = by
    with undone():
        act(live)
        assert live.revision_id not in public(), "the act itself"
    assert live.revision_id in public(), "as in a copy from before"
    assert "Hidden until a moderator decides: 1." in replay("--dry-run")
    assert live.revision_id in public()
    assert "Hidden until a moderator decides: 1." in replay()
    assert public() == {other.revision_id}
    assert Suppression.objects.get().ground == Suppression.PUT_BACK
    assert two.open_case(live.revision).cause == Cause.REPORT
    assert "Hidden until a moderator decides: 0." in replay(), "once is enough"


def test_an_answer_that_was_taken_down_does_not_come_back_with_its_story() -> None:
    story = make.published()
    gone, stays = make.published_reply(story), make.published_reply(story)
    make.hide(story)
    with undone():
        make.show(story)
        remove(gone)
    assert "Hidden until a moderator decides: 1." in replay()
    make.show(story)
    assert public() == {story.revision_id, stays.revision_id}


def test_what_was_shown_again_since_stays_public() -> None:
    by = make.owner()
    kept, given_back = make.published(), make.published(by)
    make.hide(kept)
    journal.note(journal.DOWN, kept.revision_id)
    make.show(kept)
    remove(given_back)
    appeal(given_back.pk, text="Please look again.", owner=by)
    make.decided(given_back.revision, Outcome.APPROVE)
    assert public() == {kept.revision_id, given_back.revision_id}
    assert "Hidden until a moderator decides: 0." in replay()
    assert public() == {kept.revision_id, given_back.revision_id}
    hide_by_reports(kept)
    assert journal.read().is_down(kept.revision_id), "the last word counts"
    assert not journal.read().is_down(given_back.revision_id)


def test_being_shown_again_is_noted_only_when_it_is_so() -> None:
    """Whoever hides a text in between has the last word: this comes after the end of the deciding transaction."""
    live = make.published()
    make.hide(live)
    journal.note(journal.DOWN, live.revision_id)
    with undone():
        make.show(live)
        assert live.revision_id in public()
    assert journal.read().is_down(live.revision_id), "it never came to be"
    make.show(live)
    assert not journal.read().is_down(live.revision_id)


def test_what_fails_after_a_decision_is_stored_stops_nobody(settings: Any) -> None:
    live = make.published()
    make.hide(live)
    settings.ERASURE_JOURNAL = Path("no\0file")
    make.show(live)
    assert live.revision_id in public()


def test_a_moderator_is_not_stopped_by_a_journal_that_cannot_be_written(settings: Any) -> None:
    settings.ERASURE_JOURNAL = Path("/dev/full")
    live, by = make.published(), make.owner()
    changed = make.published(by)
    OWNERS[changed.pk] = by
    hide_by_reports(live)
    make.show(live)
    remove(live)
    change(changed)
    assert changed.revision_id not in public()
    assert live.revision_id not in public()


def test_lines_of_the_journal_look_alike_and_name_no_version(settings: Any) -> None:
    live = make.published()
    remove(live)
    journal.note(journal.TEXT, live.pk)
    lines = settings.ERASURE_JOURNAL.read_text().split("\n")
    assert {len(line) for line in lines} == {0, journal.DIGITS}
    assert live.revision_id.hex not in settings.ERASURE_JOURNAL.read_text()
    settings.OWNERSHIP_KEYS = [b"n" * 32, *settings.OWNERSHIP_KEYS]
    assert journal.read().is_down(live.revision_id), "under an older key"
    journal.note(journal.UP, live.revision_id)
    assert not journal.read().is_down(live.revision_id), "the newer line counts, under whichever key"


def test_whoever_decides_and_its_owner_are_told_why_it_is_hidden() -> None:
    by, moderator = make.member(), make.moderator()
    live = make.published(make.owner(by))
    with undone():
        remove(live)
    replay()
    case = claim(two.open_case(live.revision).pk, moderator=moderator)
    said = make.client_of(moderator).get(reverse("moderation:case", args=[case.pk])).content.decode()
    assert "This site went back to an older copy" in said
    assert "A lead asks to have this judged anew" not in said
    told = make.client_of(by).get(reverse("stories:status", args=[live.pk])).content.decode()
    assert "this version was taken down or hidden" in told
    assert "because readers reported it" not in told
    assert Client().get(reverse("stories:detail", args=[live.pk])).status_code == 404
    two.decides(case, Outcome.KEEP, moderator)
    assert Client().get(reverse("stories:detail", args=[live.pk])).status_code == 200


def test_its_owner_is_told_why_also_when_a_change_is_proposed() -> None:
    by = make.member()
    live = make.published(make.owner(by))
    with undone():
        remove(live)
    replay()
    two.proposed(live.revision)
    told = make.client_of(by).get(reverse("stories:status", args=[live.pk])).content.decode()
    assert "had to go back to an older copy" in told
    assert "when a new version of yours is published" in told
    assert "after readers had reported it" not in told
