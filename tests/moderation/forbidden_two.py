"""More of what the database refuses: where two decide, where an owner has to agree, and in the record."""

from __future__ import annotations

from collections.abc import Iterator

from tests.moderation.ground import CLOSE, LETTER, MOVE, OPEN, PUBLISH, Attempt, Ground

LEASE = """
    UPDATE moderation_case SET lease_by_id = '{1}', lease_token = gen_random_uuid(), lease_until = now() + '9 minutes'
    WHERE id = '{0}'
"""
ACCEPT = "INSERT INTO stories_acceptance (revision_id, month) VALUES ('{}', '2026-01-01')"
APPEAL = """
    INSERT INTO stories_appeal (letter_id, case_id, text, month) VALUES (
        (SELECT id FROM stories_statement WHERE revision_id = '{}' ORDER BY number DESC LIMIT 1),
        gen_random_uuid(), 'Please look again.', '2026-01-01'
    )
"""
PROPOSE = """
    INSERT INTO stories_revision (id, contribution_id, number, state, title, text, role, warnings, consents, language,
        audience, answers, treatments, hope, signals, salt, ran_out, why, redacts_id, month)
    SELECT gen_random_uuid(), '{1}', 99, 'proposed', title, 'Other words.', role, warnings, consents, language,
        audience, answers, treatments, hope, signals, gen_random_uuid(), false, '', id, month
    FROM stories_revision WHERE id = '{0}'
"""
HIDE = """
    INSERT INTO stories_suppression (contribution_id, revision_id, ground, month)
    VALUES ('{}', '{}', 'kind', date_trunc('month', now() AT TIME ZONE 'UTC')::date)
"""


