"""The journal of erasures: a file outside the database, by which a restored copy forgets what was erased since.

One line for each erased account or text, for each text that was withdrawn, taken back or ended by the clock, each
reminder that was ended, each account of staff that was closed, each label that somebody ended on an article, each
consent that was taken back from a version, and each time that readers were not to see a version any more, or saw it
again: a keyed digest of its id, and nothing else. The key is the ownership key. No other lives as long: without it a
restored database finds nobody's texts, so whoever can restore has it, and it is the one that may be left out only when
nothing is found by it any more. Sign-in keys and keys of addresses come and go.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.conf import settings

from accounts.keys import tag

ACCOUNT, TEXT, WITHDRAWN, TAKEN_BACK = "erased account", "erased text", "withdrawn text", "text taken back"
ENDED = "text that ended because its owner was silent"
REMINDER, STAFF = "ended reminder", "closed account of staff"
LABEL = "label that was ended"
CONSENT = "consent that was taken back"
DOWN, UP, REPLACED = "version taken down", "version shown again", "version replaced"
DIGITS = 64

logger = logging.getLogger(__name__)


class JournalError(Exception):
    """The journal cannot be written, so nothing may be erased."""


@dataclass(frozen=True)
class Journal:
    """What the file holds, line by line. A line that was cut off is none."""

    lines: Sequence[str]

    @cached_property
    def last(self) -> Mapping[str, int]:
        """Say which line, counted from 1, has each digest last."""
        return {line: number for number, line in enumerate(self.lines, 1)}

    def known(self) -> str:
        """Return what tells a later copy from an older one: how many lines there are, and their digest."""
        return f"{len(self.lines)} {hashlib.sha256(' '.join(self.lines).encode()).hexdigest()}"

    def goes_on_from(self, known: str) -> bool:
        """Say whether this begins with all the lines of another (its ``known``, or nothing)."""
        return not known or Journal(self.lines[: int(known.split()[0])]).known() == known

    def holds(self, sort: str, pk: UUID, *more: bytes) -> bool:
        """Say whether this became of an account, a text or a reminder (``sort``), under whichever key it was noted."""
        return self._last(sort, pk, *more) > 0

    def is_down(self, revision: UUID) -> bool:
        """Say whether the last word about a version is that readers do not see it, until somebody decides."""
        return not self.holds(REPLACED, revision) and self._last(DOWN, revision) > self._last(UP, revision)

    def _last(self, sort: str, pk: UUID, *more: bytes) -> int:
        return max(self.last.get(_digest(key, sort, pk, *more), 0) for key in settings.OWNERSHIP_KEYS)


def check() -> None:
    """Raise JournalError unless the journal can be written now: a full disk takes nothing gladly, but no line.

    The line looks like any other, so that it shows nobody where an erasing begins; no digest meets it.
    """
    _append(f"\n{secrets.token_hex(DIGITS // 2)}\n".encode())


def try_writing() -> None:
    """Raise JournalError unless the journal can be written now; what is written is no line of it."""
    _append(b"\n")


def note(sort: str, pk: UUID, *more: bytes) -> None:
    """Note what becomes of an account or a text (``sort``); it is on the disk when this returns, else JournalError."""
    # A line of its own also after one that was cut off.
    _append(f"\n{_digest(settings.OWNERSHIP_KEYS[0], sort, pk, *more)}\n".encode())


def note_if_possible(sort: str, pk: UUID, *more: bytes) -> None:
    """Note what has to happen whether or not it can be noted: somebody stops something, or is shut out."""
    try:
        note(sort, pk, *more)
    except JournalError as error:
        logger.error("not noted (%s): the journal of erasures cannot be written (%s)", sort, error)


def read() -> Journal:
    """Return what was noted so far; raise OSError when the journal cannot be read, FileNotFoundError without one."""
    lines = settings.ERASURE_JOURNAL.read_text("ascii", errors="replace").split()
    return Journal([line for line in lines if len(line) == DIGITS])


def _append(line: bytes) -> None:
    path = settings.ERASURE_JOURNAL
    try:
        is_new = not path.exists()
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.write(file, line) != len(line):
                raise JournalError("the journal took half a line")
            os.fsync(file)
        finally:
            os.close(file)
        if is_new:
            _keep_name(path.parent)
    except OSError as error:
        raise JournalError(type(error).__name__) from error


def _keep_name(folder: os.PathLike[str]) -> None:
    """Make sure that a new file is still in its folder after the power fails."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _digest(key: bytes, sort: str, pk: UUID, *more: bytes) -> str:
    return tag(key, sort, pk.bytes, *more).hex()
