"""Telephone numbers, in the ways people write them and in the ways they hide them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from phonenumbers import Leniency, PhoneNumberMatcher

from stories.screening.findings import Span, merged

# National numbers without a leading zero need the numbering plan of their country; those with one are known
# by their shape. The library is asked so often in one text; beyond that, a long run of digits is enough.
REGIONS = ("GB", "US", "ES", "AU", "IN", "IT")
ASKED = 60
LONGEST_RUN = 80
SURELY = 9

DAY = r"(?:0?[1-9]|[12]\d|3[01])"
YEAR = r"(?:19|20)\d{2}"
# What looks like a number and is none is blanked first. Each must stand alone, so that no part of a number
# goes with it; one without a year of four digits must not stand before a longer group either.
NOT_A_NUMBER = re.compile(
    r"(?<![\d+])(?<!\d[./-])(?:"
    rf"{DAY}[./-]{DAY}[./-]{YEAR}|{YEAR}[./-]{DAY}[./-]{DAY}"  # dates
    rf"|(?<!\d ){YEAR} ?[-/] ?(?:{YEAR}|\d{{2}})"  # from one year to another
    rf"|(?:{DAY}[./-]{DAY}[./-]\d{{2}}|\d{{1,2}}[/.,]\d{{1,2}})(?! ?\d{{3}})"  # short dates; ten out of ten
    r")(?![./-]?\d)"
)
RUN = re.compile(r"(?:\+ ?|\( ?\+?)?\d(?:[ ()./_*-]{0,3}\d){6,}")
GROUP = re.compile(r"(?:\( ?)?(\+?) ?(\d+)")
NUMBER_WORDS = "zero one two three four five six seven eight nine oh nought double triple"
NUMBER_WORDS_ES = "cero uno dos tres cuatro cinco seis siete ocho nueve doble"
VALUES = {word: place for words in (NUMBER_WORDS, NUMBER_WORDS_ES) for place, word in enumerate(words.split())}
DIGIT_WORD = rf"(?:{'|'.join(VALUES)})"
BEGINS_ONE = rf"\b(?=[{''.join(sorted({word[0] for word in VALUES}))}])"  # asked first: most words begin otherwise
SPOKEN = re.compile(rf"{BEGINS_ONE}{DIGIT_WORD}(?:[ ,-]{{1,3}}{DIGIT_WORD}\b){{6,}}", re.IGNORECASE)
CURRENCY = "\N{EURO SIGN}\N{POUND SIGN}$"
UNIT = re.compile(rf" ?(?:(?:mg|ml|mcg|kg|g|cm|mm|km|euros?|pounds?|dollars?)(?!\w)|[%{CURRENCY}])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Group:
    """Hold digits that stand together, with where they stand."""

    start: int
    end: int
    digits: str
    plus: bool


def phones(text: str) -> list[Span]:
    """Find telephone numbers in a plain spelling, in time linear in its length."""
    found = [match.span() for match in SPOKEN.finditer(text) if not _is_counting(match.group())]
    blanked = NOT_A_NUMBER.sub(lambda match: "#" * len(match.group()), text)
    plans = Plans()
    for match in RUN.finditer(blanked):
        run, start = match.group(), match.start()
        groups = [_group(part) for part in GROUP.finditer(run)]
        if _is_a_series(groups):
            continue
        spans = list(_by_shape(groups))
        if not spans and not _is_an_amount(text, *match.span()):
            spans = plans.numbers_in(run)
        found += [(start + first + _lone_bracket(run[first:last]), start + last) for first, last in spans]
    return merged(found)


def _lone_bracket(number: str) -> int:
    """Return the length of an opening bracket that the number does not close: it is the sentence's own."""
    return 0 if ")" in number else len(number) - len(number.lstrip("( "))


def _group(part: re.Match[str]) -> Group:
    return Group(part.start(), part.end(), part[2], bool(part[1]))


def _is_a_series(groups: list[Group]) -> bool:
    """Say whether the groups count up or down, or are all years."""
    if any(group.plus for group in groups) or len(groups) < 2:
        return False
    values = [int(group.digits[:9]) for group in groups]
    steps = {after - before for before, after in pairwise(values)}
    years = all(len(group.digits) == 4 and group.digits[:2] in {"19", "20"} for group in groups)
    return years or (len(steps) == 1 and len(groups) > 2)


def _is_an_amount(text: str, start: int, end: int) -> bool:
    """Say whether a sign of money stands before the digits, or a unit behind them."""
    return text[max(0, start - 1) : start] in {*CURRENCY} or UNIT.match(text, end) is not None


def _is_counting(words: str) -> bool:
    """Say whether number words only count: each is one more than the last, or begins again at one."""
    values = [VALUES[word] for word in re.findall(r"[a-z]+", words.lower())]
    return all(after in {before + 1, 1} for before, after in pairwise(values))


def _by_shape(groups: list[Group]) -> Iterator[Span]:
    """Yield numbers that show what they are: by a plus, by two zeros, or by the leading zero of a country."""
    place = 0
    while place < len(groups):
        last = _last_group(groups, place)
        if last is None:
            place += 1
        else:
            yield groups[place].start, groups[last].end
            place = last + 1


def _last_group(groups: list[Group], first: int) -> int | None:
    """Return the last group of a number that begins at `first`, or None when none begins there."""
    head = groups[first]
    abroad = head.plus or head.digits.startswith("00")
    if not abroad and not head.digits.startswith("0"):
        return None
    least, usual, most = (8, 14, 15) if abroad else (9, 11, 13)
    best, digits = None, ""
    for place in range(first, min(first + most, len(groups))):
        group = groups[place]
        # A nought that stands alone begins a number only when every digit stands alone.
        if len(digits) + len(group.digits) > most or (head.digits == "0" and len(group.digits) > 1):
            break
        digits += group.digits
        if len(digits) >= least and (best is None or len(digits) <= usual):
            best = place
    return best if len(set(digits)) > 1 else None


class Plans:
    """Ask the numbering plans of some countries, once for each run and a bounded number of times."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self._known: dict[str, list[Span]] = {}

    def numbers_in(self, run: str) -> list[Span]:
        """Find numbers that are valid in one of the countries; past the bound, any long run is one."""
        if run not in self._known:
            if len(self._known) < ASKED:
                self._known[run] = self._ask(run)
            else:
                return [(0, len(run))] if sum(char.isdigit() for char in run) >= SURELY else []
        return self._known[run]

    def _ask(self, run: str) -> list[Span]:
        part = run[:LONGEST_RUN]
        for region in REGIONS:
            found = list(PhoneNumberMatcher(part, region, leniency=Leniency.VALID))
            if found:
                return [(match.start, match.end) for match in found]
        return []
