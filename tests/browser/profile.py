"""What a browser wrote to its profile directory, read as somebody would who looks for traces."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

FOOTER = 48  # bytes at the end of a LevelDB table


def holding(profile: Path, word: str) -> set[str]:
    """Return the files of a profile that hold a word, plain, in UTF-16, or packed."""
    needles = (word.encode(), word.encode("utf-16-le"))
    return {
        str(path.relative_to(profile))
        for path in profile.rglob("*")
        if path.is_file() and any(needle in told for told in readings(path.read_bytes()) for needle in needles)
    }


def readings(raw: bytes) -> Iterator[bytes]:
    """Yield the bytes of a file as they are, and unpacked in the ways that Chromium packs what it keeps."""
    yield raw
    at = raw.find(b"\x1f\x8b\x08")
    while at >= 0:
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(wbits=31).decompress(raw[at:])
        at = raw.find(b"\x1f\x8b\x08", at + 1)
    if raw[-8:] == bytes.fromhex("57fb808b247547db"):
        yield from _blocks(raw)


def _blocks(raw: bytes) -> Iterator[bytes]:
    """Yield the blocks of a LevelDB table, wherever each begins (leveldb, doc/table_format.md)."""
    at = 0
    _length, at = _number(raw, len(raw) - FOOTER)  # the handle of the meta index is skipped
    _size, at = _number(raw, at)
    index, at = _number(raw, at)
    size, _at = _number(raw, at)
    for _key, handle in _entries(_block(raw, index, size)):
        begins, after = _number(handle, 0)
        yield _block(raw, begins, _number(handle, after)[0])


def _block(raw: bytes, begins: int, size: int) -> bytes:
    block = raw[begins : begins + size]
    return unsnapped(block) if raw[begins + size] == 1 else block


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    ends, at = len(block) - 4 - 4 * int.from_bytes(block[-4:], "little"), 0
    while at < ends:
        _shared, at = _number(block, at)
        key, at = _number(block, at)
        value, at = _number(block, at)
        yield block[at : at + key], block[at + key : at + key + value]
        at += key + value


def _number(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (raw[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not raw[at - 1] & 0x80:
            return value, at


def unsnapped(packed: bytes) -> bytes:
    """Unpack Snappy's raw format (google/snappy, format_description.txt)."""
    _length, at = _number(packed, 0)
    out = bytearray()
    while at < len(packed):
        tag, kind = packed[at] >> 2, packed[at] & 3
        at += 1
        if kind == 0:
            more = max(0, tag - 59)
            size = (int.from_bytes(packed[at : at + more], "little") if more else tag) + 1
            out += packed[at + more : at + more + size]
            at += more + size
            continue
        wide = (1, 2, 4)[kind - 1]
        size = (tag & 7) + 4 if kind == 1 else tag + 1
        back = int.from_bytes(packed[at : at + wide], "little") | ((tag >> 3) << 8 if kind == 1 else 0)
        at += wide
        for _ in range(size):
            out.append(out[-back])
    return bytes(out)


def packed(body: bytes) -> bytes:
    """Return a body as a server that compresses would send it."""
    return gzip.compress(body)
