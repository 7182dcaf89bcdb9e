"""All that can happen to a text. Each action locks the contribution first; nothing locks in another order."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.keys import tag
from stories.lifecycle import State, move
from stories.models import Contribution, KeyCheck, Outcome, Publication, Revision, Statement, this_month
from stories.owners import Owner
from stories.refusals import BEING_READ, CHANGED, TOO_MANY, VISITORS_FULL, WITHDRAWN, Changed, NotYours, Refused
from stories.text import minutes


class WrongKey(Refused):
    """The ownership key does not fit this database: posting stops, reading goes on."""


class KeyCheckExists(Refused):
    """This database already knows its key."""


@dataclass(frozen=True)
class Words:
    """What an author typed, cleaned: the content of a revision."""

    title: str
    text: str
    role: str
    warnings: Sequence[str]
    consents: Sequence[str]
    language: str

    @classmethod
    def of(cls, revision: Revision) -> Words:
        """Return the words that a version holds."""
        warnings, consents = list(revision.warnings), list(revision.consents)
        return cls(revision.title, revision.text, revision.role, warnings, consents, revision.language)


@transaction.atomic
def save_draft(contribution_id: UUID, words: Words, *, owner: Owner) -> Revision:
    """Keep what was typed as the draft of a text, which is made when it does not exist yet."""
    check_key()
    contribution = _locked_or_new(contribution_id, owner)
    if contribution.revisions.in_state(State.WAITING, State.PROPOSED).exists():
        raise Refused(BEING_READ)
    _refuse_withdrawn(contribution)
    last = contribution.revisions.order_by("-number").first()
    if last is not None and last.state == State.DRAFT:
        draft = last
    else:
        draft = Revision(contribution=contribution, number=last.number + 1 if last else 1)
    draft.title, draft.text, draft.role = words.title, words.text, words.role
    draft.warnings, draft.consents, draft.language = list(words.warnings), list(words.consents), words.language
    draft.month = this_month()
    draft.save()
    return draft


@transaction.atomic
def submit(contribution_id: UUID, *, owner: Owner, looked_at: Words | None = None) -> Revision:
    """Send the draft to be read; sent twice, it answers with what already waits.

    With ``looked_at`` a draft that holds other words by now is not sent: Changed.
    """
    check_key()
    contribution = _locked(contribution_id, owner)
    draft = contribution.revisions.in_state(State.DRAFT).first()
    if draft is None:
        waiting = contribution.revisions.in_state(State.WAITING).first()
        if waiting is None:
            raise Refused(_("There is nothing here to send. Please open the text and write first."))
        return waiting
    _refuse_withdrawn(contribution)
    if looked_at is not None and Words.of(draft) != looked_at:
        raise Changed(CHANGED)
    _check_caps(owner)
    for answered in contribution.revisions.answered():
        move(answered, State.SUPERSEDED)
    move(draft, State.WAITING)
    return draft


@transaction.atomic
def take_back(contribution_id: UUID, *, owner: Owner) -> Revision:
    """Take a waiting text back into a new draft with the same words."""
    check_key()
    contribution = _locked(contribution_id, owner)
    waiting = contribution.revisions.in_state(State.WAITING).first()
    if waiting is None:
        raise Refused(_("This text is not waiting any more, so it cannot be taken back. Its state is below."))
    move(waiting, State.TAKEN_BACK)
    draft = Revision(contribution=contribution, number=waiting.number + 1, **asdict(Words.of(waiting)))
    draft.save()
    return draft


@transaction.atomic
def withdraw(contribution_id: UUID, *, owner: Owner) -> None:
    """Take a text away everywhere, at once and for good; asked twice, it stays withdrawn."""
    check_key()
    contribution = _locked(contribution_id, owner)
    Publication.objects.filter(contribution=contribution).delete()
    for revision in contribution.revisions.alive():
        move(revision, State.DISCARDED if revision.state == State.DRAFT else State.WITHDRAWN)


@transaction.atomic
def discard_draft(contribution_id: UUID, *, owner: Owner) -> None:
    """Delete a draft that was never sent; a text that was only ever a draft leaves nothing, also asked twice."""
    try:
        contribution = _locked(contribution_id, owner)
    except NotYours:
        if Contribution.objects.filter(pk=contribution_id).exists():
            raise
        return
    contribution.revisions.in_state(State.DRAFT).delete()
    if not contribution.revisions.exists():
        contribution.delete()


@transaction.atomic
def adopt(contribution_id: UUID, *, receipt: Owner, account: Owner) -> None:
    """Move one text from a receipt to an account; the code no longer opens it. Asked twice, it stays there."""
    check_key()
    try:
        contribution = _locked(contribution_id, receipt)
    except NotYours:
        _locked(contribution_id, account)
        return
    contribution.from_receipt = False
    contribution.person_seal = account.seal_person(contribution.pk)
    _tag_and_save(contribution, account)


@transaction.atomic
def publish(revision: Revision, *, added_warnings: Sequence[str] = ()) -> Publication:
    """Let readers see a revision that was approved; the live one it replaces is superseded.

    Called by a decision, inside its transaction: the database refuses it without one.
    """
    for live in revision.contribution.revisions.in_state(State.APPROVED):
        move(live, State.SUPERSEDED)
    move(revision, State.APPROVED)
    publication = Publication.objects.filter(contribution=revision.contribution).first()
    if publication is None:
        publication = Publication(contribution=revision.contribution, position=_next_position())
    publication.revision = revision
    publication.warnings = sorted({*revision.warnings, *added_warnings})
    publication.minutes = minutes(revision.text)
    publication.month = this_month()
    publication.save()
    return publication


def answer(
    revision: Revision,
    *,
    outcome: Outcome,
    rules: Sequence[str] = (),
    passages: Sequence[tuple[str, int, int]] = (),
    text: str = "",
) -> Statement:
    """Write the letter that tells an owner what was decided and why."""
    statement = Statement(revision=revision, outcome=outcome, rules=list(rules), text=text)
    statement.passages = [list(passage) for passage in passages]
    statement.save()
    return statement


@transaction.atomic
def mark_example(contribution: Contribution, *, owner: Owner) -> None:
    """Mark a text that ships with the software: shown as an example, counted nowhere."""
    Contribution.objects.owned_by(owner).filter(pk=contribution.pk).update(is_example=True)


_known_keys: set[tuple[str, bytes]] = set()


def remember_key() -> None:
    """Write the value that later says whether the ownership key is the right one; once a database."""
    check = KeyCheck(purpose="ownership", value=_key_value(settings.OWNERSHIP_KEYS[-1]))
    try:
        with transaction.atomic():
            check.save(force_insert=True)
    except IntegrityError as error:
        raise KeyCheckExists from error


def check_key() -> None:
    """Raise WrongKey unless the ownership key fits this database; a yes is remembered by the process."""
    known = (str(connection.settings_dict["NAME"]), settings.OWNERSHIP_KEYS[-1])
    if known in _known_keys:
        return
    row = KeyCheck.objects.filter(purpose="ownership").first()
    if row is None or not hmac.compare_digest(bytes(row.value), _key_value(settings.OWNERSHIP_KEYS[-1])):
        raise WrongKey(_("We cannot take texts at the moment, and we are working on it. Nothing you typed is lost."))
    _known_keys.add(known)


def _key_value(key: bytes) -> bytes:
    return tag(key, "key check", b"ownership")


def _locked(contribution_id: UUID, owner: Owner) -> Contribution:
    """Return the owner's contribution, locked, or raise NotYours."""
    found = Contribution.objects.owned_by(owner).select_for_update(of=("self",)).filter(pk=contribution_id)
    contribution = found.first()
    if contribution is None:
        raise NotYours(_("There is no such text."))
    return contribution


