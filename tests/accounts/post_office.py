"""A real mail server on loopback that takes, refuses, dawdles or dies, and keeps what was on the wire."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from tests.chromium import free_port

TAKEN, NOBODY, LATER = "250 OK", "550 5.1.1 nobody of that name", "421 4.3.2 closing for now"
OFFICE_LOG = "mail.log"
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@dataclass
class Office:
    """What the server does with whom, and all that reached it."""

    refuses: set[str] = field(default_factory=set)
    refuses_all: bool = False
    words: str = NOBODY
    seconds: float = 0.0
    dies_at: int = 0
    wire: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    visits: int = 0
    asked: int = 0

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, name: str, told: list[str]) -> Any:  # noqa: N802 - the library's name
        """Count connections."""
        self.visits, session.host_name = self.visits + 1, name
        return told

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any) -> str:  # noqa: N802 - the library's name
        """Refuse some, or go away in the middle of the round."""
        self.asked += 1
        if self.asked == self.dies_at:
            assert server.transport is not None
            server.transport.abort()
        if self.refuses_all or to in self.refuses:
            return self.words
        envelope.rcpt_tos.append(to)
        return TAKEN

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """Take one, after a while."""
        await asyncio.sleep(self.seconds)
        assert isinstance(envelope.original_content, bytes)
        self.wire.append((str(envelope.mail_from), list(envelope.rcpt_tos), envelope.original_content))
        return TAKEN

    @property
    def mails(self) -> list[EmailMessage]:
        """Return what came, as a mail program reads it."""
        return [message_from_bytes(one, policy=policy.default) for _sender, _to, one in self.wire]

    @property
    def reached(self) -> list[str]:
        """Return who got one, in the order in which they did."""
        return [to for _sender, everybody, _one in self.wire for to in everybody]


@contextmanager
def opened(office: Office) -> Iterator[Office]:
    """Open it, and tell the site where it is."""
    logging.getLogger(OFFICE_LOG).propagate = False  # it is no log of the site
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), ready_timeout=10)
    controller.start()
    settings.EMAIL_BACKEND = SMTP_BACKEND
    settings.MAIL = {"host": "127.0.0.1", "port": controller.port, "timeout": 2}
    try:
        yield office
    finally:
        controller.stop()
