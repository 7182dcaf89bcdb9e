from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import Session
from community import actions, jobs
from community.models import counts
from stories.models import Figure
from tests import make

OURS = {
    "count_people": "* * * * *",
    "alert": "* * * * *",
    "sweep": "7 * * * *",
    "refresh_figures": "41 * * * *",
    "refresh_words": "23 3 * * *",
    "mix": "47 3 * * *",
    "publish_head": "3 0 * * *",
    "check_record": "11 2 * * *",
    "forget_texts": "29 4 * * *",
    "end_labels": "5 0 * * *",
    "sync_trials": "37 5 * * *",
    "check_links": "*/2 4-5 * * *",
    "send_reminders": "* * * * 3-6",
    "forget_lost_jobs": "*/10 * * * *",
}


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


async def work_through() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        async with worker.open_async():
            await worker.run_worker_async(wait=False, install_signal_handlers=False)


def work() -> None:
    """Let a worker do what waits, and stop; in a thread, since a browser's driver may run a loop in this one.

    Again while something waits: a minute that begins meanwhile puts its own jobs in.
    """
    with ThreadPoolExecutor(1) as pool:
        for _ in range(5):
            pool.submit(lambda: asyncio.run(work_through())).result()
            if not rows("procrastinate_jobs"):
                return


@pytest.fixture(autouse=True)
def no_jobs(transactional_db: None) -> Iterator[None]:
    """Begin without jobs, whose tables no test empties; a worker's thread keeps no connection."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")
    kept = connection.settings_dict["CONN_MAX_AGE"]
    connection.settings_dict["CONN_MAX_AGE"] = 0
    yield
    connection.settings_dict["CONN_MAX_AGE"] = kept


def put_in(status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'count_people', %s::procrastinate_job_status)",
            [status],
        )


def test_jobs_are_periodic_and_told_nothing_but_the_time() -> None:
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic == OURS
    for name in OURS:
        asked = set(inspect.signature(app.tasks[name].func).parameters) - {"context"}
        assert asked == {"timestamp"}


def test_a_finished_job_leaves_nothing(key_known: None) -> None:
    make.published()
    jobs.count_people.defer(timestamp=0)
    assert (rows("procrastinate_jobs"), rows("procrastinate_events")) == (1, 1)
    work()
    assert counts()["shared"] == 1
    assert (rows("procrastinate_jobs"), rows("procrastinate_events")) == (0, 0)


def test_the_worker_makes_the_figures(key_known: None) -> None:
    for _ in range(5):
        make.published(consents=["publish", "rules", "statistics"], treatments=[{"code": "t01", "help": "h1"}])
    jobs.refresh_figures.defer(timestamp=0)
    work()
    assert Figure.objects.get(code="t01").stories == 5
    assert Figure.objects.get(code="t01").refreshed_on == timezone.now().date()
    assert rows("procrastinate_jobs") == 0


def test_a_failed_job_leaves_nothing() -> None:
    put_in("todo")
    work()  # without its time the job fails
    assert (rows("procrastinate_jobs"), rows("procrastinate_events")) == (0, 0)


def test_jobs_of_killed_workers_are_deleted() -> None:
    put_in("doing")
    jobs.forget_lost_jobs.defer(timestamp=0)
    work()
    assert rows("procrastinate_jobs") == 0


def test_a_second_of_the_same_kind_does_not_queue_up() -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    jobs.count_people.defer(timestamp=0)
    with pytest.raises(AlreadyEnqueued):
        jobs.count_people.defer(timestamp=60)


def test_no_page_puts_a_job_in(key_known: None, member_client: Client) -> None:
    for address in ("/", "/stories/", "/stories/mine/", "/accounts/", "/leave/"):
        member_client.get(address)
    assert rows("procrastinate_jobs") == 0


def test_a_worker_is_alive_while_it_gives_signs_of_life() -> None:
    assert not jobs.worker_is_alive()
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_register_worker_v1()")
        assert jobs.worker_is_alive()
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    assert not jobs.worker_is_alive()


def test_sweeping_takes_only_what_has_run_out() -> None:
    make.client_of(make.member())
    make.client_of(make.member())
    gone = Session.objects.first()
    assert gone is not None
    Session.objects.filter(pk=gone.pk).update(expires_on=timezone.now().date() - timedelta(days=1))
    now: Any = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_limit (cache_key, value, expires) VALUES ('old', '', %s), ('new', '', %s)",
            [now - timedelta(seconds=1), now + timedelta(hours=1)],
        )
        actions.sweep()
        cursor.execute("SELECT cache_key FROM accounts_limit WHERE cache_key IN ('old', 'new')")
        assert cursor.fetchall() == [("new",)]
    assert Session.objects.count() == 1
    assert not Session.objects.filter(pk=gone.pk).exists()
