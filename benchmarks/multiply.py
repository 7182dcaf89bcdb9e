"""Make a large database of a smaller one: every story several times, under other keys and further up.

Texts of a million stories take hours to invent and to parse into words; ten times a hundred thousand different
ones take minutes, and tables, indexes and frequencies are those of a million. Each key of a copy is the MD5 of
the key it is made from and the number of the copy, so that references fit without a look-up.
"""

from __future__ import annotations

from typing import Any

GIN = ("search_words", "publication_facets")


def _key(column: str) -> str:
    return f"md5({column}::text || %(n)s::text)::uuid"


COPIES = (
    f"""INSERT INTO stories_contribution
        (id, parent_id, owner_tag, voice, person_seal, from_receipt, is_example, takes_replies, month)
    SELECT {_key("id")}, {_key("parent_id")}, sha256(owner_tag || convert_to(%(n)s::text, 'UTF8')),
        sha256(voice || convert_to(%(n)s::text, 'UTF8')), person_seal, from_receipt, is_example, takes_replies, month
    FROM stories_contribution WHERE id IN (SELECT contribution_id FROM stories_publication WHERE position <= %(span)s)""",
    f"""INSERT INTO stories_revision
        (id, contribution_id, number, state, title, text, role, warnings, consents, language, audience, answers,
        treatments, hope, month)
    SELECT {_key("r.id")}, {_key("r.contribution_id")}, number, state, title, text, role, r.warnings, consents, language,
        audience, answers, treatments, hope, r.month
    FROM stories_revision AS r JOIN stories_publication AS p ON p.revision_id = r.id WHERE p.position <= %(span)s
    ORDER BY p.position""",
    f"""INSERT INTO moderation_case
        (id, revision_id, cause, opened_hour, enters_at, due_at, closing, waited_hours)
    SELECT {_key("c.id")}, {_key("c.revision_id")}, cause, opened_hour, enters_at, due_at, closing, waited_hours
    FROM moderation_case AS c JOIN stories_publication AS p USING (revision_id) WHERE p.position <= %(span)s""",
    f"""INSERT INTO moderation_decision
        (id, case_id, revision_id, outcome, rules, passages, warnings, moderator_id, request_id, month)
    SELECT {_key("d.id")}, {_key("d.case_id")}, {_key("d.revision_id")}, outcome, rules, passages, d.warnings,
        moderator_id, {_key("request_id")}, d.month
    FROM moderation_decision AS d JOIN stories_publication AS p USING (revision_id) WHERE p.position <= %(span)s""",
    f"""INSERT INTO stories_searchentry (publication_id, position, vector)
    SELECT {_key("publication_id")}, position + %(n)s * %(span)s, vector
    FROM stories_searchentry WHERE position <= %(span)s ORDER BY position""",
    f"""INSERT INTO stories_publication
        (contribution_id, revision_id, parent_id, position, facets, warnings, minutes, month)
    SELECT {_key("contribution_id")}, {_key("revision_id")}, {_key("parent_id")}, position + %(n)s * %(span)s, facets,
        warnings, minutes, month
    FROM stories_publication WHERE position <= %(span)s ORDER BY position""",
)


def multiply(admin_url: str, times: int) -> None:
    """Bring a filled database to so many times its stories."""
    import psycopg
    from rich.progress import Progress

    with psycopg.connect(admin_url, autocommit=True) as connection, Progress() as progress:
        task = progress.add_task("Copying stories", total=(times - 1) * len(COPIES) + len(GIN) + 1)
        connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'")
        built = [_taken_down(connection, name) for name in GIN]
        ((span,),) = connection.execute("SELECT max(position) FROM stories_publication").fetchall()
        for number in range(1, times):
            for statement in COPIES:
                connection.execute(psycopg.sql.SQL(_filled(statement, number, span)))
                progress.advance(task)
        for definition in built:
            connection.execute(definition)
            progress.advance(task)
        connection.execute(
            "UPDATE community_counter SET value = value * %s WHERE name IN ('stories', 'shared')", [times]
        )
        connection.execute("SELECT setval('stories_position', (SELECT max(position) FROM stories_publication))")
        connection.execute("VACUUM ANALYZE")
        progress.advance(task)


def _filled(statement: str, number: int, span: int) -> str:
    return statement % {"n": int(number), "span": int(span)}


def _taken_down(connection: Any, index: str) -> str:
    ((definition,),) = connection.execute("SELECT pg_get_indexdef(%s::regclass)", [index]).fetchall()
    connection.execute(f"DROP INDEX {index}")
    return str(definition)
