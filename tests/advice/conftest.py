"""What these tests borrow."""

from tests.advice.elsewhere import net, pem
from tests.community.conftest import database_down

__all__ = ["database_down", "net", "pem"]
