"""Screening against any text: it never raises, its spans fit, and what is planted is found."""

import unicodedata

from hypothesis import assume, given
from hypothesis import strategies as st

from stories.screening import Finding, mark, rule, screen
from stories.screening.folding import LONGEST, fold
from stories.text import clean

ANYTHING = st.text(max_size=300)
# Pieces of contact details among anything, so that the rules have something to bite on.
PIECES = (
    "@ . .com at dot :// http www. 0 7 +44 900123 07700 ( ) [ ] - / \n \u200b \u0301 insta: wa.me/ quietfern "
    "one seven \uff10 \ufdfa \u0660 so it"
)
NEARLY = st.lists(st.sampled_from([*PIECES.split(" "), " "]) | st.text(max_size=3), max_size=30).map("".join)
ORDINARY = (
    "and then we tried again for 3-5 days at half past, 10/10 pain (really) my size 2 on 12.05.2023 it "
    "hurt so in the middle she said no, we laughed. 400 mg 2019-2021 @ home"
)
WORDS = st.sampled_from(ORDINARY.split())
PROSE = st.lists(WORDS, max_size=25).map(" ".join)
PLANTED = st.sampled_from(
    [
        ("contact.phone", "07700 900123"),
        ("contact.phone", "+44 7700 900123"),
        ("contact.phone", "+1 (415) 555-2671"),
        ("contact.phone", "06 12 34 56 78"),
        ("contact.email", "quiet.fern@example.org"),
        ("contact.email", "quietfern at gmail dot com"),
        ("contact.email", "quietfern(at)example[dot]net"),
        ("contact.messenger", "https://wa.me/447700900123"),
        ("contact.messenger", "t.me/quietfern"),
        ("contact.handle", "@quiet_fern"),
        ("contact.handle", "insta: quiet_fern88"),
        ("link.address", "https://example.org/page?x=1"),
        ("link.address", "quiet-ferns.example.com"),
        ("name.person", "Dr Hazelmere"),
        ("name.clinic", "Tamarisk Clinic"),
    ]
)
INVISIBLE = st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad")
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def plain(text: str) -> list[tuple[str, str]]:
    """Say what was found, in the plain spelling, so that two spellings of one text can be compared."""
    return [(found.rule, fold(text[found.start : found.end]).text.strip()) for found in screen(text)]


@given(ANYTHING | NEARLY)
def test_screen_never_raises_and_its_spans_fit(text: str) -> None:
    place = 0
    for finding in screen(text):
        assert place <= finding.start < finding.end <= len(text)
        assert rule(finding.rule).kind == finding.kind
        place = finding.end


@given(ANYTHING | NEARLY)
def test_segments_join_to_the_text(text: str) -> None:
    findings = screen(text)
    segments = mark(text, findings)

    assert "".join(segment.text for segment in segments) == text
    assert [segment.finding for segment in segments if segment.finding] == list(findings)


@given(ANYTHING, st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)), max_size=8))
def test_segments_join_whatever_the_findings(text: str, spans: list[tuple[int, int]]) -> None:
    segments = mark(text, [Finding(start, end, "rule", "kind") for start, end in spans])

    assert "".join(segment.text for segment in segments) == text
    assert all(segment.text for segment in segments)


@given(ANYTHING | NEARLY)
def test_fold_keeps_the_way_back(text: str) -> None:
    folded = fold(text)

    assert len(folded.places) == len(folded.text) <= LONGEST * len(text)
    assert folded.places == sorted(folded.places)
    assert all(0 <= place < len(text) for place in folded.places)
    assert fold(folded.text).text == folded.text


@given(ANYTHING | NEARLY)
def test_screen_finds_the_same_in_the_cleaned_text(text: str) -> None:
    assert plain(clean(text)) == plain(text)


@given(ANYTHING | NEARLY)
def test_screen_finds_the_same_in_the_compatible_spelling(text: str) -> None:
    # A sign that stands for a whole phrase is cut short, and one for several letters is marked whole.
    assume(all(len(unicodedata.normalize("NFKD", char)) <= LONGEST for char in text))
    spelled = unicodedata.normalize("NFKC", text)
    assert [found.rule for found in screen(spelled)] == [found.rule for found in screen(text)]


@given(PROSE, PROSE, PLANTED, st.sampled_from([" ", "\n", ", ", ": "]), st.sampled_from([" ", "\n", ". ", ", "]))
def test_a_planted_detail_is_found(before: str, after: str, planted: tuple[str, str], left: str, right: str) -> None:
    expected, detail = planted
    text = before + left + detail + right + after
    start, end = len(before + left), len(before + left + detail)

    assert any(
        finding.rule == expected and finding.start <= start and end <= finding.end for finding in screen(text)
    ), screen(text)


@given(PROSE, PROSE, PLANTED, st.data())
def test_a_planted_detail_is_found_behind_invisible_characters(
    before: str, after: str, planted: tuple[str, str], data: st.DataObject
) -> None:
    expected, detail = planted
    places = data.draw(st.lists(st.integers(1, len(detail) - 1), min_size=1, max_size=6))
    hidden = detail
    for place in sorted(places, reverse=True):
        hidden = hidden[:place] + data.draw(INVISIBLE) + hidden[place:]
    text = f"{before}\n{hidden}\n{after}"
    start = len(before) + 1

    assert [(finding.rule, finding.start, finding.end) for finding in screen(text) if finding.start == start] == [
        (expected, start, start + len(hidden))
    ]


@given(PROSE, PROSE, PLANTED)
def test_a_planted_detail_is_found_in_full_width(before: str, after: str, planted: tuple[str, str]) -> None:
    expected, detail = planted
    wide = detail.translate(WIDE)
    text = f"{before}\n{wide}\n{after}"
    start = len(before) + 1

    assert (expected, start, start + len(wide)) in [
        (finding.rule, finding.start, finding.end) for finding in screen(text)
    ]
