"""A neutral place that records who comes from where, and a line to the site that is slow or broken."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextlib.contextmanager
def recorder() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve a neutral page; yield its address and the headers of whoever came."""
    came: list[dict[str, str]] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append({name.lower(): value for name, value in self.headers.items()} | {"path": self.path})
            body = b"<!doctype html><html lang=en><title>Weather</title><link rel=icon href=data:,><h1>Weather</h1>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", came
        finally:
            server.shutdown()


class Line:
    """A line to the site: what is asked for at some addresses takes long, or finds nobody behind the proxy."""

    def __init__(self, port: int, late: dict[str, float], broken: str) -> None:
        self.port, self.late, self.broken = port, late, broken
        self.over = threading.Event()

    def accept(self, listener: socket.socket) -> None:
        """Take calls until the line is over, then hang up."""
        callers: list[tuple[threading.Thread, socket.socket]] = []
        while not self.over.is_set():
            with contextlib.suppress(TimeoutError):
                client, _address = listener.accept()
                client.settimeout(None)
                callers.append((threading.Thread(target=self.call, args=(client,)), client))
                callers[-1][0].start()
        for thread, client in callers:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            thread.join()

    def call(self, client: socket.socket) -> None:
        """Carry one call both ways."""
        with client, socket.create_connection(("127.0.0.1", self.port)) as server:
            back = threading.Thread(target=self.carry, args=(server, client))
            back.start()
            self.carry(client, server)
            back.join()

    def carry(self, source: socket.socket, sink: socket.socket) -> None:
        """Pass on what comes, until one side hangs up."""
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                asked = part.split(b" ", 2)[1].decode() if part.startswith(b"GET ") else ""
                if asked and asked == self.broken:
                    source.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    break
                if asked in self.late and _is_given_up(source, self.late[asked]):
                    break
                sink.sendall(part)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def line(port: int, *, late: dict[str, float] | None = None, broken: str = "") -> Iterator[int]:
    """Yield a port that leads to the site.

    `late` has the seconds after which what is asked for at an address arrives; given up, it never does. `broken` is an
    address that the proxy answers itself, with 502.
    """
    one = Line(port, late or {}, broken)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        accepting = threading.Thread(target=one.accept, args=(listener,))
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            one.over.set()
            accepting.join()


def _is_given_up(line: socket.socket, seconds: float) -> bool:
    """Wait so long; say whether the browser closed the line meanwhile."""
    line.settimeout(seconds)
    try:
        return line.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    finally:
        line.settimeout(None)
