"""Links, e-mail addresses and profile links, plain or spelled so that a machine should not see them."""

import re
from collections.abc import Iterator
from functools import cache

from linkify_it import LinkifyIt

from stories.screening.findings import Span, merged

# linkify reads pieces of bounded length: within one its time may grow with the square, over all it does not.
PIECE = 500
OVERLAP = 150
MAY_HOLD_A_LINK = re.compile(r"\.[^\s.]|@|//|mailto:", re.IGNORECASE)

NEW_ENDINGS = (
    "app blog care chat clinic club coach community dev guide health help link live media me online page "
    "physio shop site social space store support tech top tv website wiki world xyz"
)
# Endings that are words: "it hurt.so i stopped" is a missing space, not a place on the web.
WORD_ENDINGS = (
    "am app as at be blog by care chat club do guide health help id in is it link live me my name no online "
    "page pm pro shop so space store support to top us web world xxx"
)
WORDS = frozenset(WORD_ENDINGS.split())
MAIL = "gmail|googlemail|hotmail|outlook|yahoo|icloud|proton|protonmail|gmx|aol|tutanota|fastmail|zoho"
GAP = " {0,3}"
OPEN, CLOSE = rf"{GAP}[\[({{<]{GAP}", rf"{GAP}[\])}}>]{GAP}"
BRACKETED_AT = rf"{OPEN}(?:at|arroba|@){CLOSE}"
AT = rf"(?:{GAP}@{GAP}|{BRACKETED_AT}| {{1,3}}(?:at|arroba) {{1,3}})"
BRACKETED_DOT = rf"{OPEN}(?:dot|punto|\.){CLOSE}"
SAID_DOT = r" {1,3}dot {1,3}"
ANY_DOT = rf"(?:{BRACKETED_DOT}|{SAID_DOT}|{GAP}\.{GAP})"
# After a dot that is said, only endings that are no words: "look at the dot in the middle".
SURE = r"(?:com|org|net|info|eu|io|co|uk|de|fr|nl|ch|ie|ca|au|nz|pt|pl|se|dk|fi|ru|br|app)"
ENDING = rf"(?:{SURE}|me|es|it|at|be|us|in|no)"
SECOND = rf"(?:(?:{BRACKETED_DOT}|{SAID_DOT}|\.| \. ){SURE}\b)?"  # the uk of co.uk
# "punto de" and "punto es" are ordinary Spanish
SAID_PUNTO = r" {1,3}punto {1,3}(?:com|org|net|info|eu)"
HIDDEN_TAIL = rf"(?:{BRACKETED_DOT}{ENDING}|{SAID_DOT}{SURE}{SECOND}|{SAID_PUNTO})\b"
NAME = r"(?<![\w.+-])[\w.+-]{1,64}"
HOST = r"[a-z0-9][a-z0-9-]{1,62}"

EMAILS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # name at anything dot com: the dot, the at or both are spelled out or bracketed
        rf"{NAME}{AT}{HOST}{HIDDEN_TAIL}",
        rf"{NAME}{BRACKETED_AT}{HOST}{ANY_DOT}{ENDING}{SECOND}\b",
        rf"{NAME}{GAP}@{GAP}{HOST}(?:\.| \. ){ENDING}{SECOND}\b",
        rf"{NAME}{AT}(?:{MAIL}){ANY_DOT}{ENDING}{SECOND}\b",
        rf"{NAME}@(?:{MAIL})\b",
        rf"{NAME} {{1,3}}arroba {{1,3}}{HOST} {{1,3}}punto {{1,3}}{ENDING}\b",
    )
)
MESSENGERS = re.compile(
    r"(?<![\w.-])(?:https?://)?(?:www\.|m\.)?"
    r"(?:(?:wa|t|telegram|m|signal)\.me|discord\.gg|discord(?:app)?\.com/(?:invite|users)|chat\.whatsapp\.com"
    r"|(?:instagram|facebook|fb|snapchat|tiktok|onlyfans|twitter|x|linkedin|youtube)\.com|threads\.net"
    r"|linktr\.ee|bsky\.app)"
    r"/[^\s<>\"]{1,200}",
    re.IGNORECASE,
)
HIDDEN_LINKS = (
    re.compile(rf"(?<![\w-]){HOST}{HIDDEN_TAIL}(?:/[^\s<>\"]{{0,200}})?", re.IGNORECASE),
    re.compile(r"\bh(?:xx|\*\*)ps?:[^\s<>\"]{1,200}", re.IGNORECASE),
)


def addresses(text: str) -> tuple[list[Span], list[Span]]:
    """Find e-mail addresses and links (bare domains too) in a plain spelling, each in order."""
    mail = [match.span() for pattern in EMAILS for match in pattern.finditer(text)]
    web = [match.span() for pattern in HIDDEN_LINKS for match in pattern.finditer(text)]
    for start, end, schema in _linked(text):
        (mail if schema == "mailto:" else web).append((start, end))
    return merged(mail), merged(web)


def messengers(text: str) -> list[Span]:
    """Find links that lead to a person's profile or to a chat."""
    if not MAY_HOLD_A_LINK.search(text):
        return []
    return merged((match.start(), _trimmed(text, match)) for match in MESSENGERS.finditer(text))


def _trimmed(text: str, match: re.Match[str]) -> int:
    """Return where a link ends without the sentence's own punctuation."""
    return match.start() + len(match.group().rstrip(".,;:!?)'"))


@cache
def _linkify() -> LinkifyIt:
    return LinkifyIt().tlds(NEW_ENDINGS.split(), keep_old=True)


def _linked(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, schema) of what linkify finds and what is not just a missing space."""
    for start, piece in _pieces(text):
        for match in _linkify().match(piece) or ():
            if match.schema or not _is_missing_space(piece, match.index, match.last_index):
                yield start + match.index, start + match.last_index, match.schema


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut a text at white space into pieces that could hold a link; a longer word is cut with an overlap."""
    start = 0
    while start < len(text):
        end = min(start + PIECE, len(text))
        gap = -1 if end == len(text) else max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        if gap > start:
            end = gap
        piece = text[start:end]
        if MAY_HOLD_A_LINK.search(piece):
            yield start, piece
        start = end if gap > start or end == len(text) else end - OVERLAP


def _is_missing_space(piece: str, start: int, end: int) -> bool:
    """Say whether a bare domain is more likely the end of one sentence and the start of the next."""
    found = piece[start:end]
    if found.lower().startswith("www.") or re.search(r"[/?#:]", found):
        return False
    *labels, ending = found.split(".")
    word = ending.lower() in WORDS
    if all(label.isdigit() or (word and len(label) == 1) for label in labels):
        return True  # 5.pm, i.e.my
    if ending.istitle() and not labels[0].istitle():
        return True  # better.It
    if ending.istitle() and len(labels) == 1 and word:
        return True  # Better.It
    if len(labels) > 1 or not word:
        return False
    after = piece[end:].partition("\n")[0].lstrip()
    return ending.lower() == "xxx" or after[:1].isalpha()
