"""What one press of an article's form does: the words, where they go, and a word to colleagues that goes with them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.models import User
from advice.actions.writing import (
    Changed,
    Words,
    locked_version,
    moved,
    new_version,
    publish,
    say,
    send,
    write,
)
from advice.models import State, Version


def keep(
    version_id: UUID, words: Words, *, seen: str, to: State = State.DRAFT, remark: str = "", editor: User
) -> Version:
    """Write a draft, then send or publish exactly that; where it cannot go, its words stay and nothing is said yet."""
    version = write(version_id, words, seen=seen, editor=editor)
    with transaction.atomic():
        if to == State.WAITING:
            version = send(version_id, seen=words.digest, editor=editor)
        elif to == State.LIVE:
            version = publish(version_id, seen=words.digest, editor=editor)
        say(version, remark, author=editor)
    return version


@transaction.atomic
def carry(version_id: UUID, words: Words, *, seen: str, remark: str = "", editor: User) -> Version:
    """Write words that came too late for a version into what stands now: taken back if it waits, else a new draft.

    Raise Changed when what stands now is not what was ``seen``.
    """
    version = locked_version(version_id).now()
    if Words.of(version).digest != seen:
        raise Changed(version)
    if version.state == State.WAITING:
        moved(version, State.DRAFT, by=editor)
    elif version.state != State.DRAFT:
        version = new_version(version.article, Words.of(version), editor=editor)
    version = write(version.pk, words, seen=seen, editor=editor)
    say(version, remark, author=editor)
    return version
