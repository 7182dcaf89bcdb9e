"""Copying the register of trials now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

import content
from advice.actions import trials
from advice.register import Register
from advice.troubles import WORDS


class Command(BaseCommand):
    """Ask the register of trials for what is new, and say how far it is and what became of it."""

    help = "Copy the trials on the pack's terms from the public register. What we have stays when anything fails."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to fetch everything though the register has not changed."""
        parser.add_argument("--anew", action="store_true", help="Fetch everything, even if the register is unchanged.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy, with a line that moves on a terminal."""
        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} records so far"), TimeElapsedColumn())
        with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
            task = progress.add_task("", total=None)
            register = Register(
                settings.TRIALS_API,
                content.load().advice.research.terms,
                tell=lambda records: progress.advance(task, records),
            )
            copied = trials.sync(register.fetch, timezone.localdate(), anew=options["anew"])
        if copied.trouble:
            raise CommandError(f"{WORDS[copied.trouble]} Nothing was changed: the {copied.held} trials we had stay.")
        self.stdout.write(sentence(copied))


def sentence(copied: trials.Copied) -> str:
    """Say what became of a copying."""
    if copied.is_same:
        return f"The register has not changed; we have {copied.held} trials."
    unread = f" {copied.unread} could not be read." if copied.unread else ""
    return f"{copied.held} trials: {copied.new} new, {copied.changed} changed, {copied.gone} gone.{unread}"
