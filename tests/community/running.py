"""Start a server process for a test, and speak to it byte by byte."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serve(log: Path, *, interface: str = "asgi", **environment: str) -> Iterator[int]:
    """Run the echo site and give its port; stop it afterwards."""
    port = free_port()
    paths = os.pathsep.join([str(ROOT), str(HERE)])
    command = [sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--backlog", "2048", "--backpressure", "2048"]
    command += ["--workers-kill-timeout", "3", "echo_app:application"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": paths, **environment}, stdout=out, stderr=out
        )
        try:
            wait_for(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(10)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until somebody listens on a port."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped at once"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 8)


def read_all(line: socket.socket) -> bytes:
    """Read until the server ends the connection; what a reset cuts off is left out."""
    received = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while chunk := line.recv(65536):
            received += chunk
    return bytes(received)


def read_until(line: socket.socket, end: bytes) -> bytes:
    received = bytearray()
    while end not in received:
        chunk = line.recv(65536)
        assert chunk, f"the server ended after {bytes(received)!r}"
        received += chunk
    return bytes(received)


def ask(port: int, request: bytes) -> bytes:
    with connect(port) as line:
        line.sendall(request)
        return read_all(line)


def get(port: int, path: str = "/", *headers: str, method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    return ask(port, ("\r\n".join(lines) + "\r\n\r\n").encode())


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def told(answer: bytes) -> dict[str, Any]:
    """Read the JSON in an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" in head.lower():
        whole = b""
        while body:
            size, _, body = body.partition(b"\r\n")
            whole, body = whole + body[: int(size, 16)], body[int(size, 16) + 2 :]
        body = whole
    return json.loads(body)


def calls(port: int) -> int:
    return told(get(port, "/calls/"))["calls"]


def post(length: object, *headers: str, body: bytes = b"") -> bytes:
    lines = ["POST /story HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {length}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body
