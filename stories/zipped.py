"""A zip archive that is made while it is sent: nothing of it is written anywhere, nor held in memory as a whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

AT_ONCE = 32 * 1024  # bytes that are sent together


class _Outlet(io.RawIOBase):
    """A file that cannot go back: what was written to it is taken from it."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        """Say yes, as the zip library asks."""
        return True

    def write(self, data: Any) -> int:
        """Hold bytes until they are taken."""
        self._held += data
        return len(data)

    def take(self, least: int = 0) -> Iterator[bytes]:
        """Yield what is held, when it is so much."""
        if len(self._held) > least:
            yield bytes(self._held)
            self._held.clear()


def zipped(files: Iterable[tuple[str, Iterable[str]]]) -> Iterator[bytes]:
    """Yield an archive of files, each a name and its pieces of text, which are read as they are sent.

    The files carry no moment. Nothing is made smaller: a size that depends on the words would tell of them.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=0) as archive:
        for name, pieces in files:
            with archive.open(name, "w") as file:
                for piece in pieces:
                    file.write(piece.encode())
                    yield from outlet.take(AT_ONCE)
    yield from outlet.take()
