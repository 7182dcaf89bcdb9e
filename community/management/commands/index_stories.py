"""Making anew what search reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stories.actions import indexing, tolerance
from stories.models import A_MEMBER, Publication


class Command(BaseCommand):
    """Write what every published story is found by again; with tolerance of typing errors, count its words too."""

    help = "Write again what every published story is found by. The site may be in use; nothing is hidden meanwhile."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Show how far it is."""
        everything = Publication.objects.readable_by(A_MEMBER).stories().count()
        with_progress("Stories", everything, indexing.reindex)
        if tolerance.is_on():
            count_words()
        self.stdout.write("Search is up to date.")


def count_words() -> None:
    """Count the words that stand in many stories, and show how far it is."""
    everything = Publication.objects.readable_by(AnonymousUser()).stories().count()
    with_progress("Words", min(everything, tolerance.MOST_READ), tolerance.count_words)


def with_progress(subject: str, total: int, work: Callable[[Callable[[int], None]], None]) -> None:
    """Do work that tells after each step how much it did, with a bar on a terminal."""
    columns = (TextColumn(subject), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(subject, total=total)
        work(lambda done: progress.advance(task, done))
