"""Django's own migrate, and after it what the site's role may do with the tables."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connection

from community import roles
from community.local import OperatorError
from community.replacing import refuse_shut, refuse_unfinished


class Command(migrate.Command):
    """Bring the tables up to date; of two roles, the one that serves the site then gets its rights."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; a mere look changes no rights either, and a site that is shut stays so."""
        looks = options["check_unapplied"] or options["plan"]
        if not looks:
            refuse_unfinished()
        super().handle(*args, **options)
        if not looks:
            refuse_shut()
        if looks or options["database"] != DEFAULT_DB_ALIAS or settings.ONE_ROLE or not settings.AS_OWNER:
            return
        connection.ensure_connection()
        try:
            roles.grant(connection.connection, settings.WEB_ROLE)
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0].rstrip(".")
            raise OperatorError(f"The role of DATABASE_URL could not be given its rights: {reason}.") from error
