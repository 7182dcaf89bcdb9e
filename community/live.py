"""Live counts: one database connection a process listens, every open page gets one shared message."""

import asyncio
import json
import logging
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

from community import capacity
from community.body import Header, Message, Receive, Scope, Send
from community.headers import NOTHING, bare, from_elsewhere
from community.models import PUBLIC
from community.pace import caller_of, network_of

# Streams are spread over this many groups, so that a heartbeat never wakes all of them at once.
GROUPS = 32
DATABASE_SECONDS = 10
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
RETRY_MILLISECONDS = (2_000, 8_000)

QUIET: tuple[Header, ...] = tuple((name.lower().encode(), value.encode()) for name, value in bare(NOTHING).items())
STREAM_START: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        *QUIET,
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"x-accel-buffering", b"no"),
    ],
}
END: Message = {"type": "http.response.body", "body": b"", "more_body": False}

logger = logging.getLogger(__name__)


def _part(data: bytes) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": True}


BEAT = _part(b":\n\n")


def _connection_parameters() -> dict[str, Any]:
    """Return what Django's own backend would connect with, less what only its cursors understand."""
    parameters = connections["default"].get_connection_params()
    for name in ("context", "cursor_factory"):
        parameters.pop(name, None)
    return {**parameters, "application_name": "fernway-live", "autocommit": True}


class Hub:
    """Keep the counts of one process in step with the database, and wake the streams that wait for them."""

    def __init__(self) -> None:
        self.streams = 0
        self.version = 0
        self.event = _part(b"")
        self.closing = False
        self._counts: dict[str, int] = {}
        self._pause = FIRST_PAUSE
        self._waiting: list[set[asyncio.Future[None]]] = [set() for _ in range(GROUPS)]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen in the running loop; a second call changes nothing."""
        if not self._tasks:
            loop = asyncio.get_running_loop()
            self._tasks = [loop.create_task(self._follow()), loop.create_task(self._beat())]

    def finish(self) -> None:
        """Let every stream end; browsers come back by themselves."""
        self.closing = True
        self._wake_all()

    async def stop(self) -> None:
        """End every stream and let go of the database."""
        self.finish()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def turn(self, group: int) -> None:
        """Wait until there is something to send to the streams of this group."""
        waiter = asyncio.get_running_loop().create_future()
        waiting = self._waiting[group]
        waiting.add(waiter)
        try:
            await waiter
        finally:
            waiting.discard(waiter)

    def _wake(self, group: int) -> None:
        for waiter in self._waiting[group]:
            if not waiter.done():
                waiter.set_result(None)

    def _wake_all(self) -> None:
        for group in range(GROUPS):
            self._wake(group)

    def _publish(self, counts: dict[str, int]) -> None:
        if counts == self._counts:
            return
        self._counts = counts
        self.event = _part(b"data: %s\n\n" % json.dumps(counts, separators=(",", ":")).encode())
        self.version += 1
        self._wake_all()

    async def _beat(self) -> None:
        """Send a comment to one group after the other, so that dead connections are found out."""
        group = 0
        while True:
            await asyncio.sleep(settings.LIVE_HEARTBEAT_SECONDS / GROUPS)
            self._wake(group)
            group = (group + 1) % GROUPS

    async def _follow(self) -> None:
        """Listen for ever; after a lost connection come back, later each time, not in step with others."""
        while True:
            try:
                await self._listen()
            except Exception as error:  # noqa: BLE001 - open pages wait for this task, so it lives on
                # Only the class: a database error's text may hold a row.
                logger.warning("live counts: no database (%s), trying again", type(error).__name__)
            await asyncio.sleep(self._pause * random.uniform(0.5, 1.5))  # noqa: S311 - keeps no secret
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _listen(self) -> None:
        async with asyncio.timeout(DATABASE_SECONDS):
            connection = await psycopg.AsyncConnection.connect(**_connection_parameters())
        try:
            await connection.execute("LISTEN counts")
            while True:
                await self._refresh(connection)
                # A connection may die unseen and take notifications with it: look now and then anyway.
                seconds = settings.LIVE_HEARTBEAT_SECONDS
                async for _notice in connection.notifies(timeout=seconds, stop_after=1):
                    pass
        finally:
            await connection.close()

    async def _refresh(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Read the counts and publish them, then keep the pace; what changes meanwhile is read together."""
        async with asyncio.timeout(DATABASE_SECONDS):
            cursor = await connection.execute("SELECT name, value FROM community_counter")
            found = dict(await cursor.fetchall())
        self._pause = FIRST_PAUSE
        self._publish({name: found.get(name, 0) for name in PUBLIC})
        await asyncio.sleep(settings.LIVE_COALESCE_SECONDS)


