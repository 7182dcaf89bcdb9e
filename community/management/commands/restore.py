"""Bringing a backup back."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from community import restoring
from community.backup import reachable
from community.local import OperatorError
from community.management.commands.backup import with_bytes
from moderation.checking import verify
from stories.actions import check_keys


class Command(BaseCommand):
    """Look a backup through, put it into the database, look whether all came back, and forget again what was erased."""

    help = (
        "Bring a backup back into the database of DATABASE_OWNER_URL, all of it or nothing; the site must be stopped."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, what opens it, and what may be done."""
        parser.add_argument("--from", type=Path, required=True, metavar="FILE", dest="file", help="the backup")
        parser.add_argument("--identity", type=Path, required=True, metavar="FILE", help="what opens it")
        parser.add_argument("--replace", action="store_true", help="put it in the place of the tables that are there")
        parser.add_argument("--dry-run", action="store_true", help="only look, and say what would be done")
        parser.add_argument(
            "--without-keys",
            action="store_true",
            help="restore although the keys of the site are not those of the backup",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Show how far it is; each thing that is wrong is one sentence, and nothing is changed then."""
        file: Path = options["file"]
        identity = restoring.read_identity(options["identity"])
        with reachable():
            with with_bytes("Looking", _size(file)) as done:
                found = restoring.decrypt(file, identity, restoring.Nowhere(), done=done)
            program = restoring.check(found, replace=options["replace"], without_keys=options["without_keys"])
            rows = f"{sum(found.counts.values())} rows of {len(found.counts)} tables"
            if options["dry_run"]:
                self.stdout.write(f"The backup is whole and would be restored: {rows}. Nothing was changed.")
                return
            with with_bytes("Restoring", _size(file)) as done:
                restoring.restore(file, identity, program, done=done)
            self.stdout.write(f"Restored: {rows}, as many as were there.")
            self._after()

    def _after(self) -> None:
        """Bring the tables up to date, give the site's role its rights, and forget again what was erased since."""
        call_command("migrate", verbosity=0, interactive=False)
        record = verify()
        self.stdout.write(f"The record of decisions: {record.sentence}")
        if wrong := check_keys():
            raise OperatorError(f"{' and '.join(wrong)} do not fit, so nobody can post: put the right keys back.")
        if "replay_erasures" in get_commands():
            call_command("replay_erasures", stdout=self.stdout)
        self.stdout.write("Start the site, and run: manage.py doctor")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
