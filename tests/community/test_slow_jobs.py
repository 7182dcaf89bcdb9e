"""A job that waits for another site holds up no alarm."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection

import content
from advice.models import Trial
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
