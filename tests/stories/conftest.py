"""Tests press their buttons at once and often; those that are about that say so."""

from __future__ import annotations

from typing import Any

import pytest

from stories import passes


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    """Find nobody too quick, and count from nothing."""
    settings.VISITOR_LEAST_SECONDS = 0
    passes.limit_of.cache_clear()
