"""What these tests borrow, and who works at the desk."""

import pytest
from django.test import Client

from accounts.models import Role
from tests import make
from tests.advice.elsewhere import net, pem
from tests.community.conftest import database_down

__all__ = ["database_down", "net", "pem"]


@pytest.fixture
def editing() -> Client:
    return make.client_of(make.moderator(role=Role.EDITOR))


@pytest.fixture
def reviewing() -> Client:
    return make.client_of(make.moderator(role=Role.CLINICIAN))
