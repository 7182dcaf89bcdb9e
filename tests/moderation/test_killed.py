"""Killed between any two statements of a decision: all of it is there, or nothing, and sending it again ends it."""

from __future__ import annotations

import pytest

from moderation.models import Decision, Entry
from stories.models import Outcome
from tests.moderation.dying import Scene, dies

STEP = 6  # every so manyth statement; benchmarks/kills.py goes through all of them
OUTCOMES = [*Outcome]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_decision_is_whole_or_never_was(outcome: Outcome, key_known: None) -> None:
    before, kills, lost = 1, 0, 0
    while True:
        scene = Scene(outcome)
        killed = dies(scene.decide, before=before)
        between = scene.seen()
        assert killed or between != scene.before
        scene.decide()  # the same request again
        after = scene.seen()
        assert after[0][:2] == ("decided", outcome)
        assert after != scene.before
        assert between in (scene.before, after)  # what is noted outside, after the end, may be missing
        lost += between == scene.before
        if not killed:
            break
        before, kills = before + STEP, kills + 1
    assert kills >= lost >= 3
    numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1)), "no number is missing where a process died"
    assert Decision.objects.count() == Entry.objects.filter(act="decide").count()
