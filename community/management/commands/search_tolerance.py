"""Switching tolerance of typing errors in search on and off."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import ProgrammingError

from community.local import OperatorError
from community.management.commands.index_stories import count_words
from stories.actions.tolerance import NoTolerance, switch_off, switch_on


class Command(BaseCommand):
    """Let search offer another spelling, or no longer; runs as the role that owns the tables."""

    help = "Let search offer another spelling where it finds little. Needs pg_trgm and unaccent on the server."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take on or off."""
        parser.add_argument("state", choices=["on", "off"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the table of words and fill it, or drop it."""
        try:
            if options["state"] == "off":
                switch_off()
                self.stdout.write("Search takes words as they are typed.")
                return
            switch_on()
        except NoTolerance as refusal:
            raise OperatorError(f"{refusal}; search goes on without tolerance of typing errors.") from refusal
        except ProgrammingError as error:
            raise OperatorError(
                "The role of DATABASE_OWNER_URL may not do this; it must own the database and its tables."
            ) from error
        count_words()
        self.stdout.write("Search offers another spelling. Its words are counted anew every night.")
