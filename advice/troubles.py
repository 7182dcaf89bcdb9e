"""What can go wrong with the copy of the register of trials, in words for who has to see to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from advice.models import TrialCopy

OLD_AFTER = timedelta(days=3)
STALE, NEVER, SOME_UNREAD = "stale", "never", "some_unread"
WORDS: dict[str, str | Promise] = {
    "busy": _("The register says that we ask too often."),
    "certificate": _("The certificate of the register is not good."),
    "changed": _("The register answers in a form that we do not know."),
    "cut_off": _("The register’s answer was cut off."),
    "empty_page": _("The register sent a page without trials where there should be some."),
    "missing": _("The register sent fewer trials than it says there are."),
    "moved": _("The register sends us to another address."),
    "nothing": _("The register has nothing any more on the terms of the content pack."),
    "not_stored": _("The database refused what the register sent."),
    "refused": _("The register refuses our request."),
    "same_token": _("The register sends the same page again and again."),
    "server": _("The register has an error of its own."),
    "setting": _("TRIALS_API is no address that begins with https://."),
    "slow": _("The register answers too slowly."),
    "too_much": _("The register sends more than we take."),
    "unreachable": _("The register cannot be reached."),
    SOME_UNREAD: _("Some records of the register could not be read; what we had of them stays as it was."),
    STALE: _("The register was not asked for more than three days. Is the worker running?"),
    NEVER: _("The register was never asked."),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the copy: in words, since when, and from when the copy is."""

    code: str
    since: date | None
    copied_at: datetime | None

    @property
    def sentence(self) -> str | Promise:
        """Return it in words."""
        return WORDS.get(self.code, WORDS["changed"])


def is_old(copy: TrialCopy | None) -> bool:
    """Say whether nobody has looked for longer than a reader would think."""
    return copy is not None and copy.fetched_at is not None and timezone.now() - copy.fetched_at > OLD_AFTER


def trouble() -> Trouble | None:
    """Return what is wrong with the copy of the register, for the desk; None when all is well."""
    copy = TrialCopy.objects.filter(pk=1).first()
    if copy is None:
        return Trouble(NEVER, None, None)
    if copy.trouble:
        return Trouble(copy.trouble, copy.failing_since, copy.fetched_at)
    if is_old(copy):
        return Trouble(STALE, None, copy.fetched_at)
    return None
