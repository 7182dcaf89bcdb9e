"""That what was erased since a backup has still to be erased again is remembered in the database itself."""

from __future__ import annotations

from community.models import Counter

OWED = "replay_owed"


def owe_replay() -> None:
    """Remember that the journal of erasures has to be replayed."""
    Counter.objects.update_or_create(pk=OWED, defaults={"value": 1})


def settle_replay() -> None:
    """Forget it: all that the journal names was done again."""
    Counter.objects.filter(pk=OWED).delete()


def owes_replay() -> bool:
    """Say whether a backup was brought back and the journal was not replayed to its end since."""
    return Counter.objects.filter(pk=OWED).exists()
