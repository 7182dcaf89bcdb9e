"""What tests of accounts share with those of the site's logs."""

from __future__ import annotations

from tests.community.conftest import log

__all__ = ["log"]
