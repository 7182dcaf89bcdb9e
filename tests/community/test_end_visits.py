"""Ending visits from a shell: those who are meant are nobody at their next page, and nothing else is touched."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import Role, Session, User
from tests import make

pytestmark = pytest.mark.django_db


def end(*words: str) -> str:
    out = io.StringIO()
    call_command("end_visits", *words, stdout=out)
    return out.getvalue()


def is_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def tables() -> Iterator[tuple[str, object]]:
    """Yield a digest of each table but that of the visits."""
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name != Session._meta.db_table:
                cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} AS t")
                yield name, cursor.fetchone()


@pytest.fixture
def here() -> dict[str, Client]:
    """Let one of each kind be here, some of them twice, and a visitor who holds a receipt."""
    people = {role.value: make.moderator(role=role) if role != Role.MEMBER else make.member() for role in Role}
    visitor = make.client_of()
    visitor.get("/stories/new/")
    session = visitor.session
    session["receipt"] = "a code"
    session.save()
    found = {name: make.client_of(user) for name, user in people.items()}
    return {**found, "member again": make.client_of(people["member"]), "visitor": visitor}


def test_everybodys_visits_end_and_nothing_else_changes(here: dict[str, Client]) -> None:
    before = dict(tables())
    assert all(is_in(client) for name, client in here.items() if name != "visitor")
    assert end("--of", "everybody").startswith(f"{len(here)} visits are ended")
    assert not any(is_in(client) for client in here.values())
    assert here["visitor"].session.get("receipt") is None
    assert not Session.objects.exists()
    assert dict(tables()) == before


def test_those_of_who_works_here_end_and_members_stay(here: dict[str, Client]) -> None:
    end("--of", "staff")
    still = {name for name, client in here.items() if is_in(client)}
    assert still == {"member", "member again"}
    assert here["visitor"].session["receipt"] == "a code"


def test_it_is_said_whose(here: dict[str, Client]) -> None:
    with pytest.raises(CommandError, match="--of"):
        end()
    assert is_in(here["member"])


def test_whoever_has_an_account_signs_in_again(member: User, member_client: Client) -> None:
    end("--of", "everybody")
    member_client.post("/accounts/login/", {"login": member.handle, "password": make.PASSWORD})
    assert is_in(member_client)
