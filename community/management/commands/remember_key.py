"""Telling a database which keys it belongs to."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.keys import SealError
from community.local import OperatorError
from stories.actions import KeyCheckExists, check_keys, remember_anew, remember_key
from stories.actions.keys import FREE
from stories.models import Contribution
from stories.owners import person_of

LOST = {
    "SESSION_KEYS": "Who was signed in is signed out. Second steps, passkeys and codes from before open no more",
    "ADDRESS_KEYS": "Reminders from before are not sent; people may turn them on again",
}


class Command(BaseCommand):
    """Write the values by which the site later knows its keys; posting is refused until then."""

    help = "Tell a new database which keys it belongs to, or any database a new ownership key, before the site uses it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the list of which a key is lost; an ownership key never is given up."""
        parser.add_argument(
            "--anew", choices=sorted(FREE), help="go on without the lost, or dropped, keys of this list, for good"
        )

    def handle(self, *args: Any, anew: str | None, **options: Any) -> None:
        """Write what is missing; refuse keys that do not open what is there already."""
        if anew:
            self._give_up(anew)
            return
        text = Contribution.objects.first()
        try:
            if text is not None:
                person_of(text.pk, bytes(text.person_seal))
            remember_key()
        except SealError as error:
            raise OperatorError("OWNERSHIP_KEYS does not fit the texts in this database.") from error
        except KeyCheckExists as error:
            raise OperatorError(_nothing_to_do()) from error
        self.stdout.write("Done. Keep a copy of OWNERSHIP_KEYS apart from the backups of the database.")

    def _give_up(self, name: str) -> None:
        if name not in check_keys():
            raise OperatorError(f"{name} fit this database: nothing to do. To change one, run: manage.py rotate_keys")
        remember_anew(name)
        self.stdout.write(f"Done. {LOST[name]}, unless their key comes back.")


def _nothing_to_do() -> str:
    if wrong := check_keys():
        return f"{' and '.join(wrong)} do not fit this database: put the right keys back. Nothing was changed."
    return "This database already knows its key: nothing to do."
