"""What the database refuses to the role that serves the site: each a few lines of SQL, tried as that role."""

from __future__ import annotations

from collections.abc import Iterator

from stories.lifecycle import MOVES, State
from tests import make
from tests.moderation.forbidden_beside import beside
from tests.moderation.forbidden_once import once
from tests.moderation.forbidden_two import by_two
from tests.moderation.ground import CLOSE, MOVE, OPEN, PUBLISH, Attempt, Ground

CONTENT = {
    "title": "'Another title'",
    "text": "text || ' and more'",
    "role": "'friend'",
    "warnings": "ARRAY['w9']",
    "consents": "consents || ARRAY['more']",
    "language": "'fr'",
    "audience": "'members'",
    "answers": '\'{"relationship": "l1"}\'',
    "treatments": '\'[{"code": "t03"}]\'',
    "hope": "NOT hope",
    "number": "number + 7",
    "id": "gen_random_uuid()",
}


def attempts(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    """Yield every forbidden write by name."""
    yield from _publications(ground)
    yield from _revisions(ground)
    yield from _decisions(ground)
    yield from _reasons(ground)
    yield from _cases(ground)
    yield from beside(ground)
    yield from by_two(ground)
    yield from once(ground)


def _publications(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    for name, pk in {**ground.submitted, "draft": ground.draft.pk}.items():
        if name != "approved":
            yield f"publish a {name} revision", (PUBLISH.format(pk),)
    pointed = "UPDATE stories_publication SET revision_id = '{}' WHERE contribution_id = '{}'"
    yield "point at the edit that waits", (pointed.format(ground.edit.pk, ground.edited.pk),)
    yield "point at a text of others", (pointed.format(ground.held.revision_id, ground.contribution),)
    yield (
        "point at another approved text",
        (
            *ground.off_the_page(ground.edited.pk),
            pointed.format(ground.edited.revision_id, ground.contribution),
        ),
    )
    other = ground.free.revision.contribution_id
    yield (
        "move a publication",
        (f"UPDATE stories_publication SET contribution_id = '{other}' WHERE position = {ground.position}",),
    )
    for name, kept in {"the writer's": "w2", "an added": "w1"}.items():
        yield (
            f"take {name} warning off",
            (f"UPDATE stories_publication SET warnings = '{{{kept}}}' WHERE position = {ground.position}",),
        )
    for column in ("engine_place", "quote_place"):
        yield (
            f"give a place in {column} without the writer's yes",
            (f"UPDATE stories_publication SET {column} = position WHERE position = {ground.position}",),
        )
    yield (
        "merge a publication in",
        (
            f"""MERGE INTO stories_publication AS p USING stories_revision AS r
        ON p.revision_id = r.id AND r.id = '{ground.held.revision_id}'
        WHEN NOT MATCHED AND r.id = '{ground.held.revision_id}' THEN
        INSERT (contribution_id, revision_id, position, facets, warnings, minutes, month)
        VALUES (r.contribution_id, r.id, -1, '{{}}', r.warnings, 1, r.month)""",
        ),
    )
    yield "leave readers a revision that moved on", (MOVE.format(ground.live.pk, "superseded"),)


def _revisions(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    other = ground.contribution
    for name, pk in ground.submitted.items():
        for column, value in CONTENT.items():
            yield (
                f"change {column} of a {name} revision",
                (f"UPDATE stories_revision SET {column} = {value} WHERE id = '{pk}'",),
            )
        yield f"delete a {name} revision", (f"DELETE FROM stories_revision WHERE id = '{pk}'",)
        for state in State.values:
            if state != name and State(state) not in MOVES[State(name)]:
                yield f"move a revision from {name} to {state}", (MOVE.format(pk, state),)
    yield (
        "move a revision to another text",
        (f"UPDATE stories_revision SET contribution_id = '{other}' WHERE id = '{ground.edit.pk}'",),
    )
    yield (
        "change a text while it is sent",
        (f"UPDATE stories_revision SET state = 'waiting', text = 'x' WHERE id = '{ground.draft.pk}'",),
    )
    yield (
        "change a text on conflict",
        (
            f"""INSERT INTO stories_revision SELECT * FROM stories_revision WHERE id = '{ground.live.pk}'
        ON CONFLICT (id) DO UPDATE SET text = 'Something else'""",
        ),
    )
    for state in ("waiting", "approved", "refused"):
        yield (
            f"write a revision as {state}",
            (
                f"""INSERT INTO stories_revision
                (id, contribution_id, number, state, title, text, role, warnings, consents, language, audience,
                answers, treatments, hope, signals, salt, ran_out, why, month)
            SELECT gen_random_uuid(), contribution_id, 99, '{state}', title, text, role, warnings, consents,
                language, audience, answers, treatments, hope, signals, gen_random_uuid(), false, '', month
            FROM stories_revision WHERE id = '{ground.live.pk}'""",
            ),
        )


def _decisions(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    for state in ("approved", "refused", "changes_asked"):
        yield f"move to {state} without a decision", (MOVE.format(ground.held.revision_id, state),)
        if state != "approved":
            yield (
                f"move to {state} by an approval",
                (
                    ground.decide(ground.held),
                    CLOSE.format(ground.held.pk),
                    MOVE.format(ground.held.revision_id, state),
                ),
            )
    letter, number = ground.letter_for()
    yield (
        "approve by a refusal",
        (
            letter,
            ground.decide(ground.held, "refuse", statement=number),
            CLOSE.format(ground.held.pk),
            MOVE.format(ground.held.revision_id, "approved"),
        ),
    )
    yield "decide and leave the case open", (ground.decide(ground.held),)
    yield "decide and leave the text waiting", (ground.decide(ground.held), CLOSE.format(ground.held.pk))
    yield "decide twice", (ground.decide(ground.held), ground.decide(ground.held))
    yield "decide without a lease", (ground.decide(ground.free),)
    yield (
        "decide under the lease of another",
        (ground.decide(ground.held, moderator=make.moderator(second_factor=False).pk),),
    )
    yield (
        "decide under a lease that ran out",
        (
            f"UPDATE moderation_case SET lease_until = 'yesterday' WHERE id = '{ground.held.pk}'",
            ground.decide(ground.held),
        ),
    )
    yield "decide as a member", (ground.decide(ground.by_member),)
    yield (
        "decide as somebody who left",
        (
            f"UPDATE accounts_user SET is_active = false WHERE id = '{ground.moderator.pk}'",
            ground.decide(ground.held),
        ),
    )
    yield "decide a closed case", (ground.decide(ground.refusal.case, moderator=ground.moderator.pk),)
    yield "decide about another revision", (ground.decide(ground.held, revision=ground.free.revision_id),)
    yield "decide something unknown", (ground.decide(ground.held, "remove"),)
    for column, value in {
        "outcome": "'approve'",
        "rules": "ARRAY['own']",
        "passages": "'[[\"text\", 0, 1]]'",
        "statement": "gen_random_uuid()",
        "moderator_id": f"'{ground.member.pk}'",
        "revision_id": f"'{ground.held.revision_id}'",
        "case_id": f"'{ground.held.pk}'",
        "request_id": "gen_random_uuid()",
        "month": "'2025-01-01'",
    }.items():
        yield (
            f"change {column} of a decision",
            (f"UPDATE moderation_decision SET {column} = {value} WHERE id = '{ground.refusal.pk}'",),
        )
    yield "delete a decision", (f"DELETE FROM moderation_decision WHERE id = '{ground.refusal.pk}'",)


def _reasons(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    case = ground.held
    for outcome in ("refuse", "ask_changes"):
        letter, number = ground.letter_for(outcome=outcome)
        yield f"{outcome} without a letter", (ground.decide(case, outcome),)
        yield (
            f"{outcome} without a rule",
            (letter, ground.decide(case, outcome, rules="{}", statement=number)),
        )
        yield (
            f"{outcome} by another rule than the letter's",
            (
                letter,
                ground.decide(case, outcome, rules="{own}", statement=number),
            ),
        )
        blank, blank_number = ground.letter_for(outcome=outcome, rules='{""}')
        yield (
            f"{outcome} by a rule without a name",
            (
                blank,
                ground.decide(case, outcome, rules='{""}', statement=blank_number),
            ),
        )
        for named, changes in {
            "another text": {"revision": ground.free.revision_id},
            "another outcome": {"outcome": "refuse" if outcome == "ask_changes" else "ask_changes"},
            "no words": {"text": " \n\t "},
        }.items():
            other, other_number = ground.letter_for(**{"outcome": outcome} | changes)
            yield (
                f"{outcome} with a letter of {named}",
                (
                    other,
                    ground.decide(case, outcome, statement=other_number),
                ),
            )
        yield (
            f"{outcome} with a letter that is not there",
            (ground.decide(case, outcome, statement="gen_random_uuid()"),),
        )
    yield "write a letter without a decision", (ground.letter_for()[0],)
    yield (
        "move what hides a text to another text",
        (f"UPDATE stories_suppression SET contribution_id = '{ground.edited.pk}'",),
    )
    yield "write an empty letter", (ground.letter_for(text="")[0],)
    yield "write a letter without a rule", (ground.letter_for(rules="{}")[0],)
    for column, value in {
        "text": "'Other words'",
        "rules": "ARRAY['own']",
        "outcome": "'ask_changes'",
    }.items():
        yield (
            f"change {column} of a letter",
            (f"UPDATE stories_statement SET {column} = {value} WHERE id = '{ground.letter.pk}'",),
        )
    yield "delete a letter", (f"DELETE FROM stories_statement WHERE id = '{ground.letter.pk}'",)


def _cases(ground: Ground) -> Iterator[tuple[str, Attempt]]:
    yield "open a second case", (OPEN.format(ground.held.revision_id, "new"),)
    for name, pk in {**ground.submitted, "draft": ground.draft.pk}.items():
        if name != "waiting":
            yield f"open a case of a {name} revision", (OPEN.format(pk, "new"),)
    for closing, outcome in {"decided": "approve", "moot": ""}.items():
        yield (
            f"close a case as {closing}",
            (f"UPDATE moderation_case SET closing = '{closing}', outcome = '{outcome}' WHERE id = '{ground.free.pk}'",),
        )
    yield (
        "open a case again",
        (f"UPDATE moderation_case SET closing = '' WHERE id = '{ground.refusal.case_id}'",),
    )
    yield (
        "move a case to another revision",
        (f"UPDATE moderation_case SET revision_id = '{ground.edit.pk}' WHERE id = '{ground.free.pk}'",),
    )
    yield (
        "take a text out of somebody's hands",
        (f"UPDATE moderation_case SET lease_by_id = '{ground.member.pk}' WHERE id = '{ground.held.pk}'",),
    )
    yield (
        "hold a text without a token",
        (f"UPDATE moderation_case SET lease_by_id = '{ground.member.pk}' WHERE id = '{ground.free.pk}'",),
    )
    yield "delete a case", (f"DELETE FROM moderation_case WHERE id = '{ground.free.pk}'",)
