"""Whether the record of decisions is whole."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.checking import Mark, verify


class Command(BaseCommand):
    """Read the whole record; exit 1 with the first row that is wrong and what was done to it."""

    help = "Read the whole record of decisions; name the first bad row and what was done to it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a file with ends of the record that were kept outside."""
        parser.add_argument("--anchor", type=Path, help="a file with a day and a seal on each line, as published")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, and say what was found."""
        found = verify(_marks(options["anchor"]) if options["anchor"] else ())
        self.stdout.write(found.sentence)
        if found.sign:
            sys.exit(1)


def _marks(path: Path) -> list[Mark]:
    """Read a seal from the end of each line, and the number of its row where that stands before it."""
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [Mark(_number(words[:-1]), _seal(words[-1])) for words in lines]
    except (OSError, ValueError) as error:
        raise CommandError("The file cannot be read. Each line ends in a seal of 64 letters and digits.") from error


def _number(words: list[str]) -> int | None:
    return int(words[-1]) if words and words[-1].isdecimal() else None


def _seal(typed: str) -> bytes:
    seal = bytes.fromhex(typed)
    if len(seal) != 32:
        raise ValueError
    return seal
