"""A month of a site in its own time: people come and come back by chance, a moderator works, jobs run at night.

``python -m tests.prove month DAYS A_DAY OUT HOW...`` lives it on the site of the environment, and keeps what a thief
would hold together with the truth. HOW may be ``unmixed`` (no mix), ``touched`` (the row of the visit is written
beside what is posted), ``named`` (in the end, texts get a column with a digest of their author's account),
``seldom`` (the moderator comes every third day) and ``again`` (other people come).
"""

from __future__ import annotations

import heapq
import pickle
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from community import jobs, place
from community.actions import mixing
from tests.accounts.post_office import Office, opened
from tests.prove import thief
from tests.prove.people import Moderator, Person, Truth, Visit

NIGHTLY = [jobs.publish_head, jobs.end_labels, jobs.check_record, jobs.refresh_words, jobs.forget_texts]
HOURLY = [jobs.count_people, jobs.sweep, jobs.refresh_figures]
# The database's own clock goes with the month: what its triggers write would else all be of one hour.
CLOCK = r"""
CREATE FUNCTION public.month_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.now() + coalesce(nullif(current_setting('fernway.shift', true), ''), '0')::interval $$;
DO $do$ DECLARE body text; BEGIN
    FOR body IN SELECT regexp_replace(regexp_replace(pg_get_functiondef(oid),
        '\m(clock_timestamp|now)\(\)', 'public.month_now()', 'g'), '\mcurrent_date\M', 'public.month_now()::date', 'gi')
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname <> 'month_now' AND prokind = 'f'
    LOOP EXECUTE body; END LOOP;
END $do$;
"""


class Month:
    """The clock, the people and the nights."""

    def __init__(self, days: int, a_day: float, how: set[str]) -> None:
        self.days, self.a_day, self.how = days, a_day, how
        self.chance, self.truth, self.number = random.Random(f"{days} {a_day} {'again' in how}"), Truth(), 0
        today = datetime.now(UTC)
        # So that a month ends in the middle.
        self.first = (today.replace(day=1, hour=6, minute=0) + timedelta(days=32)).replace(day=16)
        self.admin = psycopg.connect(place.place(settings.DATA_DIR).url(place.ADMIN), autocommit=True)
        self.admin.execute(CLOCK)
        # Nobody pulls the plug; the bytes in the files are the same.
        self.admin.execute("ALTER SYSTEM SET fsync = off")
        self.admin.execute("SELECT pg_reload_conf()")
        self.morning = self.log_end()
        self.coming: list[tuple[datetime, int, Visit]] = []
        self.days_told: list[tuple[dict[str, dict[str, int]], dict[str, set[int]]]] = []

    def comes(self, at: datetime, visit: Visit) -> None:
        self.number += 1
        heapq.heappush(self.coming, (at, self.number, visit))

    def plan(self, day: datetime) -> None:
        """Let new people come, each with their later visits; and the moderator three times a day."""
        for _ in range(int(self.a_day) + (self.chance.random() < self.a_day % 1)):
            self.number += 1
            somebody, at = Person(self.number, self.truth, self.chance), self.some_time(day)
            somebody.touches = "touched" in self.how
            self.comes(at, somebody.join())
            for _visit in range(self.chance.choice([1, 1, 2])):
                at = self.some_time(at.replace(hour=6, minute=0) + timedelta(days=self.chance.randint(1, 6)))
                self.comes(at, somebody.come_back())
            if self.chance.random() < 0.08:
                self.comes(self.some_time(day + timedelta(days=8)), somebody.erase())
        for hours in (3, 9, 15) if "seldom" not in self.how else (9,) * (day.toordinal() % 3 == 0):
            self.comes(day + timedelta(hours=hours), self.moderator.work())

    def some_time(self, day: datetime) -> datetime:
        return day + timedelta(minutes=self.chance.triangular(0, 17 * 60, 13 * 60))

    def live(self) -> None:
        """Let all days pass, one after the other."""
        for number in range(self.days):
            day = self.first + timedelta(days=number)
            with time_machine.travel(day, tick=True):
                if not number:
                    self.moderator = Moderator(self.chance)
                self.plan(day)
            while self.coming and self.coming[0][0] < day + timedelta(hours=20):
                self.step(*heapq.heappop(self.coming))
            self.night(day + timedelta(hours=21), is_last=number == self.days - 1)

    def step(self, at: datetime, _number: int, visit: Visit) -> None:
        """Go on with a visit until it pauses; others come meanwhile."""
        self.set_clock(at)
        with time_machine.travel(at, tick=True):
            minutes = next(visit, None)
        if minutes is not None:
            self.comes(at + timedelta(minutes=minutes), visit)

    def set_clock(self, at: datetime) -> None:
        shift = at - datetime.now(UTC)  # anew each time, or the two clocks would part by as long as all this takes
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('fernway.shift', %s, false)", [f"{shift.total_seconds()} s"])

    def night(self, at: datetime, *, is_last: bool) -> None:
        """Run all jobs of the night; look at the files before the mix, and after."""
        self.set_clock(at)
        with time_machine.travel(at, tick=True):
            for job in [*HOURLY, *NIGHTLY]:
                job(0)
            jobs.send_reminders(SimpleNamespace(should_abort=bool), 0)
        log = thief.logged(self.admin, self.morning)  # first: a checkpoint lets its older files go
        self.days_told.append((thief.steal(self.admin, *thief.OF_A_DAY).of_a_day(), log))
        if is_last:
            self.evening = thief.steal(self.admin)
        if "unmixed" not in self.how:
            assert mixing.mix() == []
        self.morning = self.log_end()

    def log_end(self) -> str:
        return str(self.admin.execute("SELECT pg_current_wal_flush_lsn()").fetchall()[0][0])

    def name(self) -> None:
        """Give texts a column that tells, as a build with a back door would: the third control."""
        self.admin.execute("ALTER TABLE stories_contribution ADD COLUMN side text DEFAULT ''")
        accounts = {number: key for key, number in self.truth.people.items() if len(key) == 32}
        self.admin.execute("ALTER TABLE stories_contribution DISABLE TRIGGER USER")
        for key, number in self.truth.texts.items():
            if len(key) == 32 and number in accounts:
                digest = thief.digests(bytes.fromhex(accounts[number]))[-1]
                self.admin.execute("UPDATE stories_contribution SET side = %s WHERE id = %s", [digest, key])
        assert mixing.mix() == []
        self.named = thief.steal(self.admin)


def main(days: str, a_day: str, out: str, *how: str) -> None:
    """Live a month and keep what was found."""
    settings.ALLOWED_HOSTS.append("testserver")
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1
    settings.VISITOR_LEAST_SECONDS = 0
    month = Month(int(days), float(a_day), set(how))
    with opened(Office()) as office:
        month.live()
    kept: dict[str, Any] = vars(month.truth) | {"days": month.days_told, "mails": office.wire}
    kept["before"] = month.evening
    kept["after"] = thief.steal(month.admin)
    if "named" in how:
        month.name()
        kept["named"] = month.named
    Path(out).write_bytes(pickle.dumps(kept))