def _before_stopping(finish: Callable[[], None]) -> None:
    """Call `finish` in the loop when the process is asked to stop, before the server's own handler.

    A server waits for its open answers, and a stream never ends by itself: without this every restart
    would last until the server kills the process, and pages being written with it.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, partial(_finish_first, loop, finish, before))
            signal.siginterrupt(number, False)  # noqa: FBT003 - the function takes it by place only


def _finish_first(
    loop: asyncio.AbstractEventLoop,
    finish: Callable[[], None],
    before: Callable[[int, FrameType | None], Any],
    number: int,
    frame: FrameType | None,
) -> None:
    loop.call_soon_threadsafe(finish)
    before(number, frame)


class Live:
    """Answer everything under /live/, natively in the event loop."""

    def __init__(self) -> None:
        self._hub = Hub()
        self._most = capacity.streams(settings.CONNECTIONS, capacity.open_files())
        # How many streams an address has open. It is kept only while one is, by a name without a way back.
        self._open: Counter[bytes] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["path"] != "/live/counts":
            await _say(send, 404)
        elif from_elsewhere({name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}):
            await _say(send, 403)
        elif scope["method"] not in {"GET", "HEAD"}:
            await _say(send, 405, (b"allow", b"GET, HEAD"))
        elif scope["method"] == "HEAD":
            await send(STREAM_START)
            await send(END)
        elif status := self._full(caller := network_of(caller_of(scope))):
            await _say(send, status, (b"retry-after", b"%d" % random.randint(30, 90)))  # noqa: S311 - as above
        else:
            await self._stream(caller, receive, send)

    def _full(self, caller: bytes) -> int:
        """Return the status for one stream too many, or 0 while there is room."""
        if self._hub.streams >= self._most:
            return 503
        return 429 if self._open[caller] >= settings.LIVE_STREAMS_PER_ADDRESS else 0

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._hub.start()
        _before_stopping(self._hub.finish)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._hub.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _stream(self, caller: bytes, receive: Receive, send: Send) -> None:
        hub = self._hub
        hub.start()  # not every server tells of its start
        hub.streams += 1
        self._open[caller] += 1
        writer = asyncio.get_running_loop().create_task(_feed(hub, send))
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            hub.streams -= 1
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)


async def _feed(hub: Hub, send: Send) -> None:
    """Send the counts as they are, then whatever the hub has new; one late client delays nobody else."""
    await send(STREAM_START)
    retry = b"retry: %d\n" % random.randint(*RETRY_MILLISECONDS)  # noqa: S311 - as above
    await send(_part(retry + hub.event["body"] if hub.version else retry + b"\n"))
    seen = hub.version
    group = random.randrange(GROUPS)  # noqa: S311 - as above
    while not hub.closing:
        if seen == hub.version:
            await hub.turn(group)
        if seen != hub.version:
            seen = hub.version
            await send(hub.event)
        elif not hub.closing:
            await send(BEAT)
    await send(END)


async def _say(send: Send, status: int, *more: Header) -> None:
    headers = [*QUIET, (b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"0"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
