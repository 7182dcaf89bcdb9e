"""What people agree to here: each document in the version that is shown now, and what changed with it.

Whoever changes the privacy page or the rules in the software, in a way that matters, raises the version and writes the
sentence. Where people of this site change words so, the number of that change follows a dot: 1.2 is the second.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, Edition, Reminder, User


@dataclass(frozen=True)
class Document:
    """One thing to agree to; ``address`` names the page with its text, if it has one."""

    code: str
    name: Promise
    version: str
    changed: Promise
    address: str = ""
    is_required: bool = True


FIRST = _("This is the first version.")
HERE = _("Its words were changed on this site in a way that matters. Please read them as they are now.")
RULES = "rules"
REMINDER = "reminder"
DOCUMENTS: dict[str, Document] = {
    one.code: one
    for one in (
        Document(RULES, _("House rules"), "1", FIRST, "community:rules"),
        Document("privacy", _("Privacy page"), "1", FIRST, "community:privacy"),
        Document("adult", _("That you are 18 or older"), "1", FIRST),
        Document(REMINDER, _("A weekly reminder by mail"), "1", FIRST, "accounts:reminder", is_required=False),
    )
}
REQUIRED = tuple(code for code, one in DOCUMENTS.items() if one.is_required)


def documents_now() -> dict[str, Document]:
    """Return the documents in the versions that hold on this site, with one look at how often each was changed here."""
    editions = dict(Edition.objects.values_list("document", "number"))
    return {code: _edited(one, editions.get(code, 0)) for code, one in DOCUMENTS.items()}


def _edited(one: Document, edition: int) -> Document:
    if not edition:
        return one
    changed = HERE if one.changed is FIRST else format_lazy("{} {}", one.changed, HERE)
    return replace(one, version=f"{one.version}.{edition}", changed=changed)


def agreed_to(user: User) -> list[Consent]:
    """Return what somebody agreed to, document by document in the order of the list, the newest month first.

    What is no document any more comes last.
    """
    known = Consent.objects.filter(user=user).order_by("document", "-month", "-version")
    order = {code: place for place, code in enumerate(DOCUMENTS)}
    return sorted(known, key=lambda one: order.get(one.document, len(order)))


def to_agree_to(user: User) -> list[Document]:
    """Return the documents that somebody is asked to agree to in a version that they did not see yet; staff none.

    The reminder is among them for whoever has one.
    """
    if user.is_staff_member:
        return []
    known = set(Consent.objects.filter(user=user).values_list("document", "version"))
    now = documents_now()
    codes = [code for code in REQUIRED if (code, now[code].version) not in known]
    if (REMINDER, now[REMINDER].version) not in known and Reminder.objects.filter(user=user).exists():
        codes.append(REMINDER)
    return [now[code] for code in codes]


def has_to_agree(user: User) -> bool:
    """Say whether an account is closed to its owner until they agree to something."""
    return any(one.is_required for one in to_agree_to(user))
