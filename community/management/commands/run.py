"""The local run: database, web server and worker under one parent that stops them all."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand

from community import capacity, children, postgres, roles
from community.local import Claim, OperatorError, private_directory
from community.supervisor import Watched

HOST = "127.0.0.1"
SECONDS_TO_ANSWER = 90.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """The operator asked to stop."""


class Command(BaseCommand):
    """Start the site on this machine and keep it running until it is interrupted."""

    help = "Start the site on this machine; Ctrl-C stops it. Set PORT and DATA_DIR to choose where."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped; what the operator can mend is raised as one sentence."""
        if not settings.LOCAL_RUN:
            raise OperatorError("This command is for the local run only: type `make run`.")
        self._children: list[Watched] = []
        self._server = postgres.Server(postgres.place(settings.DATA_DIR)) if settings.EMBEDDED else None
        claim = Claim(private_directory(settings.DATA_DIR) / "run.lock")
        left_behind = claim.take()
        for number in STOP_SIGNALS:
            signal.signal(number, _stop)
        try:
            _require_port(settings.PORT, 6.0 if left_behind else 0.0)
            self._start()
            while True:
                self._look_after()
                time.sleep(0.2)
        except Stopped:
            self._say("Stopping.")
        finally:
            self._stop()
            claim.release()

    def _start(self) -> None:
        capacity.raise_file_limit()
        if self._server:
            self._server.start()
        else:
            roles.check_version(os.environ["DATABASE_URL"])
        self._manage("migrate", "--skip-checks", "--no-input", "--verbosity", "0")
        self._manage("collectstatic", "--skip-checks", "--no-input", "--verbosity", "0")
        self._manage("prepare_local")
        self._children = [_web(), _worker()]
        for child in self._children:
            child.start()
        web = self._children[0]
        if not children.wait_until(lambda: web.ended() or _answers(settings.PORT), SECONDS_TO_ANSWER):
            raise OperatorError(f"The web server did not answer within {SECONDS_TO_ANSWER:g} seconds.")
        if web.ended():
            raise OperatorError("The web server could not start; its reason stands above.")
        self._say(f"{settings.SITE_NAME} runs at http://{HOST}:{settings.PORT}/ - Ctrl-C stops it.")

    def _look_after(self) -> None:
        if self._server and not self._server.running():
            self._say("PostgreSQL ended by itself; it is started again.")
            self._server.stop()
            self._server.start()
            # The worker does not listen for jobs again by itself.
            worker = self._children[-1]
            worker.stop()
            worker.start()
        for child in self._children:
            if line := child.look_after():
                self._say(line)

    def _stop(self) -> None:
        """Stop in order: the web server, the worker, then what both need."""
        for child in self._children:
            child.stop()
        if self._server:
            self._server.stop()

    def _manage(self, *command: str) -> None:
        """Run one management command to its end."""
        process = children.spawn(
            [sys.executable, "manage.py", *command],
            at_parents_death=signal.SIGKILL,
            directory=settings.ROOT,
            environment=_environment(),
        )
        try:
            children.wait_until(lambda: children.ended(process), float("inf"))
        finally:
            children.kill_group(process)
        if process.returncode != 0:
            raise OperatorError(f"The step `{command[0]}` failed; its reason stands above.")

    def _say(self, line: str) -> None:
        # The terminal may be gone; that must not keep anything from being stopped.
        with contextlib.suppress(OSError):
            self.stdout.write(line)
            self.stdout.flush()


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    for again in STOP_SIGNALS:
        signal.signal(again, signal.SIG_IGN)
    raise Stopped


def _require_port(port: int, patience: float) -> None:
    """Refuse a port that cannot be had; what a killed run left behind gets a moment to let go of it."""
    if not 0 < port < 65536:
        raise OperatorError(f"PORT must be a number from 1 to 65535, not {port}.")
    deadline = time.monotonic() + patience
    while True:
        try:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((HOST, port))
                probe.listen()
            return
        except PermissionError as error:
            raise OperatorError(
                f"Port {port} needs more rights; set PORT to one above 1023, as in PORT=8001 make run."
            ) from error
        except OSError as error:
            if time.monotonic() > deadline:
                raise OperatorError(
                    f"Port {port} is taken by another program; choose another, as in PORT=8001 make run."
                ) from error
        time.sleep(0.1)


def _environment() -> dict[str, str]:
    """Return the children's environment; only their warnings are shown unless LOG_LEVEL asks for more."""
    own = {"DJANGO_SETTINGS_MODULE": "community.settings", "DATA_DIR": str(settings.DATA_DIR)}
    return {"LOG_LEVEL": "WARNING", **os.environ, **own}


def _web() -> Watched:
    connections = str(settings.CONNECTIONS)
    command: list[str | Path] = [sys.executable, "-m", "granian", "community.asgi:application"]
    command += ["--interface", "asgi", "--workers", "1", "--host", HOST, "--port", str(settings.PORT)]
    command += ["--backlog", connections, "--backpressure", connections, "--workers-kill-timeout", "3"]
    command += ["--no-ws", "--no-access-log", "--log-level", "warning"]
    return Watched("web server", command, settings.ROOT, _environment(), seconds_to_stop=4.0)


def _worker() -> Watched:
    command: list[str | Path] = [sys.executable, "manage.py", "work"]
    return Watched("worker", command, settings.ROOT, _environment(), seconds_to_stop=2.0)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
