"""Names of accounts elsewhere: @name, and "insta: name" in the ways people write it."""

import re

from stories.screening.findings import Span, merged

PLATFORM = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|telegram|tg|whats ?app|discord|tik ?tok|twitter|facebook|fb|kik"
    r"|skype|messenger|we ?chat|reddit|threads|bluesky|mastodon|only ?fans|gmail)"
)
ACCOUNT = rf"{PLATFORM}(?: (?:name|handle|id|user|username))?"
NAME = r"@?(?P<name>[a-z0-9_][a-z0-9_.]{1,38}[a-z0-9_])(?![\w@])"
AT_NAME = re.compile(r"(?<![\w@./:+-])@(?P<name>[a-z_][a-z0-9_.-]{1,38}[a-z0-9_])(?![\w@])", re.IGNORECASE)
NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w@]){ACCOUNT}\s?[:=>-]\s?{NAME}",
        rf"(?<!\w)(?:my|our|mi|nuestro) {ACCOUNT} (?:is|es) {NAME}",
        rf"(?<!\w)(?:on|in|via|en|por) {PLATFORM} (?:as|under|at|by|como) {NAME}",
    )
)

PLACE_WORDS = "home work school uni college hospital night first least last once all the this that my"
PLACES = frozenset(PLACE_WORDS.split())
# Words that follow "insta:" in a sentence and are nobody's account.
PLAIN_WORDS = (
    "about after again all also and another any anything are because before being both but can could did "
    "different does each even every everybody everyone everything few for from full get getting good great "
    "had has have her here him his how its just like looking lots love made many maybe more most much never "
    "nobody none not nothing one only other others our out pain people perfect photos pictures posts private "
    "quite really same she since some somebody someone something still such than that the their them then "
    "there these they things this those though time too two under very was well were what when where which "
    "while who why with women would yes you your "
    "algo bonito con de donde el ella ellas en era es esta este gente hay la las lleno lo los lugar mas me mi mucho "
    "muy "
    "nadie no nos para pero perfecto privado que se si siempre solo son todas todo todos triste tu un una y ya yo"
)
PLAIN = frozenset(PLAIN_WORDS.split())
AFTER = re.compile(
    r"\s*(?:$|[.,;!?)\n]|(?:if|or|for|in case|any ?time|dm|pm|msg|message|add|text|write|whenever|si|por si|cuando"
    r"|escribidme|escribeme)\b)",
    re.IGNORECASE,
)


def handles(text: str) -> list[Span]:
    """Find account names in a plain spelling."""
    found = [match.span() for match in AT_NAME.finditer(text) if match["name"].lower() not in PLACES]
    for pattern in NAMED:
        found += [match.span() for match in pattern.finditer(text) if _is_name(text, match)]
    return merged(found)


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Say whether the word after a platform is an account, by its shape or by where it stands."""
    name = match["name"]
    if name.lower() in PLAIN:
        return False
    if re.search(r"[0-9_.]", name) or "@" in match.group():
        return bool(re.search(r"[a-z]", name, re.IGNORECASE))
    return AFTER.match(text, match.end()) is not None
