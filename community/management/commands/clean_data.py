"""Deleting what the local run keeps."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from community import postgres
from community.local import OperatorError


class Command(BaseCommand):
    """Delete the data directory and its database."""

    help = "Delete the data directory and its database (local run only, while it is stopped)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete; refuse while the site runs from it."""
        if not settings.LOCAL_RUN:
            raise OperatorError("This command is for the local run only: type `make clean-data`.")
        postgres.remove(settings.DATA_DIR)
        self.stdout.write(f"Deleted {settings.DATA_DIR} and its database.")
