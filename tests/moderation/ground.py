"""Where forbidden writes are tried: one text in each state that a decision has to do with, and the SQL for it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg import sql

from accounts.models import Role, User
from moderation.actions import claim, leave_word, reopen, report, take_note
from moderation.models import Anchor, Case, Cause, Decision, Entry, Report
from stories.actions import accept, appeal, end_consent, take_back, withdraw
from stories.models import Outcome, Revision, Statement
from tests import make
from tests.moderation import two

Attempt = tuple[str, ...]
Connection = psycopg.Connection[Any]

PUBLISH = """
    INSERT INTO stories_publication
        (contribution_id, revision_id, position, facets, warnings, minutes, month, parent_id)
    SELECT contribution_id, r.id, -1, '{{}}', warnings, 1, r.month, parent_id
    FROM stories_revision AS r JOIN stories_contribution AS c ON c.id = contribution_id WHERE r.id = '{}'
"""
DECIDE = """
    INSERT INTO moderation_decision (
        id, case_id, place, revision_id, outcome, rules, passages, warnings, statement, moderator_id,
        request_id, month
    )
    SELECT gen_random_uuid(), '{case}', 1 + count(*), '{revision}', '{outcome}', '{rules}', '[]', '{{}}', {statement},
        '{moderator}', gen_random_uuid(), '2026-01-01'
    FROM moderation_decision WHERE case_id = '{case}'
"""
LETTER = """
    INSERT INTO stories_statement
        (id, revision_id, case_id, outcome, rules, passages, text, number, told, reported, month)
    VALUES ('{id}', '{revision}', '{case}', '{outcome}', '{rules}', '[]', '{text}', 99, true, false, '2026-01-01')
"""
CLOSE = """
    UPDATE moderation_case SET closing = 'decided', lease_by_id = NULL, lease_token = NULL, lease_until = NULL,
        outcome = (SELECT outcome FROM moderation_decision WHERE case_id = '{0}' ORDER BY place DESC LIMIT 1)
    WHERE id = '{0}'
"""
OPEN = """
    INSERT INTO moderation_case
        (id, revision_id, cause, priority, needs, is_contested, opened_hour, enters_at, due_at, closing, outcome)
    VALUES (gen_random_uuid(), '{}', '{}', 0, 1, false, now(), now(), now(), '', '')
