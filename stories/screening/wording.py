"""The words of a text one after the other, spelled out and without padding, for rules that know phrases."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from stories.screening.findings import Span

END, PAUSE = ".", ","
TOKEN = re.compile(
    r"(?P<word>\d+(?:[.,]\d+)+|\w+(?:'\w+)*)|(?P<end>[.!?;\n]+)|(?P<percent>%)"
    r"|(?P<pause>[,:()\[\]]+|(?<=\s)-+(?=\s)|--+)"
    "|(?P<laugh>[\N{FACE WITH TEARS OF JOY}\N{ROLLING ON THE FLOOR LAUGHING}])"
)
APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u2032`", "'"))
# What these add to a sentence is weight; no phrase depends on them.
PADDING_WORDS = (
    "absolutely actually basically bloody completely damn definitely desperately even extremely finally fucking "
    "genuinely honestly just kinda literally merely only really seriously simply so still totally truly utterly very "
    "absolutamente completamente literalmente realmente simplemente sinceramente solamente solo totalmente"
)
PADDING = frozenset(PADDING_WORDS.split())
SHORT = {
    "cannot": "can not",
    "gonna": "going to",
    "gotta": "have to",
    "hes": "he is",
    "im": "i am",
    "ive": "i have",
    "shes": "she is",
    "theyre": "they are",
    "wanna": "want to",
}
ALONE = {"not": frozenset({"just", "only", "merely"}), "no": frozenset({"solo", "solamente"})}
STEMS = {"ca": "can", "wo": "will", "ai": "am", "sha": "shall"}
NOT = re.compile(r"(ca|wo|ai|sha|do|does|did|is|are|was|were|have|has|had|could|would|should|must|need)n'?t")
NUMBER_MARKS = re.compile(r"[.,]")
TAILS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would", "s": "is"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold the words, each between two spaces; `begins[i]` is where word i starts, `typed[i]` where it stood."""

    text: str
    begins: list[int]
    typed: list[Span]

    def span(self, start: int, end: int) -> Span:
        """Turn a span of the wording into a span of the text it was made from."""
        first, last = bisect_right(self.begins, start) - 1, bisect_right(self.begins, end - 1) - 1
        return self.typed[first][0], self.typed[last][1]


def wording(text: str) -> Wording:
    """Spell out the words of a plain text in small letters: "I'm really not well!" is ". i am not well ."."""
    words, typed = [END], [(0, 0)]
    known: dict[str, list[str]] = {}
    for token in TOKEN.finditer(text.translate(APOSTROPHES)):
        if (spelled := known.get(token[0])) is None:
            spelled = known[token[0]] = _spelled(token)
        for word in spelled:
            if word not in PADDING:
                words.append(word)
                typed.append(token.span())
            elif word in ALONE.get(words[-1], ()):
                del words[-1], typed[-1]  # "not only" denies nothing
    words, typed = [*words, END], [*typed, (len(text), len(text))]
    begins = list(accumulate((len(word) + 1 for word in words[:-1]), initial=0))
    return Wording(" ".join(words), begins, typed)


def _spelled(token: re.Match[str]) -> list[str]:
    """Spell out one token: a mark, a word, or the two words of a contraction."""
    if token["word"] is None:
        return [{"end": END, "pause": PAUSE, "laugh": "laughing", "percent": "percent"}[str(token.lastgroup)]]
    word = token["word"].lower()
    if word[0].isdigit():
        return [NUMBER_MARKS.sub("_", word)]  # 2.5 is one word and ends no sentence
    if word in SHORT:
        return SHORT[word].split()
    if word[-1] == "t" and (denied := NOT.fullmatch(word)):
        return [STEMS.get(denied[1], denied[1]), "not"]
    if "'" not in word:
        return [word]
    head, _apostrophe, tail = word.rpartition("'")
    return [*head.split("'"), TAILS[tail]] if tail in TAILS else word.replace("'", "").split()
