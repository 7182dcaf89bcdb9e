"""The one normaliser of what members type, and what is worked out from a text."""

import math
import re
import unicodedata

WORDS_A_MINUTE = 200
MARKS_A_LETTER = 5

ZWNJ, ZWJ = "\u200c", "\u200d"
# Several scripts and emoji need these two; everything else that shows nothing is taken out.
JOINERS = frozenset({ZWNJ, ZWJ})
# Format characters that are seen: number signs and the like of Arabic, Syriac, Kaithi.
VISIBLE_FORMATS = frozenset(
    [
        *map(chr, range(0x600, 0x606)),
        "\u06dd",
        "\u070f",
        "\u0890",
        "\u0891",
        "\u08e2",
        "\U000110bd",
        "\U000110cd",
    ]
)
# Letters and marks that show nothing: Hangul fillers, the grapheme joiner.
INVISIBLE = frozenset("\u3164\uffa0\u034f")
LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
EDGE = SPACES + ZWNJ + ZWJ


def clean(text: str) -> str:
    """Return what was typed as it is kept: NFC, plain line breaks, nothing invisible. Twice changes no more.

    Takes out controls (C0, C1), bidirectional controls, zero-width and other invisible characters, private
    use, surrogates and non-characters. Keeps the two joiners, one at a time and only inside a word. Caps
    combining marks at five a letter and blank lines at one, and trims the ends and every line's end.
    """
    text = LINE_BREAKS.sub("\n", text).replace("\t", " ")
    text = unicodedata.normalize("NFC", "".join(filter(_is_kept, text)))
    text = _cap_marks(text)
    text = "\n".join(line.rstrip(EDGE) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n" + EDGE)


def paragraphs(text: str) -> list[str]:
    """Split a cleaned text at its blank lines; single line breaks stay inside a paragraph."""
    return [part.strip("\n") for part in text.split("\n\n") if part.strip()]


def excerpt(text: str, length: int = 280) -> str:
    """Return the beginning of a text on one line, at most `length` characters, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    room = line[:length]
    cut = room.rfind(" ")
    # A script without spaces, or one very long word, is cut where it stands, but not inside a letter.
    end = cut if cut > 0 else length - 1
    while end > 1 and cut <= 0 and unicodedata.category(line[end])[0] == "M":
        end -= 1
    return line[:end].rstrip(" ,;:.-\u2013\u2014") + "\u2026"


def minutes(text: str) -> int:
    """Return the reading time in whole minutes at 200 words a minute, at least 1."""
    return max(1, math.ceil(len(text.split()) / WORDS_A_MINUTE))


def is_noncharacter(point: int) -> bool:
    """Say whether Unicode keeps this code point for nobody (category Cn holds new emoji too)."""
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def _is_kept(char: str) -> bool:
    """Say whether a character may stay at all."""
    if char == "\n" or char in JOINERS or char in VISIBLE_FORMATS:
        return True
    if char in INVISIBLE or unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}:
        return False
    return not is_noncharacter(ord(char))


def _cap_marks(text: str) -> str:
    """Drop combining marks beyond five a letter, and joiners that join nothing."""
    kept: list[str] = []
    marks = 0
    for char in text:
        if char in JOINERS:
            if not kept or kept[-1] in JOINERS or kept[-1].isspace():
                continue
        elif unicodedata.category(char)[0] == "M":
            marks += 1
            if marks > MARKS_A_LETTER:
                continue
        else:
            marks = 0
        kept.append(char)
    return "".join(kept)
