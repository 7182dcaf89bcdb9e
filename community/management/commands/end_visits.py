"""Ending visits from a shell: when a copy of cookies, or somebody's way in, may be in other hands."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.sessions import end_all_visits


class Command(BaseCommand):
    """End everybody's visits, or those of who works here; nothing else changes, and everybody may sign in again."""

    help = "End everybody's visits, or those of who works here, at once; whoever has an account may sign in again."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose."""
        parser.add_argument("--of", required=True, choices=["everybody", "staff"], dest="whose")

    def handle(self, *args: Any, whose: str, **options: Any) -> None:
        """End them."""
        count = end_all_visits(works_here=whose == "staff")
        self.stdout.write(f"{count} visits are ended, in every process. Their cookies open nothing any more.")
