"""Mail as this site sends it: plain, neutral, over one connection, and nothing that names the server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

TROUBLE = (SMTPException, OSError)


def note(subject: str, text: str, *, to: str, headers: Mapping[str, str] | None = None) -> EmailMessage:
    """Return a mail of words alone; its id tells no moment and no machine, only the sender's own domain."""
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2]
    told = {"Message-ID": f"<{secrets.token_hex(16)}@{domain}>", **(headers or {})}
    return EmailMessage(subject, text, settings.MAIL_FROM, [to], headers=told)


@contextmanager
def server() -> Iterator[BaseEmailBackend]:
    """Connect to the mail server for as long as there is something to send; raise one of TROUBLE when it is away."""
    connection = get_connection(**settings.MAIL)
    try:
        connection.open()
        yield connection
    finally:
        with suppress(*TROUBLE):
            connection.close()
