"""What a browser put on paper, read back: how many pages a PDF has, and which words stand on them.

It reads what Chromium writes (ISO 32000-1: 7.3 objects, 9.10.3 ToUnicode maps), and nothing more.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from pathlib import Path

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN = re.compile(rb"/(\S+) [-\d.]+ Tf|<([0-9A-Fa-f]+)>")
ONE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
SPAN = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


class Paper:
    """A PDF that was printed: its pages, its words, and what it says of itself."""

    def __init__(self, path: Path) -> None:
        self.raw = path.read_bytes()
        self.objects = {int(number): body for number, body in OBJECT.findall(self.raw)}
        self.pages = [body for body in self.objects.values() if re.search(rb"/Type\s*/Page\b(?!s)", body)]
        title = re.search(rb"/Title\s*(?:\(([^)]*)\)|<([0-9A-Fa-f]+)>)", self.raw)
        assert title is not None
        self.title = title[1].decode() if title[1] is not None else bytes.fromhex(title[2].decode()).decode("utf-16")
        self.words = "".join(self._words(page) for page in self.pages)

    def _words(self, page: bytes) -> str:
        """Return the words of a page, without any space: lines are broken wherever there is no room."""
        fonts = {name: self._letters(int(font)) for name, font in self._fonts(page)}
        found, letters = [], dict[str, str]()
        for name, shown in SHOWN.findall(self._stream(int(_after(rb"/Contents", page)))):
            if name:
                letters = fonts.get(name, {})
            elif shown:
                codes = shown.decode().upper()
                size = max(map(len, letters), default=4)
                found += [letters.get(codes[at : at + size], "") for at in range(0, len(codes), size)]
        return bare("".join(found))

    def _fonts(self, page: bytes) -> list[tuple[bytes, bytes]]:
        listed = re.search(rb"/Font\s*<<(.*?)>>", page, re.DOTALL)
        return re.findall(rb"/(\S+) (\d+) 0 R", listed[1]) if listed else []

    def _letters(self, font: int) -> dict[str, str]:
        """Return which letters the codes of a font stand for, in hexadecimal: of one byte in Type 3, else of two."""
        if b"/ToUnicode" not in self.objects[font]:
            return {}
        told = self._stream(int(_after(rb"/ToUnicode", self.objects[font])))
        size, letters = 2 if b"/Type3" in self.objects[font] else 4, dict[str, str]()
        for part in re.findall(rb"beginbfchar(.*?)endbfchar", told, re.DOTALL):
            letters |= {f"{int(code, 16):0{size}X}": _text(letter) for code, letter in ONE.findall(part)}
        for part in re.findall(rb"beginbfrange(.*?)endbfrange", told, re.DOTALL):
            for first, last, letter in SPAN.findall(part):
                for step in range(int(last, 16) - int(first, 16) + 1):
                    letters[f"{int(first, 16) + step:0{size}X}"] = chr(int(letter, 16) + step)
        return letters

    def _stream(self, number: int) -> bytes:
        body = self.objects[number]
        held = STREAM.search(body)
        assert held is not None
        return zlib.decompress(held[1]) if b"/FlateDecode" in body else held[1]


def _after(key: bytes, body: bytes) -> bytes:
    found = re.search(key + rb"\s+(\d+) 0 R", body)
    assert found is not None
    return found[1]


def _text(letter: bytes) -> str:
    return bytes.fromhex(letter.decode()).decode("utf-16-be")


def bare(text: str) -> str:
    """Return a text as Paper.words has it: two letters that a font draws as one are two."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
