"""What happens without anybody asking. The only module that knows the job library.

Every job is periodic and looks for its work by state: no act of a member puts one in, and none is told
about an account. A finished job is deleted at once with what was noted about it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateWorker
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status

import content
from accounts import rounds
from advice.actions import end_passed_labels, trials
from advice.actions.links import check_links as ask_links
from advice.links import Checker
from advice.register import Register
from community import actions
from moderation.actions import alerting, auditing, counting, keeping
from stories.actions import tolerance
from stories.actions.figures import refresh_figures as refresh

# A worker gives a sign of life every ten seconds.
SILENT_SECONDS = 60
# Every job is short or notices that it is to stop, and comes again when it was cut off.
SECONDS_TO_STOP = 1.0
SECONDS_TO_NOTICE = 0.2
# How long links are asked at a stretch, so that no other job has to wait for hosts elsewhere.
SECONDS_OF_ASKING = 8.0


@app.periodic(cron="* * * * *")
@app.task(name="count_people", queueing_lock="count_people")
def count_people(timestamp: int) -> None:
    """Work out how many people have shared, when enough has moved."""
    del timestamp
    actions.count_people()


@app.periodic(cron="* * * * *")
@app.task(name="alert", queueing_lock="alert")
def alert(timestamp: int) -> None:
    """Mail those who review and asked for it when somebody may be in danger."""
    del timestamp
    alerting.alert()


@app.periodic(cron="7 * * * *")
@app.task(name="sweep", queueing_lock="sweep")
def sweep(timestamp: int) -> None:
    """Remove sessions and limits that have run out."""
    del timestamp
    actions.sweep()


@app.periodic(cron="41 * * * *")
@app.task(name="refresh_figures", queueing_lock="refresh_figures")
def refresh_figures(timestamp: int) -> None:
    """Work the published figures out anew, each at most once a day and when enough has moved."""
    del timestamp
    refresh(today=timezone.now().date())


@app.periodic(cron="23 3 * * *")
@app.task(name="refresh_words", queueing_lock="refresh_words")
def refresh_words(timestamp: int) -> None:
    """Count the words that search offers anew, where an operator wants them, so that those of withdrawn texts go."""
    del timestamp
    tolerance.refresh()


@app.periodic(cron="3 0 * * *")
@app.task(name="publish_head", queueing_lock="publish_head")
def publish_head(timestamp: int) -> None:
    """Publish the end of the record once a day, and the figures of a month that is over."""
    del timestamp
    auditing.publish_head(today=timezone.now().date())
    counting.count_months(today=timezone.now().date())


@app.periodic(cron="11 2 * * *")
@app.task(name="check_record", queueing_lock="check_record")
def check_record(timestamp: int) -> None:
    """Read the whole record and keep what was found, for doctor and the page that publishes it."""
    del timestamp
    auditing.check_record(today=timezone.now().date())


@app.periodic(cron="47 3 * * *")
@app.task(name="mix", queueing_lock="mix", pass_context=True)
def mix(context: JobContext, timestamp: int) -> None:
    """Mix the rows of members' tables, so that the order in which they lie tells nothing."""
    del timestamp
    actions.mix(wait=partial(wait_unless, context.should_abort))


@app.periodic(cron="29 4 * * *")
@app.task(name="forget_texts", queueing_lock="forget_texts")
def forget_texts(timestamp: int) -> None:
    """Empty the texts whose time is over, and what was written about them."""
    del timestamp
    keeping.forget_texts()


@app.periodic(cron="5 0 * * *")
@app.task(name="end_labels", queueing_lock="end_labels")
def end_labels(timestamp: int) -> None:
    """Note that reviews have run out. Readers saw each label end at its day without this."""
    del timestamp
    end_passed_labels(timezone.localdate())


@app.periodic(cron="37 5 * * *")
@app.task(name="sync_trials", queueing_lock="sync_trials", pass_context=True)
def sync_trials(context: JobContext, timestamp: int) -> None:
    """Copy the register of trials; it may take minutes, since we ask it slowly, but it stops when the worker does."""
    del timestamp
    wait = partial(wait_unless, context.should_abort)
    register = Register(settings.TRIALS_API, content.load().advice.research.terms, wait=wait)
    trials.sync(register.fetch, timezone.localdate())


@app.periodic(cron="*/2 4-5 * * *")
@app.task(name="check_links", queueing_lock="check_links")
def check_links(timestamp: int) -> None:
    """Ask each link that the site names once a day whether it answers, a few at a time."""
    del timestamp
    if settings.CHECK_LINKS:
        ask_links(today=timezone.now().date(), checker=Checker(), seconds=SECONDS_OF_ASKING)


@app.periodic(cron="* * * * 3-6")
@app.task(name="send_reminders", queueing_lock="send_reminders", pass_context=True)
def send_reminders(context: JobContext, timestamp: int) -> None:
    """Send the week's reminders from Wednesday on, some each minute: a slow mail server holds up no other job."""
    del timestamp
    rounds.go_on(timezone.now(), seconds=SECONDS_OF_ASKING, stopping=context.should_abort)


@app.periodic(cron="*/10 * * * *")
@app.task(name="forget_lost_jobs", queueing_lock="forget_lost_jobs", pass_context=True)
async def forget_lost_jobs(context: JobContext, timestamp: int) -> None:
    """Delete the jobs of workers that were killed; each comes again by itself at its next time."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        await manager.finish_job(job, status=Status.FAILED, delete_job=True)


def wait_unless(stopping: Callable[[], bool], seconds: float) -> None:
    """Wait; raise JobAborted as soon as the worker is told to stop."""
    ends_at = time.monotonic() + seconds
    while not stopping():
        left = ends_at - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, SECONDS_TO_NOTICE))
    raise JobAborted


def worker_is_alive() -> bool:
    """Say whether a worker has given a sign of life within the last minute."""
    since = timezone.now() - timedelta(seconds=SILENT_SECONDS)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=since).exists()


def work() -> None:
    """Do jobs as their time comes, until this process is asked to stop.

    The library's own command would print to the terminal, an error's words among it.
    """
    asyncio.run(_work())


async def _work() -> None:
    with app.replace_connector(DjangoConnector().get_worker_connector()) as worker:
        async with worker.open_async():
            await worker.run_worker_async(shutdown_graceful_timeout=SECONDS_TO_STOP)
