"""What the tests of pages and logs share."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection


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
