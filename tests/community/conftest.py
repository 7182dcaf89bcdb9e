"""What the tests of pages and logs share."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from pyrage import x25519


def console() -> logging.StreamHandler[Any]:
    """Return the one handler that the settings make."""
    (handler,) = (one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    return handler


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Catch what the site's own handler writes, as it writes it."""
    stream = io.StringIO()
    before = console().setStream(stream)
    yield stream
    console().setStream(before if before is not None else stream)


@pytest.fixture
def database_down(transactional_db: None) -> Iterator[None]:
    """Let every new connection fail, as when PostgreSQL is not there."""
    connection.close()
    port = connection.settings_dict["PORT"]
    connection.settings_dict["PORT"] = "1"
    yield
    connection.settings_dict["PORT"] = port
    connection.close()


@pytest.fixture
def pair(settings: Any, tmp_path: Path) -> Path:
    """Name a recipient and a journal in which nothing is noted yet; return the file that opens what is written."""
    made = x25519.Identity.generate()
    settings.ERASURE_JOURNAL = tmp_path / "erased"
    settings.ERASURE_JOURNAL.touch()
    settings.BACKUP_RECIPIENT = str(made.to_public())
    file = tmp_path / "identity"
    file.write_text(f"# a note\n{made}\n")
    return file


@pytest.fixture
def as_owner(key_known: None, transactional_db: None) -> Iterator[None]:
    """Connect as the operator's commands do."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        # Servers of tests before this one may still hold theirs; a restore wants to be alone.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{site.WEB_ROLE}"')