def by_two(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    """Yield every such write by name."""
    yield from _pairs(ground)
    yield from _closed(ground)
    yield from _proposals(ground)
    yield from _appeals(ground)
    yield from _hidden(ground)
    yield from _record()


def _pairs(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    case, first = ground.pair, ground.first
    approved = MOVE.format(case.revision_id, "approved")
    yield "close with one of two decisions", (CLOSE.format(case.pk), approved)
    yield (
        "a second approval by the first person",
        (
            LEASE.format(case.pk, first.pk),
            ground.decide(case, moderator=first.pk),
            CLOSE.format(case.pk),
            approved,
        ),
    )
    yield "need one person after all", (f"UPDATE moderation_case SET needs = 1 WHERE id = '{case.pk}'",)
    yield (
        "decide under a place that was taken",
        (
            LEASE.format(case.pk, ground.second.pk),
            ground.decide(case, moderator=ground.second.pk).replace("1 + count(*)", "7"),
        ),
    )
    disputed, lead = ground.disputed, ground.lead
    yield (
        "end a disagreement as a moderator",
        (
            LEASE.format(disputed.pk, ground.third.pk),
            ground.decide(disputed, moderator=ground.third.pk),
            CLOSE.format(disputed.pk),
            MOVE.format(disputed.revision_id, "approved"),
        ),
    )
    letter, number = ground.letter_for(revision=disputed.revision_id, outcome="ask_changes")
    yield (
        "end a disagreement in a third way",
        (
            LEASE.format(disputed.pk, lead.pk),
            letter,
            ground.decide(disputed, "ask_changes", moderator=lead.pk, statement=number),
        ),
    )
    yield "forget a disagreement", (f"UPDATE moderation_case SET is_contested = false WHERE id = '{disputed.pk}'",)
    yield "tell a letter otherwise", (f"UPDATE stories_statement SET told = false WHERE id = '{ground.letter.pk}'",)


def _closed(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    for column, value in {
        "priority": "3",
        "needs": "2",
        "is_contested": "true",
        "opened_hour": "now() - interval '9 days'",
        "due_at": "now()",
        "closing": "'moot', outcome = ''",
        "outcome": "'approve'",
        "cause": "'edit'",
    }.items():
        yield (
            f"change {column} of a closed case",
            (f"UPDATE moderation_case SET {column} = {value} WHERE id = '{ground.refusal.case_id}'",),
        )
    yield "take a closed case", (LEASE.format(ground.refusal.case_id, ground.third.pk),)


def _proposals(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    proposal = ground.proposal
    publish = (MOVE.format(proposal.pk, "approved"), PUBLISH.format(proposal.pk))
    yield "publish a proposal that nobody accepted", publish
    yield "show a proposal while it is one", (PUBLISH.format(proposal.pk),)
    yield (
        "change the words of a proposal",
        (f"UPDATE stories_revision SET text = text || '!' WHERE id = '{proposal.pk}'",),
    )
    yield (
        "say that a proposal is the owner's",
        (f"UPDATE stories_revision SET redacts_id = NULL WHERE id = '{proposal.pk}'",),
    )
    waiting, other = ground.free.revision_id, ground.contribution
    yield "propose without a case", (PROPOSE.format(ground.live.pk, other),)
    yield "propose about the text of others", (PROPOSE.format(waiting, other),)
    letter, number = ground.letter_for(outcome="propose")
    yield (
        "decide for a proposal that has no words",
        (
            letter,
            ground.decide(ground.held, "propose", statement=number),
            CLOSE.format(ground.held.pk),
            MOVE.format(ground.held.revision_id, "changes_asked"),
        ),
    )
    for name, pk in ground.submitted.items():
        yield f"accept a {name} revision", (ACCEPT.format(pk),)
    yield "accept twice", (ACCEPT.format(ground.accepted),)
    yield (
        "change an acceptance",
        (f"UPDATE stories_acceptance SET month = '2025-01-01' WHERE revision_id = '{ground.accepted}'",),
    )
    yield "take an acceptance away", (f"DELETE FROM stories_acceptance WHERE revision_id = '{ground.accepted}'",)


def _appeals(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    case, judge = ground.appealed, ground.first_judge
    yield (
        "judge an appeal about one's own decision",
        (
            LEASE.format(case.pk, judge.pk),
            ground.decide(case, moderator=judge.pk),
            CLOSE.format(case.pk),
            MOVE.format(case.revision_id, "approved"),
        ),
    )
    yield "appeal a second time", (APPEAL.format(case.revision_id),)
    yield "appeal against the answer to an appeal", (APPEAL.format(ground.upheld.pk),)
    yield (
        "appeal once more in place of the first",
        (f"DELETE FROM stories_appeal WHERE case_id = '{case.pk}'",),
    )
    yield (
        "have an appeal answered by another case",
        (f"UPDATE stories_appeal SET case_id = '{ground.free.pk}' WHERE case_id = '{case.pk}'",),
    )
    yield (
        "change the words of an appeal",
        (f"UPDATE stories_appeal SET text = 'Other words.' WHERE case_id = '{case.pk}'",),
    )
    for name, pk in ground.submitted.items():
        if name != "refused":
            yield f"appeal about a {name} revision", (APPEAL.format(pk),)
            yield f"open an appeal's case of a {name} revision", (OPEN.format(pk, "appeal"),)
    yield (
        "give back without deciding",
        (LEASE.format(case.pk, ground.second.pk), MOVE.format(case.revision_id, "approved")),
    )
    yield (
        "say yes to an appeal and leave it",
        (
            LEASE.format(case.pk, ground.second.pk),
            ground.decide(case, moderator=ground.second.pk),
            CLOSE.format(case.pk),
        ),
    )


def _hidden(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    yield "show a hidden text without a decision", ("DELETE FROM stories_suppression",)
    yield "hide a text without a case", (HIDE.format(ground.edited.pk, ground.edited.revision_id),)
    yield "hide one text for another", (HIDE.format(ground.edited.pk, ground.live.pk),)
    yield "say that a text was hidden before", ("UPDATE stories_suppression SET month = month - interval '1 month'",)
    yield "hide a text on other grounds", ("UPDATE stories_suppression SET ground = 'own'",)
    live = ground.live
    yield (
        "take down without a decision",
        (*ground.off_the_page(ground.contribution), MOVE.format(live.pk, "removed")),
    )
    case = ground.report_case
    letter = LETTER.format(
        id="00000000-0000-4000-8000-000000000001",
        revision=live.pk,
        case=case.pk,
        outcome="remove",
        rules="{kind}",
        text="Because.",
    )
    yield (
        "tell of another case",
        (
            LEASE.format(case.pk, ground.third.pk),
            letter.replace(str(case.pk), str(ground.free.pk)),
            ground.decide(
                case, "remove", moderator=ground.third.pk, statement="'00000000-0000-4000-8000-000000000001'"
            ),
            CLOSE.format(case.pk),
            *ground.off_the_page(ground.contribution),
            MOVE.format(live.pk, "removed"),
        ),
    )
    yield (
        "take down and leave it to readers",
        (
            LEASE.format(case.pk, ground.third.pk),
            letter,
            ground.decide(
                case, "remove", moderator=ground.third.pk, statement="'00000000-0000-4000-8000-000000000001'"
            ),
            CLOSE.format(case.pk),
        ),
    )


def _record() -> Iterator[tuple[str, Attempt]]:
    columns = 'act, "case", revision, actor, digest, details, month, previous, seal'
    yield (
        "write into the record",
        (f"INSERT INTO moderation_entry (number, {columns}) SELECT number + 1000, {columns} FROM moderation_entry",),
    )
    yield "change the record", ("UPDATE moderation_entry SET act = 'skip' WHERE number = 1",)
    yield "take a row out of the record", ("DELETE FROM moderation_entry WHERE number = 1",)
    yield "write another end", ("INSERT INTO moderation_head (id, number, seal) VALUES (2, 0, sha256(''))",)
    yield "move the end", ("UPDATE moderation_head SET number = number - 1",)
    yield "take the end away", ("DELETE FROM moderation_head",)
    yield (
        "publish an end that never was",
        ("INSERT INTO moderation_anchor (day, number, seal) VALUES ('2026-01-02', 1, sha256('x'))",),
    )
    yield "change what was published", ("UPDATE moderation_anchor SET number = number + 1",)
    yield "unpublish an end", ("DELETE FROM moderation_anchor",)
    for act in ("decide", "close", "hide", "show", "skip"):
        yield f"put into the record: {act}", (f"SELECT moderation_append('{act}', NULL, NULL, NULL, '{{}}')",)
    for act in ("decide", "close", "hide", "show"):
        yield f"tell that something was done: {act}", (f"SELECT moderation_tell('{act}', NULL, NULL, NULL, '{{}}')",)
