"""Writing the content pack out, with the articles as readers see them now."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from advice.packs import read_pack, write_pack
from content import PackError


class Command(BaseCommand):
    """Write the pack into a new folder, from which load_content makes the same articles."""

    help = "Write the content pack, with the articles as they are live, into a new folder."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("path", type=Path, help="a folder that is not there yet, or is empty")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        """Write it, and tell how many articles there are."""
        try:
            written = sum(1 for _file in write_pack(path, self.stdout.write))
            read_pack(path)
        except (PackError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{written} articles are in {path}.")
