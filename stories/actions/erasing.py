"""What an owner takes away for good: one text with every word of it, or all that an account holds, and the account.

Each text is a transaction of its own, in no order, and the account comes last: cut off in the middle, it is done by
doing it again, and no text is left without an owner that its owner wanted gone. No list of what is still to do waits
on the server. Before anything goes, the journal outside the database says so.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts import journal
from accounts.models import Role, User
from stories.actions.closing import close
from stories.actions.forgetting import empty_version
from stories.actions.keys import check_key
from stories.actions.owning import locked
from stories.actions.publishing import end, unpublish
from stories.actions.texts import draft_from, take_back_again
from stories.lifecycle import FINAL, MovedMeanwhile, State, move, news_of
from stories.models import (
    EMPTIED,
    Contribution,
    ContributionQuerySet,
    Publication,
    Reaction,
    Revision,
    SavedItem,
    Suppression,
    this_month,
)
from stories.own_texts import told_of
from stories.owners import Owner, nobody
from stories.refusals import NotYours, Refused
from stories.signs import marks_left
from stories.words import Words

# Whether a published text stays without an owner; what readers do not see goes in any case.
Keeps = Callable[[UUID], bool]
Also = Callable[[Owner], None]
CANNOT = _(
    "Nothing can be erased at this moment, and nothing was changed. The fault is ours. Please try again tomorrow; if "
    "that does not help, write to us."
)
STAFF = _("An account of somebody who works here is closed by a lead.")

logger = logging.getLogger(__name__)


@transaction.atomic
def erase_text(contribution_id: UUID, *, owner: Owner) -> None:
    """Take a text away everywhere, with every word of it, at once and for good; asked twice, it stays so.

    Raises Refused, and does nothing, when the journal cannot be written.
    """
    check_key()
    try:
        contribution = locked(contribution_id, owner)
    except NotYours:
        if Contribution.objects.filter(pk=contribution_id).exists():
            raise
        return
    with _told():
        journal.note(journal.TEXT, contribution_id)
    _erase(contribution)


@transaction.atomic
def erase_again(contribution_id: UUID) -> None:
    """Erase a text that the journal names, in a database that was restored."""
    _erase(Contribution.objects.select_for_update().get(pk=contribution_id))


@transaction.atomic
def withdraw_again(contribution_id: UUID) -> None:
    """Withdraw a text that the journal names, in a database that was restored."""
    contribution = Contribution.objects.select_for_update().get(pk=contribution_id)
    end(contribution, by_owner=True)


@transaction.atomic
def end_text_again(contribution_id: UUID) -> None:
    """End a text of which the journal says that its owner was silent for too long, in a database that was restored."""
    contribution = Contribution.objects.select_for_update().get(pk=contribution_id)
    contribution.revisions.alive().exclude(state=State.DRAFT).update(ran_out=True)
    end(contribution)


@transaction.atomic
def renew_draft(draft: Revision) -> None:
    """Give a draft of a restored copy an id of its own: what the journal says became of that version since, it is not.

    Its owner may write other words and send those, and a later restore would take them for what was replaced.
    """
    contribution = Contribution.objects.select_for_update().get(pk=draft.contribution_id)
    held = contribution.revisions.in_state(State.DRAFT).filter(pk=draft.pk).first()
    if held is None:
        return
    held.delete()
    Revision(
        contribution=contribution, number=held.number, month=held.month, why=held.why, **asdict(Words.of(held))
    ).save(force_insert=True)


@transaction.atomic
def replace_again(revision: Revision) -> None:
    """See that nobody shows a version that was replaced, says the journal, in a restored database.

    Published, it is hidden until a newer one is there, and what was proposed about it ends. One that waits is a draft
    again, and of what was proposed or judged nobody has to speak any more.
    """
    contribution = Contribution.objects.select_for_update().get(pk=revision.contribution_id)
    revision.refresh_from_db(fields=["state"])  # another version of the text may have ended it
    if revision.state in FINAL:
        return
    if revision.state == State.WAITING:
        take_back_again(revision)
        news_of(contribution)
    elif revision.state != State.APPROVED:
        move(revision, State.SUPERSEDED)
        if not contribution.revisions.alive().exists():  # the newer version is lost, and nothing else is there to go on
            draft_from(revision)
    else:
        for proposed in contribution.revisions.in_state(State.PROPOSED):
            move(proposed, State.SUPERSEDED)
        with connection.cursor() as cursor:
            # The database hides nothing without a case but what is named so, in this transaction.
            cursor.execute("SELECT set_config('fernway.replaced', %s, true)", [str(contribution.pk)])
        hidden = {"revision": revision, "ground": Suppression.REPLACED, "moderator": None, "month": this_month()}
        Suppression.objects.update_or_create(contribution=contribution, defaults=hidden)
        news_of(contribution)


def erase_account(user: User, *, keeps: Keeps, also: Also, again: bool = False) -> None:
    """Erase what an account holds, and the account; texts that readers see now stay where ``keeps`` says so.

    ``also`` takes away what other rooms hold of its owner. ``again`` is for a restored copy, which may be thrown away:
    what goes in it because it is not read there yet, though its owner kept it, is not noted as erased.

    Raises Refused, and does nothing, for who works here and when the journal cannot be written. Whatever else is
    raised, JournalError too, asked again it goes on.
    """
    if user.role != Role.MEMBER:
        raise Refused(STAFF)
    check_key()
    with _told():
        journal.check()
        noted = journal.read()
    owner = Owner.of_account(user)
    with _alone(owner):
        if not again:
            _note_emptied(owner, noted)
        for pk in _in_no_order(told_of(owner)):
            _leave_text(pk, owner=owner, keeps=keeps, again=again)
        _take_signs_back(owner)
        also(owner)
        with transaction.atomic():
            journal.note(journal.ACCOUNT, user.pk)
            close(user)


@transaction.atomic
def _leave_text(contribution_id: UUID, *, owner: Owner, keeps: Keeps, again: bool) -> None:
    """Leave one text without its owner, or take it away; one that was thrown away meanwhile is gone already."""
    try:
        contribution = locked(contribution_id, owner)
    except NotYours:
        return
    if keeps(contribution_id) and _keep_what_is_read(contribution):
        return
    if not again:
        journal.note(journal.TEXT, contribution_id)
    _erase(contribution)
    if contribution.pk is not None:
        _give_to_nobody(contribution)


def _keep_what_is_read(contribution: Contribution) -> bool:
    """Take away every version but the one that readers see; say whether there is one. The tag stays as it is.

    Writing another would show in two backups whose it was; without the account's secret it is noise.
    """
    seen = Publication.objects.filter(contribution=contribution, contribution__suppression=None).first()
    if seen is None:
        return False
    for revision in contribution.revisions.alive().exclude(pk=seen.revision_id).exclude(state=State.DRAFT):
        move(revision, State.TAKEN_BACK if revision.state == State.WAITING else State.SUPERSEDED, by_owner=True)
    _empty(contribution, but=[seen.revision_id])
    return True


def _erase(contribution: Contribution) -> None:
    """Withdraw a locked text and empty it; of one that was never sent nothing stays, of others a row without words."""
    for revision in contribution.revisions.alive().exclude(state=State.DRAFT):
        move(revision, State.WITHDRAWN, by_owner=True)
    unpublish(contribution)
    _empty(contribution)
    Reaction.objects.filter(contribution=contribution).delete()
    if not contribution.revisions.exists():
        contribution.delete()


def _empty(contribution: Contribution, *, but: Sequence[UUID] = ()) -> None:
    """Take the words out of every version, but some; drafts go whole."""
    contribution.revisions.in_state(State.DRAFT).delete()
    with connection.cursor() as cursor:
        # The database empties nothing before its time, unless its owner erases this very text in this transaction.
        cursor.execute("SELECT set_config('fernway.erasing', %s, true)", [str(contribution.pk)])
    for pk in contribution.revisions.exclude(salt=EMPTIED).exclude(pk__in=but).values_list("pk", flat=True):
        if not empty_version(pk):
            raise MovedMeanwhile(f"revision {pk} was not emptied")


def _give_to_nobody(contribution: Contribution) -> None:
    """Give what stays of an erased text an owner that nobody is: an old backup does not tell whose row it was."""
    owner = nobody()
    contribution.owner_tag = owner.draw_tag()
    contribution.voice = owner.voice(contribution.parent_id or contribution.pk)
    contribution.person_seal = owner.seal_person(contribution.pk)
    contribution.save(update_fields=["owner_tag", "voice", "person_seal"])


def _take_signs_back(owner: Owner) -> None:
    """Take back what an owner left on others' texts, and their list of what to read."""
    SavedItem.objects.saved_by(owner).delete()
    for marks in marks_left(owner):
        Reaction.objects.filter(mark__in=marks).delete()


def _note_emptied(owner: Owner, noted: journal.Journal) -> None:
    """Note the texts that hold no word any more, or a restored copy, which has them, would take them for kept.

    Their rows stay as they are: moved now, they would tell whose.
    """
    for pk in _in_no_order(Contribution.objects.owned_by(owner).exclude(pk__in=told_of(owner))):
        if not noted.holds(journal.TEXT, pk):
            journal.note(journal.TEXT, pk)


def _in_no_order(texts: ContributionQuerySet) -> list[UUID]:
    found = list(texts.values_list("pk", flat=True))
    secrets.SystemRandom().shuffle(found)
    return found


@contextmanager
def _alone(owner: Owner) -> Iterator[None]:
    """Keep an account from leaving anything here, and from being erased twice at once; cut off, it lets go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [owner.lock])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [owner.lock])


@contextmanager
def _told() -> Iterator[None]:
    """Say that nothing was changed, where nothing was, when the journal cannot be written."""
    try:
        yield
    except (journal.JournalError, OSError) as error:
        logger.error("nothing is erased: the journal of erasures cannot be written or read (%s)", error)
        raise Refused(CANNOT) from error
