"""What these tests borrow."""

from tests.community.conftest import database_down

__all__ = ["database_down"]
