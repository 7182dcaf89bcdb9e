"""The database as the site meets it: every test runs as the role that owns nothing, guards on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import OperationalError, connection
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from django.test import Client
from django.utils import translation
from whitenoise.base import WhiteNoise

from accounts.models import User
from accounts.sessions import SessionStore
from stories import actions as stories_actions
from tests import make


class Stepped:
    """Whether new connections step down from the owner to the web role."""

    down = False


def step_down(connection: Any, **kwargs: object) -> None:
    """Leave the owner's powers behind on a fresh connection."""
    if Stepped.down and connection.alias != NO_DB_ALIAS:
        with connection.cursor() as cursor:
            cursor.execute(f'SET ROLE "{settings.WEB_ROLE}"')


@pytest.fixture(scope="session", autouse=True)
def web_role(request: pytest.FixtureRequest) -> Iterator[None]:
    """Step every connection down, and up again only around the flush that ends a transactional test."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_as_owner(self: DatabaseOperations, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        try:
            for last in (False, False, True):
                try:
                    return flush(self, sql_list)
                except OperationalError:
                    # A page that a test closed may still say goodbye (a beacon), and its request reads the
                    # tables in another order than the flush locks them: whoever lost tries again.
                    if last:
                        raise
        finally:
            with self.connection.cursor() as cursor:
                cursor.execute(f'SET ROLE "{settings.WEB_ROLE}"')

    connection_created.connect(step_down)
    DatabaseOperations.execute_sql_flush = flush_as_owner
    yield
    DatabaseOperations.execute_sql_flush = flush
    connection_created.disconnect(step_down)


@pytest.fixture(scope="session")
def django_db_setup(web_role: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database as its owner, tell it its key, and step down."""
    with django_db_blocker.unblock():
        stories_actions.remember_key()
        stories_actions.check_key()
        connection.close()
        Stepped.down = True
    yield
    Stepped.down = False
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture(scope="session", autouse=True)
def spared_work() -> None:
    """Spend little on what is no test's matter: the cost of a password, and a list of files for each browser."""
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1
    read, known = WhiteNoise.update_files_dictionary, dict[str, dict[str, Any]]()

    def read_once(self: WhiteNoise, root: str, prefix: str) -> None:
        if root not in known:
            read(self, root, prefix)
            known[root] = dict(self.files)
        self.files.update(known[root])

    WhiteNoise.update_files_dictionary = read_once


@pytest.fixture(autouse=True)
def english() -> None:
    """Begin in English: a request that a test makes in its own thread leaves its language behind."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session", autouse=True)
def stamped_visits() -> None:
    """Give a visit that a test made by hand the stamp with which the site's own begin."""
    made, signed_in = Client.session, Client._set_login_cookies

    def stamped(client: Client) -> SessionStore:
        is_new = settings.SESSION_COOKIE_NAME not in client.cookies
        store: SessionStore = made.fget(client)
        if is_new:
            make.stay(client)
        return store

    def stamped_too(client: Client, request: HttpRequest) -> None:
        signed_in(client, request)
        make.stay(client)

    Client.session = property(stamped)
    Client._set_login_cookies = stamped_too


@pytest.fixture
def key_known(db: None) -> None:
    """Put the key check back, for tests in which another process reads it after a flush."""
    try:
        stories_actions.remember_key()
    except stories_actions.KeyCheckExists:
        return


def _parameters(user: str) -> dict[str, Any]:
    """Return how to log in to the test database as a role."""
    known = connection.settings_dict
    password = known["PASSWORD"] if user == known["USER"] else settings.WEB_PASSWORD
    return {
        "host": known["HOST"] or known["OPTIONS"].get("host"),
        "port": known["PORT"] or None,
        "user": user,
        "password": password or None,
        "dbname": known["NAME"],
        "autocommit": True,
    }


@pytest.fixture
def web_login(transactional_db: None) -> Callable[[], psycopg.Connection[Any]]:
    """Give real connections that logged in as the web role: what the site itself could do, and no more."""
    return lambda: psycopg.connect(**_parameters(settings.WEB_ROLE))


@pytest.fixture
def web_connection(web_login: Callable[[], psycopg.Connection[Any]]) -> Iterator[psycopg.Connection[Any]]:
    """Give one such connection."""
    with web_login() as connected:
        yield connected


@pytest.fixture
def owner_connection(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection of the owner, to arrange what no action can."""
    with psycopg.connect(**_parameters(connection.settings_dict["USER"])) as connected:
        yield connected


@pytest.fixture
def member(db: None) -> User:
    """A member whose recovery codes are confirmed."""
    return make.member()


@pytest.fixture
def member_client(member: User) -> Client:
    """A browser in which that member is signed in."""
    return make.client_of(member)


@pytest.fixture
def moderator(db: None) -> User:
    """A moderator with a second factor."""
    return make.moderator()


@pytest.fixture
def moderator_client(moderator: User) -> Client:
    """A browser in which that moderator is signed in."""
    return make.client_of(moderator)
