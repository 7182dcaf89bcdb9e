"""More of what the database refuses: in threads, about reports, and in what stands beside a text."""

from __future__ import annotations

from collections.abc import Iterator

from stories.models import PATIENT_ONLY
from tests.moderation.ground import OPEN, Attempt, Ground

ANSWER = """
    INSERT INTO stories_contribution
        (id, parent_id, owner_tag, voice, person_seal, from_receipt, is_example, takes_replies, is_seen, month)
    SELECT gen_random_uuid(), id, decode(md5(random()::text), 'hex'), voice, person_seal, false, false, true, true,
        month
    FROM stories_contribution WHERE id = '{}'
"""
REPORT = """
    INSERT INTO moderation_report (id, revision_id, rules, text, weight, is_grave, mark, month)
    VALUES (gen_random_uuid(), '{}', '{}', '', 1, false, decode(md5(random()::text), 'hex'), '2026-01-01')
"""


def beside(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    """Yield every such write by name."""
    yield from _threads(ground)
    yield from _reports(ground)
    yield from _fields(ground)
    yield from _consents(ground)


def _threads(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    reply, other = ground.answered, ground.edited.pk
    yield "write a reply to a reply", (ANSWER.format(reply.pk),)
    move = "UPDATE stories_contribution SET parent_id = {} WHERE id = '{}'"
    yield "move a reply to another story", (move.format(f"'{other}'", reply.pk),)
    yield "make a story of a reply", (move.format("NULL", reply.pk),)
    yield "make a reply of a story", (move.format(f"'{other}'", ground.contribution),)
    publish = "UPDATE stories_publication SET parent_id = {} WHERE contribution_id = '{}'"
    yield "publish under another story", (publish.format(f"'{other}'", reply.pk),)
    yield "publish a reply as a story", (publish.format("NULL", reply.pk),)
    yield "publish a story as a reply", (publish.format(f"'{other}'", ground.contribution),)
    yield (
        "publish anew under another story",
        (
            *ground.off_the_page(reply.pk),
            f"""INSERT INTO stories_publication
                (contribution_id, revision_id, position, facets, warnings, minutes, month, parent_id)
            SELECT contribution_id, id, -1, '{{}}', warnings, 1, month, '{other}' FROM stories_revision
            WHERE id = '{reply.revision_id}'""",
        ),
    )


def _reports(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    for name, pk in {**ground.submitted, "draft": ground.draft.pk}.items():
        if name != "approved":
            yield f"report a {name} revision", (REPORT.format(pk, "{kind}"),)
            yield f"open a report's case of a {name} revision", (OPEN.format(pk, "report"),)
    yield (
        "report what nobody sees",
        (
            f"DELETE FROM stories_searchentry WHERE publication_id = '{ground.live.contribution_id}'",
            *ground.off_the_page(ground.contribution),
            REPORT.format(ground.live.pk, "{kind}"),
        ),
    )
    yield "report without a rule", (REPORT.format(ground.live.pk, "{}"),)
    for column, value in {
        "rules": "ARRAY['own']",
        "text": "'Other words'",
        "weight": "weight + 1",
        "is_grave": "NOT is_grave",
        "revision_id": f"'{ground.edited.revision_id}'",
        "mark": "decode('00', 'hex')",
        "month": "'2025-01-01'",
    }.items():
        yield (
            f"change {column} of a report",
            (f"UPDATE moderation_report SET {column} = {value} WHERE id = '{ground.report.pk}'",),
        )
    yield (
        "turn a text's case into a report's",
        (f"UPDATE moderation_case SET cause = 'report' WHERE id = '{ground.free.pk}'",),
    )


def _fields(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    update = "UPDATE stories_revision SET {} WHERE id = '{}'"
    for code in PATIENT_ONLY:
        answer = f"""answers = '{{"{code}": "x1"}}'"""
        yield f"answer {code} for a patient", (update.format(answer, ground.partners.pk),)
        yield f"answer {code} and turn into a friend", (update.format(f"{answer}, role = 'friend'", ground.draft.pk),)
    tried = """treatments = '[{"code": "t03"}]'"""
    yield "tell of a treatment for a patient", (update.format(tried, ground.partners.pk),)
    yield "write for nobody known", (update.format("audience = 'nobody'", ground.draft.pk),)
    yield "send a story without a title", (update.format("state = 'waiting'", ground.untitled.pk),)


def _consents(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    """Yield what would let a text be shown for more than its owner allows."""
    ended = "UPDATE stories_revision SET consents_ended = '{{{}}}' WHERE id = '{}'"
    for kept in ("", "index", "quote", "statistics"):
        yield f"take back a consent's end but for {kept or 'none'}", (ended.format(kept, ground.unallowed.revision_id),)
    yield "end what was never allowed", (ended.format("statistics", ground.allowing.revision_id),)
    yield "end what a text needs", (ended.format("publish", ground.allowing.revision_id),)
    place = "UPDATE stories_publication SET {} = position WHERE contribution_id = '{}'"
    for code, column in {"index": "engine_place", "quote": "quote_place"}.items():
        yield f"end {code} and leave its place", (ended.format(code, ground.allowing.revision_id),)
        yield f"give the place of {code} back", (place.format(column, ground.unallowed.pk),)
