"""What is wrong with this installation, and what to do about each thing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from community.health import DIAGNOSIS, WITHOUT_DATABASE, Finding, look


class Command(BaseCommand):
    """Look at everything that the site needs and say what to do; exit 1 when something is wrong."""

    help = "Look at everything that the site needs and say what to do about what is wrong."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one finding a line, or a table on a terminal."""
        findings = [*(check.find() for check in WITHOUT_DATABASE), *look(DIAGNOSIS)]
        if self.stdout.isatty():
            _print_table(findings)
        else:
            for finding in findings:
                said = ": ".join(filter(None, (finding.subject, finding.todo or finding.note)))
                self.stdout.write(f"{'WRONG ' if finding.todo else 'ok    '} {said}")
        if any(finding.todo for finding in findings):
            sys.exit(1)


def _print_table(findings: Sequence[Finding]) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for finding in findings:
        table.add_row(
            "[bold red]wrong[/]" if finding.todo else "[green]ok[/]", finding.subject, finding.todo or finding.note
        )
    Console().print(table)
