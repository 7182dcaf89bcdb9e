"""Make a large database of a smaller one: every story several times, under other keys and further up.

Texts of a million stories take hours to invent and to parse into words; ten times a hundred thousand different
ones take minutes, and tables, indexes and frequencies are those of a million. Each key of a copy is the MD5 of
the key it is made from and the number of the copy, so that references fit without a look-up.
"""

from __future__ import annotations

import re

# KEY is what the key of a copy is made by.
COPIES = (
    """INSERT INTO stories_contribution
        (id, parent_id, owner_tag, voice, person_seal, from_receipt, is_example, takes_replies, is_seen, month)
    SELECT KEY(id), KEY(parent_id), sha256(owner_tag || convert_to(%(n)s::text, 'UTF8')),
        sha256(voice || convert_to(%(n)s::text, 'UTF8')), person_seal, from_receipt, is_example, takes_replies,
        is_seen, month
    FROM stories_contribution
    WHERE id IN (SELECT contribution_id FROM stories_publication WHERE position <= %(span)s)""",
    """INSERT INTO stories_revision
        (id, contribution_id, number, state, title, text, role, warnings, consents, language, audience, answers,
        treatments, hope, signals, salt, month)
    SELECT KEY(r.id), KEY(r.contribution_id), number, state, title, text, role, r.warnings, consents,
        language, audience, answers, treatments, hope, signals, KEY(salt), r.month
    FROM stories_revision AS r JOIN stories_publication AS p ON p.revision_id = r.id WHERE p.position <= %(span)s
    ORDER BY p.position""",
    """INSERT INTO moderation_case
        (id, revision_id, cause, priority, needs, is_contested, opened_hour, enters_at, due_at, closing, outcome)
    SELECT KEY(c.id), KEY(c.revision_id), cause, priority, needs, is_contested, opened_hour, enters_at, due_at,
        closing, outcome
    FROM moderation_case AS c JOIN stories_publication AS p USING (revision_id) WHERE p.position <= %(span)s""",
    """INSERT INTO moderation_decision
        (id, case_id, place, revision_id, outcome, rules, passages, warnings, moderator_id, request_id, month)
    SELECT KEY(d.id), KEY(d.case_id), place, KEY(d.revision_id), outcome, rules, passages, d.warnings,
        moderator_id, KEY(request_id), d.month
    FROM moderation_decision AS d JOIN stories_publication AS p USING (revision_id) WHERE p.position <= %(span)s""",
    """INSERT INTO stories_searchentry (publication_id, position, vector)
    SELECT KEY(publication_id), position + %(n)s * %(span)s, vector
    FROM stories_searchentry WHERE position <= %(span)s ORDER BY position""",
    """INSERT INTO stories_publication
        (contribution_id, revision_id, parent_id, position, facets, warnings, minutes, month, engine_place,
        quote_place)
    SELECT KEY(contribution_id), KEY(revision_id), KEY(parent_id), position + %(n)s * %(span)s, facets,
        warnings, minutes, month, engine_place + %(n)s * %(span)s, quote_place + %(n)s * %(span)s
    FROM stories_publication WHERE position <= %(span)s ORDER BY position""",
)


def keyed(statement: str) -> str:
    """Return a statement with its keys spelled out."""
    return re.sub(r"KEY\(([\w.]+)\)", r"md5(\1::text || %(n)s::text)::uuid", statement)


def multiply(admin_url: str, times: int) -> None:
    """Bring a filled database to so many times its stories."""
    import psycopg
    from rich.progress import Progress

    from benchmarks.seed import BUILT_AFTER, finish, taken_down

    with psycopg.connect(admin_url, autocommit=True) as connection, Progress() as progress:
        task = progress.add_task("Copying stories", total=(times - 1) * len(COPIES) + len(BUILT_AFTER) + 1)
        connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'")
        connection.execute("TRUNCATE stories_reaction, stories_suppression, stories_figure")
        built = [taken_down(connection, name) for name in BUILT_AFTER]
        ((span,),) = connection.execute("SELECT max(position) FROM stories_publication").fetchall()
        for number in range(1, times):
            for statement in COPIES:
                connection.execute(keyed(statement), {"n": number, "span": span})
                progress.advance(task)
        for definition in built:
            connection.execute(definition)
            progress.advance(task)
        finish(connection)
        progress.advance(task)
