"""What the local run needs before its first page: a known key, the articles, a first moderator, a few examples."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

import content
from accounts.access import MODERATING
from accounts.actions import create_staff
from accounts.codes import new_code
from accounts.models import Role, User
from advice.actions import load_articles
from advice.packs import read_pack
from community.local import OperatorError
from moderation.actions import Verdict, claim, decide
from moderation.models import Case
from stories.actions import KeyCheckExists, mark_example, remember_key, save_draft, submit
from stories.models import Contribution, Outcome, Revision
from stories.owners import Owner


class Command(BaseCommand):
    """Prepare a database of the local run; what is there already is left as it is."""

    help = "Prepare the database of the local run: key, first moderator, examples. Safe to run again."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what has not been done; what is secret is printed this once and kept nowhere in clear."""
        if not settings.LOCAL_RUN:
            raise OperatorError("This command is for the local run only; there is doctor for a real one.")
        with contextlib.suppress(KeyCheckExists):
            remember_key()
        if not User.objects.filter(role__in=MODERATING).exists():
            self._make_moderator()
        load_articles(read_pack(content.chosen()))
        if settings.EMBEDDED and not Contribution.objects.filter(is_example=True).exists():
            publish_examples(User.objects.filter(role__in=MODERATING).order_by("handle")[0])

    def _make_moderator(self) -> None:
        user, password, secret = create_staff(Role.MODERATOR)
        self.stdout.write(
            "\nThe first moderator. This is shown once, so write it down:\n"
            f"  sign-in name   {user.handle}\n  password       {password}\n  second factor  {secret}\n"
            "The code of the moment: make code\n"
        )


@transaction.atomic
def publish_examples(moderator: User) -> None:
    """Write the pack's example stories the way people do: sent, read, decided, and some still waiting."""
    for example in content.load(settings.LANGUAGE_CODE).examples:
        revision = _send(example)
        if example.state == "published":
            _approve(revision, moderator)


def _send(example: content.Example) -> Revision:
    """Send one example under a receipt code that nobody keeps, marked before anybody can read it."""
    owner = Owner.of_code(new_code())
    words = {
        "title": example.title,
        "text": example.text,
        "role": example.role,
        "warnings": example.warnings,
        "consents": ["publish", "index", "statistics"],
        "answers": {code: list(one) if isinstance(one, tuple) else one for code, one in example.answers.items()},
        "treatments": [{name: said for name, said in asdict(row).items() if said} for row in example.treatments],
        "language": settings.LANGUAGE_CODE,
    }
    draft = save_draft(uuid.uuid4(), words, owner=owner)
    mark_example(draft.contribution, owner=owner)
    return submit(draft.contribution_id, owner=owner)


def _approve(revision: Revision, moderator: User) -> None:
    case = claim(Case.objects.get(revision=revision).pk, moderator=moderator)
    if case.lease_token is None:
        raise OperatorError("An example could not be taken from the queue.")
    decide(case.pk, Verdict(Outcome.APPROVE), token=case.lease_token, moderator=moderator)