"""
MOVE = "UPDATE stories_revision SET state = '{1}' WHERE id = '{0}'"
TABLES = [
    "stories_revision",
    "stories_publication",
    "stories_statement",
    "stories_suppression",
    "stories_contribution",
    "moderation_case",
    "moderation_decision",
    "moderation_report",
    "stories_acceptance",
    "stories_appeal",
    "stories_message",
    "moderation_note",
    "moderation_redaction",
]
RECORD = ["moderation_entry", "moderation_head", "moderation_anchor"]


class Ground:
    """One text in each state that a decision has to do with."""

    def __init__(self) -> None:
        self.moderator, self.member = make.moderator(second_factor=False), make.member()
        self.held = self._held(self.moderator)
        self.by_member = self._held(self.member)
        self.free = make.case()
        live = make.published(make.owner(), warnings=["w1"], warnings_added=["w2"])
        self.live, self.contribution, self.position = live.revision, live.contribution_id, live.position
        owner = make.owner()
        self.edited = make.published(owner)
        self.edit = make.waiting(owner, contribution=self.edited.pk)
        self.refusal = make.decided(make.waiting(), Outcome.REFUSE)
        self.request = make.decided(make.waiting(), Outcome.ASK_CHANGES)
        self.draft = make.draft()
        self.untitled, self.partners = make.draft(title=""), make.draft(role="partner")
        self.answered = make.published_reply(live)
        self.report = Report(revision=self.live, rules=["kind"], weight=1, mark=b"mark")
        self.report.save()
        make.hide(make.published().contribution)
        self.gone = {name: self._gone(name) for name in ("taken_back", "withdrawn", "superseded")}
        self.letter = Statement.objects.get(pk=self.refusal.statement)
        self.approval = Decision.objects.get(revision=self.live)
        self.report_case = Case.objects.get(revision=self.live, cause=Cause.REPORT)
        self._decided_by_two()
        self._answered_by_owners()
        self._worked_once()
        self._beside()
        self._allowed()
        self._years_later()

    def _decided_by_two(self) -> None:
        self.first, self.second, self.third = two.people(3)
        (self.lead,) = two.people(1, role=Role.LEAD)
        self.pair, self.disputed = make.case(), make.case()
        two.decides(self.pair, Outcome.APPROVE, self.first, second=True)
        two.decides(self.disputed, Outcome.APPROVE, self.first, second=True)
        two.decides(self.disputed, Outcome.REFUSE, self.second)

    def _answered_by_owners(self) -> None:
        owners = [make.owner() for _ in range(4)]
        self.proposal, accepted = (two.proposed(make.waiting(owner)) for owner in owners[:2])
        accept(accepted.contribution_id, proposal=accepted.pk, owner=owners[1])
        self.accepted = accepted.pk
        (self.first_judge,) = two.people(1)
        refused = make.decided(make.waiting(owners[2]), Outcome.REFUSE, reviewer=self.first_judge).revision
        appeal(refused.contribution_id, text="Please look again.", owner=owners[2])
        self.appealed = Case.objects.get(revision=refused, cause=Cause.APPEAL)
        self.upheld = make.decided(make.waiting(owners[3]), Outcome.REFUSE).revision
        appeal(self.upheld.contribution_id, text="Please look again.", owner=owners[3])
        make.decided(self.upheld, Outcome.UPHOLD)
        last = Entry.objects.order_by("number").last()
        assert last is not None
        Anchor(day=date(2026, 1, 1), number=last.number, seal=last.seal).save(force_insert=True)

    def _worked_once(self) -> None:
        """Leave decisions behind that did what they were to do: a removal, a yes to an appeal, a keep."""
        self.returned, again, kept = (make.published(make.owner()) for _ in range(3))
        self._removed_and_given_back(self.returned.revision)
        self._removed_and_given_back(again.revision)
        self._removed(again.revision)
        self.removed_again = again.revision
        make.hide(kept)
        make.show(kept)
        make.hide(kept)
        two.proposed(kept.revision)  # which leaves it hidden
        self.kept = kept
        self.hidden = make.published()
        make.hide(self.hidden)
        owner = make.owner()
        self.reported = make.published(owner)
        self.change = two.proposed(make.waiting(owner, contribution=self.reported.pk, text=f"{make.TEXT} More."))
        make.hide(self.reported)
        self.reported_case = two.open_case(self.reported.revision)
        again = make.published()
        for _ in range(2):
            report(again, rules=["kind"], text="", owner=make.owner())
        self.joined = two.open_case(again.revision)

    def _removed(self, revision: Revision) -> None:
        make.hide(revision.contribution_id)
        make.decided(revision, Outcome.REMOVE)

    def _removed_and_given_back(self, revision: Revision) -> None:
        self._removed(revision)
        lead = two.people(1, role=Role.LEAD)[0]
        case = reopen(revision.pk, lead=lead)
        assert case is not None
        two.decides(case, Outcome.APPROVE, lead)

    def _years_later(self) -> None:
        """Leave a refusal and an open appeal of long ago: only who owns the tables can say so."""
        owner = make.owner()
        self.old, self.old_appeal = (make.decided(make.waiting(owner), Outcome.REFUSE).revision for _ in range(2))
        appeal(self.old_appeal.contribution_id, text="Please look again.", owner=owner)
        of, ago = [self.old.pk, self.old_appeal.pk], date(2024, 1, 1)
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            for table in ("stories_revision", "stories_statement"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            Revision.objects.filter(pk__in=of).update(month=ago)
            Statement.objects.filter(revision__in=of).update(month=ago)
            for table in ("stories_revision", "stories_statement"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f'SET ROLE "{settings.WEB_ROLE}"')

    def _beside(self) -> None:
        """Leave a note, a message, words that one of two proposed, and a text to be read again."""
        reader = two.people(1)[0]
        noted = claim(make.case().pk, moderator=reader)
        assert noted.lease_token is not None
        take_note(noted.pk, token=noted.lease_token, moderator=reader, text="I know this clinic.")
        leave_word(noted.pk, text="We read you.", token=noted.lease_token, moderator=reader)
        two.decides(make.case(), Outcome.PROPOSE, self.first, second=True)
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        hours = {"opened_hour": now, "enters_at": now, "due_at": now}
        self.sample = Case(revision=self.request.revision, cause=Cause.SAMPLE, **hours)
        self.sample.save(force_insert=True)

    def _allowed(self) -> None:
        """Leave a story that its owner lets be shown and quoted, and one of which that was taken back."""
        owner, told = make.owner(), {"treatments": [{"code": "t01", "tip": "Slowly."}]}
        self.allowing, self.unallowed = (
            make.published(owner, consents=["publish", "rules", "index", "quote"], **told) for _ in range(2)
        )
        for code in ("index", "quote"):
            end_consent(self.unallowed.pk, code=code, owner=owner)

    def _held(self, user: User) -> Case:
        return claim(make.case().pk, moderator=user)

    def _gone(self, name: str) -> Revision:
        owner = make.owner()
        live = make.published(owner).revision if name != "taken_back" else make.waiting(owner)
        if name == "taken_back":
            take_back(live.contribution_id, owner=owner)
        elif name == "withdrawn":
            withdraw(live.contribution_id, owner=owner)
        else:
            make.decided(make.waiting(owner, contribution=live.contribution_id), Outcome.APPROVE)
        return live

    @property
    def submitted(self) -> dict[str, uuid.UUID]:
        """Return one revision of each state but draft."""
        return {
            "waiting": self.held.revision_id,
            "approved": self.live.pk,
            "refused": self.refusal.revision_id,
            "changes_asked": self.request.revision_id,
            **{name: revision.pk for name, revision in self.gone.items()},
        }

    def off_the_page(self, contribution: uuid.UUID) -> Attempt:
        """Return the SQL that takes a text away from readers, which is for who moves its version on or puts it back."""
        return (
            f"DELETE FROM stories_searchentry WHERE publication_id = '{contribution}'",
            f"DELETE FROM stories_publication WHERE contribution_id = '{contribution}'",
        )

    def decide(self, case: Case, outcome: str = "approve", **changes: Any) -> str:
        """Return the SQL that writes a decision."""
        values: dict[str, Any] = {
            "case": case.pk,
            "revision": case.revision_id,
            "outcome": outcome,
            "rules": "{}" if outcome == "approve" else "{kind}",
            "statement": "NULL",
            "moderator": case.lease_by_id or self.moderator.pk,
        }
        return DECIDE.format(**values | changes)

    def letter_for(self, **changes: Any) -> tuple[str, str]:
        """Return the SQL that writes a letter about the held text, and the letter's id, quoted."""
        values: dict[str, Any] = {
            "id": uuid.uuid4(),
            "revision": self.held.revision_id,
            "case": self.held.pk,
            "outcome": "refuse",
            "rules": "{kind}",
            "text": "Because of this.",
        }
        values |= changes
        return LETTER.format(**values), f"'{values['id']}'"


def run(connection: Connection, attempt: Attempt) -> None:
    """Run and commit."""
    with connection.transaction():
        for statement in attempt:
            connection.execute(statement)


def succeeding(connection: Connection, tries: list[tuple[str, Attempt]], *refusals: type[Exception]) -> list[str]:
    """Return the names of the attempts that were not refused, or not in the way they should be."""
    found = []
    for name, attempt in tries:
        try:
            run(connection, attempt)
        except refusals:
            continue
        except psycopg.Error as error:
            found.append(f"{name}: {error.sqlstate} {error.diag.message_primary}")
        else:
            found.append(name)
    return found


def digest(connection: Connection) -> list[Any]:
    """Return a digest of every row that the guards keep."""
    return [
        connection.execute(
            sql.SQL("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} AS t").format(sql.Identifier(one))
        ).fetchone()
        for one in (*TABLES, *RECORD)
    ]
