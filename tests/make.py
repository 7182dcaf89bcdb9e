"""What tests arrange, through the same actions as the site."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.access import SECOND_FACTORS
from accounts.codes import new_code
from accounts.documents import DOCUMENTS, REQUIRED
from accounts.idle import stamp
from accounts.keeping import agree
from accounts.models import Role, User
from accounts.sessions import SessionStore
from advice.models import Trial
from moderation.actions import Verdict, claim, decide, report
from moderation.models import Case, Decision
from stories.actions import mark_example, save_draft, submit
from stories.lifecycle import State
from stories.models import SILENT, Contribution, Outcome, Publication, Revision, Suppression
from stories.owners import Owner

PASSWORD = "quiet harbour seventeen"
TEXT = (
    "For a long time I told nobody. Then I wrote it down, one line on a bad day and two on a better one.\n\n"
    "What helped was being asked what I wanted, and being believed when I answered."
)


@cache
def _hashed(password: str) -> str:
    return make_password(password)


def member(handle: str = "", *, role: Role = Role.MEMBER, confirmed: bool = True) -> User:
    """Make an account; without a handle it gets one that is free."""
    user = User(handle=handle or f"calm-river-{secrets.token_hex(4)}", role=role, codes_confirmed=confirmed)
    user.password = _hashed(PASSWORD)
    user.save()
    if role == Role.MEMBER:
        agree(user, [(code, DOCUMENTS[code].version) for code in REQUIRED])
    return user


def moderator(handle: str = "", *, role: Role = Role.MODERATOR, second_factor: bool = True) -> User:
    """Make somebody who reviews."""
    user = member(handle, role=role)
    if second_factor:
        TOTP.activate(user, generate_totp_secret())
    return user


def client_of(user: User | None = None, *, second_step: bool = True, **kwargs: Any) -> Client:
    """Return a browser in which somebody is signed in, the second step taken where there is one; or a visitor's."""
    client = Client(**kwargs)
    if user is not None:
        client.force_login(user)
        if second_step and is_mfa_enabled(user, SECOND_FACTORS):
            session = client.session
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
            session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
            session.save()
    return client


def stay(client: Client) -> None:
    """Give a browser the stamp of somebody who has just opened a page."""
    store = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    store.load()
    client.cookies[settings.IDLE_COOKIE_NAME] = stamp(store.name or b"")


def proved(client: Client, user: User) -> None:
    """Let somebody show once more, now, who they are."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()


def visit_cookies(client: Client) -> dict[str, str]:
    """Return the two cookies of a visit, to be carried to another browser."""
    return {name: client.cookies[name].value for name in (settings.SESSION_COOKIE_NAME, settings.IDLE_COOKIE_NAME)}


def owner(user: User | None = None) -> Owner:
    """Return the owner that an account is, or a receipt of its own."""
    return Owner.of_account(user) if user else Owner.of_code(new_code())


def words(**changes: Any) -> dict[str, Any]:
    """Return what somebody typed."""
    typed: dict[str, Any] = {
        "title": "A slow way round",
        "text": TEXT,
        "role": "self",
        "warnings": [],
        "consents": ["publish", "rules"],
        "language": "en",
    }
    return typed | changes


def draft(
    by: Owner | None = None,
    *,
    contribution: uuid.UUID | None = None,
    reply_to: uuid.UUID | None = None,
    **changes: Any,
) -> Revision:
    """Make a draft, of a story or of a reply to one."""
    return save_draft(contribution or uuid.uuid4(), words(**changes), owner=by or owner(), reply_to=reply_to)


def waiting(
    by: Owner | None = None, *, contribution: uuid.UUID | None = None, example: bool = False, **changes: Any
) -> Revision:
    """Make a text that waits to be read."""
    by = by or owner()
    one = draft(by, contribution=contribution, **changes)
    if example:
        mark_example(one.contribution, owner=by)
    return submit(one.contribution_id, owner=by)


def case(by: Owner | None = None, **changes: Any) -> Case:
    """Make a waiting text and return its case."""
    return Case.objects.get(revision=waiting(by, **changes), closing="")


def decided(
    revision: Revision,
    outcome: Outcome,
    *,
    reviewer: User | None = None,
    rules: Sequence[str] = ("identify",),
    passages: Sequence[tuple[str, int, int]] = (),
    text: str = "Please leave out the name, so that nobody can find her.",
    warnings: Sequence[str] = (),
) -> Decision:
    """Decide about a waiting revision as a moderator would."""
    reviewer = reviewer or moderator(second_factor=False)
    held = claim(Case.objects.get(revision=revision, closing="").pk, moderator=reviewer)
    assert held.lease_token is not None
    kept = outcome in SILENT
    verdict = Verdict(
        outcome,
        rules=() if kept else rules,
        passages=() if kept else passages,
        text="" if kept else text,
        warnings=warnings,
        seen=held.joined,
    )
    return decide(held.pk, verdict, token=held.lease_token, moderator=reviewer)


def published(by: Owner | None = None, *, warnings_added: Sequence[str] = (), **changes: Any) -> Publication:
    """Make a text that readers see."""
    revision = waiting(by, **changes)
    decided(revision, Outcome.APPROVE, warnings=warnings_added)
    return Publication.objects.select_related("revision", "contribution").get(revision=revision)


def hide(text: Contribution | Publication | uuid.UUID, *, ground: str = "kind") -> Suppression:
    """Hide a published text as a moderator would: while a case about it is open."""
    live = Publication.objects.select_related("revision").get(pk=getattr(text, "pk", text))
    report(live, rules=["kind"], text="", owner=owner())
    hidden = Suppression(contribution_id=live.pk, revision=live.revision, ground=ground)
    hidden.save(force_insert=True)
    return hidden


def show(text: Contribution | Publication | uuid.UUID) -> None:
    """Show a hidden text again: somebody decides that it stays."""
    decided(Revision.objects.get(contribution=getattr(text, "pk", text), state=State.APPROVED), Outcome.KEEP)


REPLY = "I read this three times. It was much the same for me, and I did not know that anybody else knew it."


def reply(story: Publication | Contribution, by: Owner | None = None, **changes: Any) -> Revision:
    """Make a reply to a story that waits to be read."""
    return waiting(by, reply_to=story.pk, **{"title": "", "text": REPLY} | changes)


def published_reply(story: Publication | Contribution, by: Owner | None = None, **changes: Any) -> Publication:
    """Make a reply that readers see under its story."""
    return published(by, reply_to=story.pk, **{"title": "", "text": REPLY} | changes)


def trial(number: int, **changes: Any) -> Trial:
    """Put a trial into our copy of the register."""
    told: dict[str, Any] = {"title": f"Trial number {number}", "status": "RECRUITING", "record": {}}
    day = date(2026, 11, 1)
    return Trial.objects.create(**{"code": f"NCT{number:08}", "changed_on": day, "seen_on": day, **told, **changes})
