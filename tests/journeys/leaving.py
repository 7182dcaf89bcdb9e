"""A neutral place that records who comes from where, and a slow line to the site."""

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
        yield f"http://127.0.0.1:{server.server_port}/", came
        server.shutdown()


@contextlib.contextmanager
def slow_line(port: int, seconds: float) -> Iterator[int]:
    """Yield a port that leads to the site, where the way out takes so long to arrive; given up, it never does."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        accepting = threading.Thread(target=_accept, args=(listener, over, port, seconds))
        accepting.start()
        yield listener.getsockname()[1]
        over.set()
        accepting.join()


def _accept(listener: socket.socket, over: threading.Event, port: int, seconds: float) -> None:
    callers: list[tuple[threading.Thread, socket.socket]] = []
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            client, _address = listener.accept()
            client.settimeout(None)
            callers.append((threading.Thread(target=_call, args=(client, port, seconds)), client))
            callers[-1][0].start()
    for thread, client in callers:
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        thread.join()


def _call(client: socket.socket, port: int, seconds: float) -> None:
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        back = threading.Thread(target=_carry, args=(server, client, seconds))
        back.start()
        _carry(client, server, seconds)
        back.join()


def _carry(source: socket.socket, sink: socket.socket, seconds: float) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            if part.startswith(b"GET /leave/") and _is_given_up(source, seconds):
                break
            sink.sendall(part)
    for one in (source, sink):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _is_given_up(line: socket.socket, seconds: float) -> bool:
    """Wait so long; say whether the browser closed the line meanwhile."""
    line.settimeout(seconds)
    try:
        return line.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    finally:
        line.settimeout(None)
