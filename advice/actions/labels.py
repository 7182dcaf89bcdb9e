"""The label "reviewed": a clinician's signature under one exact version, and its end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from advice.actions.writing import Refused, Words, end_label, locked, locked_version, put_live, say
from advice.models import LabelEnd, SignOff, State, Version, Why
from stories.erased import Found

CHUNK = 500


@transaction.atomic
def sign(
    version_id: UUID, *, seen: str, name: str, qualification: str, due_on: date, remark: str = "", clinician: User
) -> SignOff:
    """Sign the version that was read (its digest is ``seen``); one that waits goes before readers with it."""
    version = _as_read(version_id, seen)
    if version.state not in (State.WAITING, State.LIVE):
        raise Refused(_("Only what waits for a clinician, or what readers see now, can be signed."))
    if version.state == State.LIVE:
        end_label(version, Why.RENEWED, by=clinician)
    signed = SignOff.objects.create(
        version=version,
        clinician=clinician,
        name=name,
        qualification=qualification,
        reviewed_on=timezone.localdate(),
        due_on=due_on,
    )
    if version.state == State.WAITING:
        put_live(version, by=clinician)
    say(version, remark, author=clinician)
    return signed


@transaction.atomic
def sign_correction(version_id: UUID, *, seen: str, remark: str = "", clinician: User) -> SignOff:
    """Say that what waits changes no meaning: it goes before readers under the same clinician's sign-off of before.

    Nobody says so in the name of somebody else.
    """
    version = _as_read(version_id, seen)
    today = timezone.localdate()
    before = SignOff.objects.standing(today).filter(version__article=version.article).order_by("-due_on").first()
    if version.state != State.WAITING or before is None or before.clinician_id != clinician.pk:
        raise Refused(_("Only who signed what readers see can say so, while that is in date. Please sign it as new."))
    signed = SignOff.objects.create(
        version=version,
        clinician=clinician,
        name=before.name,
        qualification=before.qualification,
        reviewed_on=before.reviewed_on,
        due_on=before.due_on,
        corrects=before,
    )
    put_live(version, by=clinician)
    say(version, remark, author=clinician)
    return signed


@transaction.atomic
def unsign(signoff_id: UUID, *, remark: str = "", clinician: User) -> None:
    """Take a sign-off back; the label is gone at once."""
    article_id = SignOff.objects.values_list("version__article_id", flat=True).get(pk=signoff_id)
    locked(article_id)
    signed = SignOff.objects.select_related("version").get(pk=signoff_id)
    if signed.clinician_id != clinician.pk:
        raise Refused(_("Only who signed can take it back."))
    if not LabelEnd.objects.filter(signoff=signed).exists():
        end_label(signed.version, Why.WITHDRAWN, by=clinician)
    say(signed.version, remark, author=clinician)


@transaction.atomic
def end_labels_of_gone(signoff_id: UUID, *, by: User) -> int:
    """End all labels of somebody who is no clinician here any more; return how many. Raise Refused while they are."""
    one = SignOff.objects.get(pk=signoff_id)
    theirs = SignOff.objects.standing(timezone.localdate()).of_the_same(one).select_related("version")
    signed = list(theirs.order_by("version__article_id"))
    for each in signed:
        locked(each.version.article_id)
    if not SignOff.objects.of_gone().filter(pk=one.pk).exists():
        raise Refused(_("They sign here. Only they can take it back."))
    for each in signed:
        end_label(each.version, Why.GONE, by=by)
    return len(signed)


def end_passed_labels(today: date) -> int:
    """Note the end of every sign-off whose day has passed; return how many. Readers saw it end without this."""
    ended = 0
    for pk in SignOff.objects.filter(due_on__lt=today, end=None).values_list("pk", flat=True)[:CHUNK]:
        ended += _end_passed(pk, today)
    return ended


@transaction.atomic
def _end_passed(signoff_id: UUID, today: date) -> bool:
    signed = SignOff.objects.select_related("version").get(pk=signoff_id)
    locked(signed.version.article_id)
    _end, is_new = LabelEnd.objects.get_or_create(signoff=signed, defaults={"why": Why.PASSED, "ended_on": today})
    return is_new


def ended_labels(noted: journal.Journal) -> Found[SignOff]:
    """Return the sign-offs that have not ended, and had when a restored database was left behind."""
    open_ones = SignOff.objects.filter(end=None).select_related("version").order_by("pk")
    rows = ((1, one if noted.holds(journal.LABEL, one.pk) else None) for one in open_ones.iterator())
    return Found(open_ones.count(), rows)


@transaction.atomic
def end_label_again(signed: SignOff) -> None:
    """End a sign-off that the journal names, in a database that was restored."""
    locked(signed.version.article_id)
    LabelEnd.objects.create(signoff=signed, why=Why.BEFORE, ended_on=timezone.localdate())


def _as_read(version_id: UUID, seen: str) -> Version:
    """Lock a version and make sure that it is the one that was read."""
    version = locked_version(version_id)
    if Words.of(version).digest != seen:
        raise Refused(_("This version was changed after you opened it. Please read it again before you sign."))
    return version
