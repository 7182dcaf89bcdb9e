"""Somebody erases a text, or all that is theirs: every word goes at once, what was to stay stays, whatever happens."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import journal
from accounts.keys import tag
from accounts.models import Consent, RecoveryCode, Role, Session, User
from accounts.sessions import SessionStore
from community.models import counts
from moderation.actions import report
from moderation.actions.erasing import forget_reports
from moderation.models import Case, Report
from stories.actions import (
    erase_account,
    erase_text,
    forget_accounts,
    react,
    save_draft,
    save_for_later,
    withdraw,
)
from stories.lifecycle import State
from stories.models import EMPTIED, Contribution, Publication, Reaction, Revision, SavedItem
from stories.owners import Owner
from stories.refusals import NotYours, Refused
from tests import make
from tests.architecture.canaries import planted
from tests.stories.page import form


@pytest.fixture(autouse=True)
def noted(settings: Any, tmp_path: Path) -> Path:
    """Keep a journal of erasures of one's own."""
    settings.ERASURE_JOURNAL = tmp_path / "erased"
    return tmp_path / "erased"


def nothing(_pk: UUID) -> bool:
    return False


def everything(_pk: UUID) -> bool:
    return True


def proven(user: User) -> Client:
    """Return a browser in which somebody just showed who it is."""
    client = make.client_of(user)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    return client


def words_of(*tables: str) -> str:
    """Return every row of these tables, or of all that hold what people wrote, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = list(tables) or [name for (name,) in cursor.fetchall()]
        held = []
        for name in names:
            cursor.execute(f'SELECT t::text FROM "{name}" AS t')  # the catalogue's own names
            held += [row for (row,) in cursor.fetchall()]
    return "\n".join(held)


@pytest.mark.django_db
def test_erasing_an_account_leaves_no_word_of_it_in_any_state(member: User) -> None:
    ground = planted(Owner.of_account(member))
    handle, texts = member.handle, set(ground.contributions)
    theirs = {word.decode() for name, word in ground.words.items() if "other" not in name or True}
    assert {word for word in theirs if word in words_of()} == theirs
    erase_account(member, keeps=nothing, also=forget_reports)
    left = words_of()
    assert {word for word in theirs if word in left} == set()
    assert handle not in left
    # Rows without a word stay of what was sent, of nobody; drafts leave nothing.
    assert not Contribution.objects.owned_by(Owner.of_account(member)).exists()
    assert set(Revision.objects.filter(contribution__in=texts).values_list("salt", flat=True)) == {EMPTIED}
    assert not Case.objects.filter(revision__contribution__in=texts, closing="").exists()
    assert not Publication.objects.filter(pk__in=texts).exists()
    with connection.cursor() as cursor:  # what a commit checks
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
