"""Writing a backup."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from community import actions
from community.backup import back_up, reachable, remove_old
from community.local import private_directory
from community.replacing import refuse_unfinished


class Command(BaseCommand):
    """Mix the rows, then write all of the database into one encrypted file. No key is in it. Old ones of ours go."""

    help = "Write all of the database into one file, encrypted to BACKUP_RECIPIENT. The site may be in use."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to, and whether a file may be replaced."""
        parser.add_argument(
            "--to", type=Path, metavar="FILE", help="the new file; one of this minute in DATA_DIR/backups when not said"
        )
        parser.add_argument("--replace", action="store_true", help="put it in the place of a file of this name")

    def run_from_argv(self, argv: list[str]) -> None:
        """Let nothing half written stay when the system ends it."""
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        """Show how far it is."""
        path: Path = (options["to"] or _of_now()).absolute()
        with reachable():
            refuse_unfinished()
            if left := actions.mix():
                self.stderr.write(f"Not rewritten, since somebody was always in them: {', '.join(left)}.")
            with with_bytes("Database", database_size()) as done:
                made = back_up(path, replace=options["replace"], done=done)
        removed = remove_old(settings.DATA_DIR / "backups")
        if removed:
            self.stdout.write(f"{removed} backups were removed, being older than {settings.BACKUP_DAYS} days.")
        rows = sum(made.counts.values())
        self.stdout.write(f"{path} holds {rows} rows of {len(made.counts)} tables. The keys of the site are not in it.")


def _of_now() -> Path:
    return private_directory(settings.DATA_DIR / "backups") / f"{timezone.now():%Y-%m-%d-%H%M}.age"


def database_size() -> int:
    """Return about how many bytes will be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


class with_bytes:  # noqa: N801 - used like a function
    """Give a function that takes how many bytes were done, with a bar on a terminal."""

    def __init__(self, subject: str, total: int) -> None:
        console = Console(stderr=True)
        columns = (TextColumn(subject), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._task = self._progress.add_task(subject, total=total)

    def __enter__(self) -> Callable[[int], None]:
        """Show the bar."""
        self._progress.start()
        return lambda done: self._progress.advance(self._task, done)

    def __exit__(self, *error: object) -> None:
        """Leave it as it stands."""
        self._progress.stop()
