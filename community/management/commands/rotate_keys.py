"""Moving everything that is sealed to the newest keys."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand

from community.actions import rotating
from community.local import OperatorError
from community.management.commands.index_stories import with_progress
from stories.actions import check_keys, remember_newest_key, remember_newest_keys


class Command(BaseCommand):
    """Seal everything anew under the newest keys, and say what the older ones are still needed for."""

    help = "Seal everything anew under the newest keys. It may be stopped at any moment and run again."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Show how far it is; exit 1 when something is sealed under a key that is not in the environment."""
        if wrong := check_keys():
            raise OperatorError(f"{' and '.join(wrong)} do not fit this database: nothing was changed.")
        remember_newest_key()  # before anything is sealed under it
        closed = {subject: self._rotate(subject, column) for subject, column in rotating.COLUMNS.items()}
        # What no key here opens needs none of them. Which key such a text's tag is under is not known.
        remember_newest_keys(also_ownership=not closed["Texts"])
        for line in rotating.needed():
            self.stdout.write(line)
        if any(closed.values()):
            names = ", ".join(f"{subject} ({count})" for subject, count in closed.items() if count)
            raise OperatorError(f"No key in the environment opens some values, which stay as they are: {names}.")

    def _rotate(self, subject: str, column: rotating.Column | rotating.Factors) -> int:
        rows, closed = rotating.chosen(column), 0

        def work(done: Any) -> None:
            nonlocal closed
            closed = rotating.rotate(column, rows, done=done)

        with_progress(subject, len(rows), partial(work))
        self.stdout.write(f"{subject}: {len(rows) - closed} sealed anew.")
        return closed