def _refuse_withdrawn(contribution: Contribution) -> None:
    """Raise Refused when any version was withdrawn, whatever was begun before or after it."""
    if contribution.revisions.in_state(State.WITHDRAWN).exists():
        raise Refused(WITHDRAWN)


def _locked_or_new(contribution_id: UUID, owner: Owner) -> Contribution:
    """Return the owner's contribution, locked; make it when nobody has that id."""
    try:
        return _locked(contribution_id, owner)
    except NotYours:
        if Contribution.objects.filter(pk=contribution_id).exists():
            # Somebody else's, or made by the same form in this very moment: only a second look tells.
            return _locked(contribution_id, owner)
    contribution = Contribution(
        pk=contribution_id,
        from_receipt=owner.is_receipt,
        person_seal=owner.seal_person(contribution_id),
    )
    try:
        _tag_and_save(contribution, owner, new=True)
    except IntegrityError:  # the same form, sent twice at the same moment: the other one made it
        return _locked(contribution_id, owner)
    return contribution


def _tag_and_save(contribution: Contribution, owner: Owner, *, new: bool = False) -> None:
    """Save under a free tag of the owner; raise Refused when the window is full."""
    taken = {bytes(one.owner_tag) for one in Contribution.objects.owned_by(owner).only("owner_tag")}
    if len(taken) >= settings.OWNER_WINDOW:
        raise Refused(_("You have as many texts here as one person can have. Please withdraw one first."))
    while True:
        contribution.owner_tag = owner.draw_tag()
        if contribution.owner_tag in taken:
            continue
        try:
            with transaction.atomic():
                contribution.save(force_insert=new)
        except IntegrityError as error:
            if _constraint(error) != "contribution_tag_unique":
                raise
        else:
            return


def _constraint(error: IntegrityError) -> str:
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""


def _check_caps(owner: Owner) -> None:
    """Raise Refused when too many texts wait: of this owner, or of all visitors together."""
    waiting = Revision.objects.in_state(State.WAITING)
    mine = waiting.filter(contribution__in=Contribution.objects.owned_by(owner)).count()
    if mine >= settings.OWNER_WAITING_CAP:
        raise Refused(TOO_MANY % {"count": mine})
    if owner.is_receipt:
        visitors = waiting.filter(contribution__from_receipt=True, contribution__is_example=False)[
            : settings.VISITOR_WAITING_CAP
        ]
        if len(visitors.values_list("pk")) >= settings.VISITOR_WAITING_CAP:
            raise Refused(VISITORS_FULL)


def _next_position() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('stories_position')")
        ((position,),) = cursor.fetchall()
    return int(position)
