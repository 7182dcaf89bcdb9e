from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

import content
from accounts.models import User
from community.local import OperatorError
from community.models import counts
from moderation.models import Case, Decision
from stories.lifecycle import State
from stories.models import Contribution, KeyCheck, Publication, Revision
from tests import make


def prepare() -> str:
    out = io.StringIO()
    call_command("prepare_local", stdout=out)
    return out.getvalue()


@pytest.fixture
def embedded(db: None, settings: Any) -> None:
    settings.EMBEDDED = True


def secrets_of(said: str) -> tuple[str, str, str]:
    found = re.search(r"sign-in name +(\S+)\n +password +(\S+)\n +second factor +(\S+)\n", said)
    assert found is not None
    return found[1], found[2], found[3]


def test_the_first_moderator_is_told_once_and_can_sign_in(embedded: None) -> None:
    handle, password, secret = secrets_of(prepare())
    user = authenticate(None, username=handle, password=password)
    assert isinstance(user, User)
    assert user.role == "moderator"
    assert prepare() == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(u::text || coalesce(a.data::text, ''), '') FROM accounts_user AS u"
                       " LEFT JOIN mfa_authenticator AS a ON a.user_id = u.id")  # fmt: skip
        kept = cursor.fetchone()[0]
    assert handle in kept
    assert password not in kept
    assert secret not in kept


def test_examples_come_once_and_go_the_way_of_every_text(embedded: None) -> None:
    prepare()
    prepare()
    examples = content.load("en").examples
    shown = [example.title for example in examples if example.state == "published"]
    assert Publication.objects.count() == len(shown) == Decision.objects.count()
    assert sorted(Publication.objects.values_list("revision__title", flat=True)) == sorted(shown)
    assert Revision.objects.in_state(State.WAITING).count() == len(examples) - len(shown) == 2
    assert Case.objects.open().count() == 2
    assert not Contribution.objects.filter(is_example=False).exists()
    assert not Publication.objects.filter(engine_place=None).exists(), "the first page shows them"
    assert counts() == {"members": 0, "shared": 0, "stories": 0}


def test_examples_come_also_where_texts_wait_before_the_queue(embedded: None, settings: Any) -> None:
    settings.QUEUE_WAIT_MINUTES, settings.QUEUE_APART_HOURS = 30, 48
    prepare()
    assert Publication.objects.exists()
    assert Case.objects.filter(closing="").count() == 2
    assert Case.objects.open().count() == 2  # nobody's hour is to be hidden


def test_a_server_of_ones_own_gets_no_examples(db: None, settings: Any) -> None:
    settings.EMBEDDED = False
    secrets_of(prepare())
    assert not Contribution.objects.exists()


def test_only_the_local_run_is_prepared(db: None, settings: Any) -> None:
    settings.LOCAL_RUN = False
    with pytest.raises(OperatorError, match="for the local run only"):
        prepare()


@pytest.mark.parametrize("role", ["moderator", "lead", "editor", "clinician"])
def test_staff_is_made_outside_the_local_run(db: None, settings: Any, role: str) -> None:
    settings.LOCAL_RUN = False
    settings.SITE_URL = "https://harbour.example"
    out = io.StringIO()
    call_command("create_staff", "--role", role, stdout=out)
    found = re.search(r"open +https://harbour\.example(\S+)\n +type +(\S+)", out.getvalue())
    assert found is not None
    assert not User.objects.exists(), "nobody has a password that somebody else has seen"
    page = Client().get(found[1])
    handle = html.unescape(re.search(r'name="handle" value="([^"]+)"', page.content.decode())[1])
    typed = {"handle": handle, "code": found[2], "password": make.PASSWORD}
    answers = [Client().post(found[1], typed).status_code for _time in range(2)]
    assert answers == [302, 422], "it works once"
    assert User.objects.get().role == role


@pytest.mark.parametrize("options", [["--role", "member"], []])
def test_a_member_is_not_made_by_command(db: None, options: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("create_staff", *options)
    assert not User.objects.exists()


def test_a_key_is_remembered_once(db: None) -> None:
    with pytest.raises(OperatorError, match="already knows its key"):
        call_command("remember_key")


def test_a_key_that_opens_nothing_is_not_remembered(db: None, settings: Any) -> None:
    make.draft()
    KeyCheck.objects.all().delete()
    settings.OWNERSHIP_KEYS = [b"y" * 32]
    with pytest.raises(OperatorError, match="does not fit the texts"):
        call_command("remember_key")
    assert not KeyCheck.objects.exists()
