"""Bringing a content pack's articles in."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from advice.actions import load_articles
from advice.actions.loading import CHANGED, CREATED, KEPT, SAME
from advice.packs import read_pack
from content import PackError, chosen

SAID = {CREATED: "new", CHANGED: "changed", SAME: "as they were", KEPT: "kept, since somebody wrote here"}


class Command(BaseCommand):
    """Put the articles of a pack before readers, as not yet reviewed; what editors wrote here stays."""

    help = "Load the articles of a content pack. Safe to run again; all or none is loaded."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a folder, and whether only to tell."""
        parser.add_argument("path", nargs="?", type=Path, help="a pack's folder; this site's own if none")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")

    def handle(self, *args: Any, path: Path | None, dry_run: bool, **options: Any) -> None:
        """Tell what became of each article that is not as it was."""
        try:
            found = load_articles(read_pack(path or chosen()), dry_run=dry_run)
        except PackError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        for one in found:
            if one.outcome != SAME and options["verbosity"] > 0:
                self.stdout.write(f"{one.language}/{one.slug}: {SAID[one.outcome]}")
        counts = Counter(one.outcome for one in found)
        told = ", ".join(f"{counts[outcome]} {SAID[outcome]}" for outcome in SAID if counts[outcome])
        self.stdout.write(f"Articles: {told or 'none in this pack'}.{' Nothing was written.' if dry_run else ''}")
