"""The nightly mix, now."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand

from community.actions import mixing
from community.local import OperatorError
from community.management.commands.index_stories import with_progress
from community.replacing import refuse_unfinished


class Command(BaseCommand):
    """Do what the worker does every night: mix the rows of members' tables."""

    help = "Mix the rows of members' tables, so that their order tells nothing; the worker does it nightly."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether large tables are rewritten too."""
        parser.add_argument(
            "--all", action="store_true", help="rewrite large tables too; readers of them wait for as long as it takes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Show how far it is; say which tables somebody was in all the time."""
        refuse_unfinished()
        left: list[str] = []
        work = partial(mixing.mix, whatever_size=options["all"])
        with_progress("Tables", len(mixing.TABLES), lambda done: left.extend(work(done=done)))
        if left:
            raise OperatorError(f"Somebody was in these tables all the time, so run it again: {', '.join(left)}.")
        if not options["all"] and (large := mixing.large()):
            self.stdout.write(f"Not rewritten, being large: {', '.join(large)}. Now and then run it with --all.")
        self.stdout.write(f"All {len(mixing.TABLES)} tables are mixed.")
