"""Telling a new database which ownership key it belongs to."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.keys import SealError
from community.local import OperatorError
from stories.actions import KeyCheckExists, remember_key
from stories.models import Contribution
from stories.owners import person_of


class Command(BaseCommand):
    """Write the value by which the site later knows its key; posting is refused until then."""

    help = "Tell a new database which ownership key it belongs to; once, before the first text."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it once; refuse a key that does not open what is there already."""
        text = Contribution.objects.first()
        try:
            if text is not None:
                person_of(text.pk, bytes(text.person_seal))
            remember_key()
        except SealError as error:
            raise OperatorError("OWNERSHIP_KEYS does not fit the texts in this database.") from error
        except KeyCheckExists as error:
            raise OperatorError("This database already knows its key: nothing to do.") from error
        self.stdout.write("Done. Keep a copy of OWNERSHIP_KEYS apart from the backups of the database.")
