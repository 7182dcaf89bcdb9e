"""The worker: what happens by the clock."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.core.management.base import BaseCommand

from community import health, jobs

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Do the jobs whose time has come, until asked to stop."""

    help = "Do the jobs whose time has come, until interrupted."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Work; an error ends it with one line in the log, which holds no word of it."""
        health.look_at_start()
        try:
            jobs.work()
        except Exception:
            logger.exception("the worker ended")
            sys.exit(1)
