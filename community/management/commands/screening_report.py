"""How often screening is right, as a table."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from community.local import OperatorError
from stories.screening.measuring import Figure, Labelled, labelled, measure


class Command(BaseCommand):
    """Print precision and recall of every rule of screening on labelled texts."""

    help = "Print how often each rule of screening is right, on texts that people have labelled."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where the texts are, which half of them, and which language."""
        parser.add_argument("--texts", type=Path, default=settings.ROOT / "tests" / "data" / "screening")
        parser.add_argument("--split", choices=["tune", "holdout"], default="holdout")
        parser.add_argument("--language", help="A code such as en; all languages without it.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print."""
        texts = [one for one in labelled(options["texts"]) if one.split == options["split"]]
        texts = [one for one in texts if options["language"] in (None, one.language)]
        if not texts:
            raise OperatorError(f"No labelled texts of this kind in {options['texts']}.")
        console = Console(width=100)
        with console.capture() as shown:
            console.print(_table(texts, measure(texts)))
        self.stdout.write(shown.get())


def _table(texts: list[Labelled], figures: Iterable[Figure]) -> Table:
    table = Table(title=f"{len(texts)} texts, {sum(not one.rules for one in texts)} of them without anything to find")
    table.add_column("rule")
    for name in ("texts", "right", "wrong", "missed", "precision", "recall"):
        table.add_column(name, justify="right")
    for one in figures:
        counts = (one.right + one.missed, one.right, one.wrong, one.missed)
        table.add_row(one.rule, *map(str, counts), f"{one.precision:.2f}", f"{one.recall:.2f}")
    return table
