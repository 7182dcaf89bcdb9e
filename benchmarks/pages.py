"""Load pages over keep-alive connections: requests a second, p50 and p99.

    python benchmarks/pages.py --clients 8 --seconds 10 http://127.0.0.1:8000/stories/ http://127.0.0.1:8000/x/

Several addresses take turns of about half a second each in the same run, so that what else the machine
does falls on all of them alike; the ratio of the others to the first is printed. One process, HTTP/1.1,
no pipelining: each client asks again when its answer has arrived whole. The load generator uses a core of
its own, so read figures from a small machine as ratios.
"""

import argparse
import asyncio
import statistics
import time
from urllib.parse import urlsplit

TURN_SECONDS = 0.5


class Tally:
    """What one address answered: times in seconds, and how many answers were no success."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.times: list[float] = []
        self.failures = 0
        self.bytes = 0
        self.seconds = 0.0

    def rate(self) -> float:
        """Return answers a second."""
        return len(self.times) / self.seconds


class Client:
    """One keep-alive connection."""

    def __init__(self, host: str, port: int, headers: list[str]) -> None:
        self._host, self._port = host, port
        self._headers = "".join(f"{header}\r\n" for header in headers)
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[int, int]:
        """Return the status and the size of the answer."""
        if self._line is None:
            self._line = await asyncio.open_connection(self._host, self._port, limit=2**20)
        reader, writer = self._line
        request = f"GET {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{self._headers}\r\n"
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = len(head) + await _body(reader, head)
        if b"\r\nconnection: close\r\n" in head:
            self.close()
        return int(head[9:12]), size

    def close(self) -> None:
        """End the connection."""
        if self._line is not None:
            self._line[1].close()
            self._line = None


async def _body(reader: asyncio.StreamReader, head: bytes) -> int:
    if b"\r\ncontent-length: " in head:
        length = int(head.partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0])
        return len(await reader.readexactly(length))
    size = 0
    while b"\r\ntransfer-encoding: chunked\r\n" in head:
        chunk = int(await reader.readline(), 16)
        size += len(await reader.readexactly(chunk + 2))
        if chunk == 0:
            break
    return size


async def _turn(client: Client, path: str, tally: Tally, end: float) -> None:
    while (started := time.perf_counter()) < end:
        status, size = await client.get(path)
        tally.times.append(time.perf_counter() - started)
        tally.bytes += size
        tally.failures += not 200 <= status < 300


async def load(options: argparse.Namespace) -> list[Tally]:
    """Let all clients ask for one address after the other until the time is over."""
    tallies = [Tally(address) for address in options.urls]
    groups: dict[str, list[Client]] = {}
    for address in options.urls:
        parts = urlsplit(address)
        host, port = parts.hostname or "127.0.0.1", parts.port or 80
        if parts.netloc not in groups:
            groups[parts.netloc] = [Client(host, port, options.header) for _ in range(options.clients)]
    over = time.perf_counter() + options.seconds * len(tallies)
    while time.perf_counter() < over:
        for tally in tallies:
            parts = urlsplit(tally.address)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            started = time.perf_counter()
            end = started + TURN_SECONDS
            await asyncio.gather(*(_turn(one, path, tally, end) for one in groups[parts.netloc]))
            tally.seconds += time.perf_counter() - started
    for client in (one for group in groups.values() for one in group):
        client.close()
    return tallies


def report(tallies: list[Tally]) -> None:
    """Print one line an address."""
    for tally in tallies:
        cuts = statistics.quantiles(tally.times, n=100)
        ratio = "" if tally is tallies[0] else f", {tally.rate() / tallies[0].rate():.1%} of the first"
        print(
            f"{tally.address}: {tally.rate():.0f} a second, p50 {cuts[49] * 1000:.1f} ms, "
            f"p99 {cuts[98] * 1000:.1f} ms, {tally.bytes // len(tally.times)} bytes, "
            f"{tally.failures} of {len(tally.times)} no success{ratio}"
        )


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="+")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5, help="for each address")
    parser.add_argument("--header", action="append", default=[], help="for instance 'Cookie: visit=...'")
    report(asyncio.run(load(parser.parse_args())))


if __name__ == "__main__":
    main()
