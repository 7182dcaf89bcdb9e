"""More of what the database refuses: a decision works once, a month is not told otherwise, and no word goes early."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from tests.moderation.forbidden_two import ACCEPT, APPEAL, LEASE, PROPOSE
from tests.moderation.ground import CLOSE, LETTER, MOVE, OPEN, PUBLISH, Attempt, Ground

OFFER = """
    UPDATE moderation_case SET closing = 'decided', outcome = 'propose', proposed_id = '{1}',
        lease_by_id = NULL, lease_token = NULL, lease_until = NULL
    WHERE id = '{0}'
"""

EMPTYING = """
    UPDATE stories_revision SET salt = '00000000-0000-0000-0000-000000000000', title = '', text = '', role = '',
        warnings = '{}', consents = '{}', answers = '{}', treatments = '[]', signals = '{}', hope = false, why = ''
"""


def once(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    """Yield every such write by name."""
    yield from _up_and_down(ground)
    yield from _again(ground)
    yield from _months(ground)
    yield from _words(ground)
    yield from _told(ground)
    yield from _samples(ground)


def _up_and_down(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    yield "take a text off the page", ground.off_the_page(ground.contribution)
    yield (
        "approve and show nothing",
        (ground.decide(ground.held), CLOSE.format(ground.held.pk), MOVE.format(ground.held.revision_id, "approved")),
    )
    hidden = ground.hidden
    yield (
        "show a hidden text by publishing it anew",
        (
            *ground.off_the_page(hidden.pk),
            f"DELETE FROM stories_suppression WHERE contribution_id = '{hidden.pk}'",
            PUBLISH.format(hidden.revision_id),
        ),
    )


def _again(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    returned, removed = ground.returned, ground.removed_again
    yield (
        "take down by a removal of before",
        (*ground.off_the_page(returned.pk), MOVE.format(returned.revision_id, "removed")),
    )
    yield (
        "give back by an appeal of before",
        (MOVE.format(removed.pk, "approved"), PUBLISH.format(removed.pk)),
    )
    joined, reader = ground.joined, ground.third.pk
    yield (
        "decide before all is read that readers said",
        (LEASE.format(joined.pk, reader), ground.decide(joined, "keep", moderator=reader), CLOSE.format(joined.pk)),
    )
    yield "come back after a removal by a proposal of before", _removed_and_accepted(ground)
    yield (
        "show a text that was kept before it was hidden",
        (f"DELETE FROM stories_suppression WHERE contribution_id = '{ground.kept.pk}'",),
    )


def _removed_and_accepted(ground: Ground) -> Attempt:
    live, case, change, number = ground.reported, ground.reported_case, ground.change, uuid.uuid4()
    letter = LETTER.format(
        id=number, revision=live.revision_id, case=case.pk, outcome="remove", rules="{kind}", text="Because."
    )
    return (
        LEASE.format(case.pk, ground.third.pk),
        letter,
        ground.decide(case, "remove", moderator=ground.third.pk, statement=f"'{number}'"),
        CLOSE.format(case.pk),
        MOVE.format(live.revision_id, "removed"),
        *ground.off_the_page(live.pk),
        f"DELETE FROM stories_suppression WHERE contribution_id = '{live.pk}'",
        ACCEPT.format(change.pk),
        MOVE.format(change.pk, "approved"),
        PUBLISH.format(change.pk),
    )


def _months(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    month = "UPDATE stories_revision SET month = '{1}' WHERE id = '{0}'"
    for name, value in {"older": "2020-01-01", "younger": "2099-01-01"}.items():
        for state, pk in ground.submitted.items():
            yield f"make a {state} revision {name}", (month.format(pk, value),)
    leave = "UPDATE stories_revision SET state = 'superseded', month = '2020-01-01' WHERE id = '{}'"
    yield "leave in another month", (leave.format(ground.refusal.revision_id),)
    yield "appeal years later", (APPEAL.format(ground.old.pk),)
    yield "take words away that somebody is to judge", (f"{EMPTYING} WHERE id = '{ground.old_appeal.pk}'",)


def _words(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    yield "change a message", ("UPDATE stories_message SET text = 'Other words.'",)
    yield "delete a message", ("DELETE FROM stories_message",)
    yield "change a note", ("UPDATE moderation_note SET text = 'Other words.'",)
    yield "delete a note", ("DELETE FROM moderation_note",)
    yield "delete a report", (f"DELETE FROM moderation_report WHERE id = '{ground.report.pk}'",)
    words = """'{"text": "Not these."}'"""
    yield "agree to other words than the first's", (f"UPDATE moderation_redaction SET words = {words}",)
    yield "take back what the first proposed", ("DELETE FROM moderation_redaction",)


def _told(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    case, second = ground.pair, ground.second
    number = uuid.uuid4()
    letter = LETTER.format(
        id=number, revision=case.revision_id, case=case.pk, outcome="refuse", rules="{kind}", text="Because."
    )
    yield (
        "tell what one of two decided",
        (
            LEASE.format(case.pk, second.pk),
            letter,
            ground.decide(case, "refuse", moderator=second.pk, statement=f"'{number}'"),
        ),
    )
    yield (
        "tell what one of two decided, later",
        (f"UPDATE stories_statement SET told = true WHERE revision_id = '{ground.disputed.revision_id}'",),
    )
    yield (
        "close and leave a letter untold",
        (
            LEASE.format(case.pk, second.pk),
            ground.decide(case, moderator=second.pk),
            CLOSE.format(case.pk),
            MOVE.format(case.revision_id, "approved"),
            PUBLISH.format(case.revision_id),
        ),
    )


def _samples(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    sample, offer = ground.sample, uuid.uuid4()
    decide = ground.decide(sample, "propose", moderator=ground.third.pk)
    lease = LEASE.format(sample.pk, ground.third.pk)
    words = PROPOSE.format(sample.revision_id, sample.revision.contribution_id)
    yield (
        "propose by what is read only to compare",
        (lease, decide, OFFER.format(sample.pk, offer), words.replace("gen_random_uuid()", f"'{offer}'", 1)),
    )
    yield "have one text compared twice", (OPEN.format(sample.revision_id, "sample"),)
    yield "ask two people to compare", (f"UPDATE moderation_case SET needs = 2 WHERE id = '{sample.pk}'",)
    number = uuid.uuid4()
    letter = LETTER.format(
        id=number, revision=sample.revision_id, case=sample.pk, outcome="refuse", rules="{kind}", text="Because."
    )
    yield (
        "tell an owner what was only compared",
        (
            lease,
            letter,
            ground.decide(sample, "refuse", moderator=ground.third.pk, statement=f"'{number}'"),
            CLOSE.format(sample.pk),
        ),
    )
