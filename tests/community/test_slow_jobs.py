"""A job that waits for another site holds up no alarm."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

import content
from advice.models import Trial, TrialCopy
from community import jobs
from tests.advice import register_server as server
from tests.community.test_jobs import no_jobs, work

__all__ = ["no_jobs"]


def tell_when_done(task: str, told: threading.Event) -> None:
    """Tell when no job of a kind is left."""
    try:
        for _ in range(100):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [task])
                if not cursor.fetchone()[0]:
                    told.set()
                    return
            time.sleep(0.05)
    finally:
        connection.close()


def test_copying_trials_holds_up_no_other_job(settings: Any, monkeypatch: pytest.MonkeyPatch, key_known: None) -> None:
    monkeypatch.setattr("advice.register.BETWEEN", 0.0)
    told = threading.Event()

    def wait_for_the_other(handler: server.Handler) -> None:
        told.wait(10)
        handler.answer(200, {"dataTimestamp": server.STAMP})

    with server.running() as there:
        settings.TRIALS_API = there.base
        there.studies = {content.load().advice.research.terms[0]: [server.study(1)]}
        there.script = [wait_for_the_other]
        jobs.sync_trials.defer(timestamp=0)
        jobs.sweep.defer(timestamp=0)
        watching = threading.Thread(target=tell_when_done, args=("sweep", told))
        watching.start()
        work()
        watching.join()
    assert told.is_set()
    assert Trial.objects.count() == 1


def test_a_job_that_waits_stops_with_the_worker() -> None:
    asked = iter([False, False, True])
    start = time.monotonic()
    with pytest.raises(JobAborted):
        jobs.wait_unless(lambda: next(asked), 60)
    assert time.monotonic() - start < 5


def test_a_job_waits_for_as_long_as_it_should() -> None:
    start = time.monotonic()
    jobs.wait_unless(lambda: False, 0.5)
    assert 0.5 <= time.monotonic() - start < 5


def test_a_copy_that_is_stopped_is_no_failure_of_the_register(settings: Any, db: None) -> None:
    asked = threading.Event()

    def ask_to_wait(handler: server.Handler) -> None:
        server.says(429, Retry_After="100")(handler)
        asked.set()

    async def stop_while_it_waits() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            async with worker.open_async():
                running = asyncio.create_task(
                    worker.run_worker_async(install_signal_handlers=False, shutdown_graceful_timeout=0.1)
                )
                assert await asyncio.to_thread(asked.wait, 20)
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    with server.running() as there, ThreadPoolExecutor(1) as pool:
        settings.TRIALS_API = there.base
        there.script = [ask_to_wait]
        jobs.sync_trials.defer(timestamp=0)
        start = time.monotonic()
        pool.submit(lambda: asyncio.run(stop_while_it_waits())).result()
    assert time.monotonic() - start < 20
    assert len(there.asked) == 1
    assert not TrialCopy.objects.exists()
