"""Making the secrets of a site: before there are any settings, so it reads none."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from pyrage import x25519

from community import local


class Command(BaseCommand):
    """Make every key that a site needs, or the pair of keys of its backups; nothing is ever overwritten."""

    help = "Make the site's keys and print them for an environment file; or the pair of keys of its backups."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file to write; or that of the backups' pair."""
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--env", type=Path, metavar="FILE", help="write the keys into a new file instead")
        where.add_argument(
            "--backup",
            type=Path,
            metavar="FILE",
            help="make the pair of the backups; its secret half goes into a new file",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, or write a new file for its owner's eyes only."""
        if options["backup"]:
            self._make_pair(options["backup"])
        elif options["env"]:
            _write_new(options["env"], local.new_keys())
            self.stdout.write(
                f"The keys are in {options['env']}. Keep a copy apart from the backups: without it they open nothing."
            )
        else:
            self.stdout.write(local.new_keys().rstrip())

    def _make_pair(self, path: Path) -> None:
        pair = x25519.Identity.generate()
        _write_new(path, f"# Opens the backups made for {pair.to_public()}. Keep it away from the site.\n{pair}\n")
        self.stdout.write(f"BACKUP_RECIPIENT={pair.to_public()}")
        self.stderr.write(
            f"Put this line into the environment of the site. {path} opens its backups: take it away from this "
            "machine, and keep it where the keys of the site are not."
        )


def _write_new(path: Path, text: str) -> None:
    if path.exists():
        raise local.OperatorError(f"{path} exists, and what is in it may be needed: name a new file.")
    if not path.parent.is_dir():
        raise local.OperatorError(f"There is no folder {path.parent}.")
    local.write_once(path, text)
