"""The weekly reminder: the very mail, the address that stops it, and when a week's mails begin to go out.

It says nothing but that it was asked for, and is the same for everybody in every week.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext, override

from accounts.keys import SealError, from_text, seal, tag, to_text, unseal
from accounts.mailing import note
from accounts.models import User

OFF, PREVIEW = "reminder off", "reminder preview"
WEDNESDAY, FIRST_HOUR, HOURS = 2, 6, 14


@dataclass(frozen=True)
class Mail:
    """All that one mail says: to whom, from whom, about what, its whole text, and where it is stopped."""

    sender: str
    to: str
    subject: str
    text: str
    off: str

    @property
    def headers(self) -> dict[str, str]:
        """Return what lets a mail program offer a button that stops it (RFC 2369, RFC 8058)."""
        return {"List-Unsubscribe": f"<{self.off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}

    @property
    def digest(self) -> str:
        """Return by what a mail is known to be the one that was looked at."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()

    def message(self) -> EmailMessage:
        """Return it as it goes out."""
        return note(self.subject, self.text, to=self.to, headers=self.headers)


def mail_to(account: UUID, address: str, language: str) -> Mail:
    """Return the mail of one account; the same each time."""
    off = settings.SITE_URL + reverse("accounts:reminder_off", args=[_token(account)])
    with override(language or settings.LANGUAGE_CODE):
        subject = gettext("Your weekly note")
        lines = [
            gettext("This is the weekly note that you asked for. It says the same every week."),
            f"{settings.SITE_URL}/",
            gettext("To stop it, open this page and press the button:"),
            off,
        ]
    return Mail(settings.MAIL_FROM, address, subject, "\n\n".join(lines) + "\n", off)


def account_of(token: str) -> UUID | None:
    """Return whose mails the address in one of them stops, whichever it is; None for anything else."""
    opened = _opened(OFF, token, place=OFF.encode())
    return UUID(bytes=opened) if opened else None


def seal_preview(mail: Mail, language: str, user: User) -> str:
    """Return, for the form under a preview, which mail was shown to whom."""
    shown = {"to": mail.to, "language": language, "digest": mail.digest}
    return to_text(seal(settings.ADDRESS_KEYS, PREVIEW, json.dumps(shown).encode(), place=user.pk.bytes))


def open_preview(sealed: str, user: User) -> tuple[Mail, str, bool] | None:
    """Return the mail of a preview as it is now, its language, and whether it still says the same."""
    opened = _opened(PREVIEW, sealed, place=user.pk.bytes)
    if opened is None:
        return None
    shown = json.loads(opened)
    language = str(shown["language"])
    mail = mail_to(user.pk, shown["to"], language)
    return mail, language, mail.digest == shown["digest"]


def masked(address: str) -> str:
    """Return enough of an address for its owner to know which it is, and as much of each."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain[:1]}•••"


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def begins_at(week: date) -> datetime:
    """Return when a week's mails begin to go out: on Wednesday, at a minute that only the key tells."""
    drawn = tag(settings.ADDRESS_KEYS[-1], "reminder minute", week.isoformat().encode())
    minute = int.from_bytes(drawn[:8], "big") % (HOURS * 60)
    day = datetime.combine(week + timedelta(days=WEDNESDAY), time(FIRST_HOUR), tzinfo=UTC)
    return day + timedelta(minutes=minute)


def _token(account: UUID) -> str:
    # Sealed the same each time, so that the mail that was looked at is the mail that goes out.
    return to_text(seal(settings.ADDRESS_KEYS, OFF, account.bytes, place=OFF.encode(), fixed=True))


def _opened(purpose: str, text: str, *, place: bytes) -> bytes | None:
    try:
        return unseal(settings.ADDRESS_KEYS, purpose, from_text(text), place=place)
    except SealError:
        return None
