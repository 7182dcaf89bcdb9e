"""Open many event streams on a running server, change a count, and time commit to receipt.

    python benchmarks/streams.py --port 8000 --pid PID --database DSN --streams 1000 --changes 20

Start the server with LIVE_STREAMS_PER_ADDRESS above the number of streams: all come from one address here.
PID is the server's parent process; its memory and that of its children is read before and after.
DSN must be of a role that may write community_counter; the count is put back at the end. The server
needs a --backlog and a --backpressure above the number of streams, and both sides that many open files.
Times start just before the commit is sent, so they hold the commit too.
"""

import argparse
import asyncio
import contextlib
import json
import random
import resource
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg

REQUEST = b"GET /live/counts HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n"
CHANGE = (
    "INSERT INTO community_counter (name, value) VALUES ('members', %s) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
OPENED_AT_ONCE = 100


class Receipts:
    """What all streams have received: for each value of the count, the moments of receipt."""

    def __init__(self) -> None:
        self.wanted = 0
        self.opened = 0
        self.lost = 0
        self.moments: dict[int, list[float]] = {}
        self.news = asyncio.Event()

    def complete(self, value: int, streams: int) -> bool:
        """Tell whether so many streams have received this value."""
        return len(self.moments.get(value, ())) >= streams

    async def reach(self, done: Callable[[], bool], *, seconds: float) -> None:
        """Wait until something holds, or until the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not done():
                    self.news.clear()
                    await self.news.wait()


class Stream(asyncio.Protocol):
    """One open page: note the moment of each event."""

    def __init__(self, host: bytes, receipts: Receipts) -> None:
        self._request = REQUEST % host
        self._receipts = receipts
        self._rest = b""
        self._first = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - tells the type checker
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take the events that are complete."""
        now = time.monotonic()
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if not line.startswith(b"data: "):
                continue
            if self._first:
                self._first = False
                self._receipts.opened += 1
            self._receipts.moments.setdefault(json.loads(line[6:])["members"], []).append(now)
            self._receipts.news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count a stream that the server ended."""
        self._receipts.lost += 1
        self._receipts.news.set()


def memory_of(parent: int) -> int:
    """Return the resident memory in bytes of a process and all that it started."""
    total, pids = 0, [parent]
    while pids:
        place = Path(f"/proc/{pids.pop()}")
        total += int((place / "statm").read_text().split()[1]) * resource.getpagesize()
        for task in (place / "task").iterdir():
            pids += map(int, (task / "children").read_text().split())
    return total


async def open_streams(options: argparse.Namespace, receipts: Receipts) -> list[asyncio.BaseTransport]:
    """Open the streams and wait until each has had its first event."""
    loop = asyncio.get_running_loop()
    host = f"{options.host}:{options.port}".encode()
    transports: list[asyncio.BaseTransport] = []
    while len(transports) < options.streams:
        more = min(OPENED_AT_ONCE, options.streams - len(transports))
        made = [loop.create_connection(lambda: Stream(host, receipts), options.host, options.port) for _ in range(more)]
        transports += [transport for transport, _protocol in await asyncio.gather(*made)]
        receipts.wanted = len(transports)
        await receipts.reach(lambda: receipts.opened + receipts.lost >= receipts.wanted, seconds=60)
    return transports


async def change(options: argparse.Namespace, receipts: Receipts) -> list[float]:
    """Commit the changes one by one and return all times from commit to receipt, in milliseconds."""
    times: list[float] = []
    connection = await psycopg.AsyncConnection.connect(options.database, autocommit=True)
    async with connection:
        found = await (
            await connection.execute("SELECT value FROM community_counter WHERE name = 'members'")
        ).fetchone()
        base = found[0] if found else 0
        for number in range(1, options.changes + 1):
            await asyncio.sleep(random.uniform(0.4, 0.8))  # noqa: S311 - a pause, no secret
            receipts.moments.clear()
            started = time.monotonic()
            await connection.execute(CHANGE, [base + number])
            value = base + number
            await receipts.reach(partial(receipts.complete, value, options.streams), seconds=10)
            times += [(moment - started) * 1000 for moment in receipts.moments.get(value, ())]
        await connection.execute(CHANGE, [base])
    return times


async def measure(options: argparse.Namespace) -> None:
    """Open, change, and print."""
    receipts = Receipts()
    before = memory_of(options.pid) if options.pid else 0
    started = time.monotonic()
    transports = await open_streams(options, receipts)
    print(f"{receipts.opened} streams open after {time.monotonic() - started:.1f} s, {receipts.lost} lost")
    if options.pid:
        each = (memory_of(options.pid) - before) / options.streams / 1024
        print(f"server memory: {before / 2**20:.0f} MB before, {each:.1f} KB more a stream")
    times = sorted(await change(options, receipts))
    expected = options.changes * options.streams
    print(f"{options.changes} changes, {len(times)} of {expected} receipts, {receipts.lost} streams lost")
    if len(times) > 1:
        cuts = statistics.quantiles(times, n=100)
        print(
            f"commit to receipt in ms: min {times[0]:.1f}, p50 {cuts[49]:.1f}, p99 {cuts[98]:.1f}, max {times[-1]:.1f}"
        )
    if options.pid:
        each = (memory_of(options.pid) - before) / options.streams / 1024
        print(f"server memory after the changes: {each:.1f} KB more a stream")
    for transport in transports:
        transport.close()


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--pid", type=int)
    parser.add_argument("--database", required=True)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--changes", type=int, default=20)
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(measure(options))


if __name__ == "__main__":
    main()
