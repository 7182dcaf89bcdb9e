"""Fixing and crisis language against any text: fixes come to an end, touch nothing else, and keep the tier."""

from hypothesis import given
from hypothesis import strategies as st

from stories.screening import RULES, Finding, crisis_tier, fixable, fixed, rule, screen
from tests.properties.test_screening import ANYTHING, NEARLY, PLANTED, PROSE

PASSAGES = PLANTED.map(lambda planted: planted[1])
GLUE = st.sampled_from(["", " ", ", ", ".", "/", "@", ":", "\n", "(", ") ", "x", "7", " dot com", "[at]"])
# Contact details one after another, with little or nothing between: where one fix could make the next finding.
CROWDED = st.lists(PASSAGES | GLUE | st.text(max_size=2), max_size=10).map("".join)
REPLACEMENTS = [str(known.replacement) for known in RULES if known.replacement]
SAID = st.sampled_from(
    [
        ("urgent", "I want to die"),
        ("urgent", "I am going to kill myself"),
        ("urgent", "I do not want to live any more"),
        ("urgent", "My husband hits me"),
        ("urgent", "I am not safe at home"),
        ("worry", "I have thought about suicide"),
        ("worry", "I wish I was dead"),
        ("worry", "I have nothing to live for"),
    ]
)
PADDING = st.lists(st.sampled_from(["really", "so", "honestly", "\u200b", "\u00ad"]), max_size=2)


def to_fix(text: str) -> list[Finding]:
    return [finding for finding in screen(text) if fixable(finding)]


@given(ANYTHING | NEARLY | CROWDED)
def test_fixing_one_finding_after_the_other_comes_to_an_end(text: str) -> None:
    for _ in range(len(text)):
        if not to_fix(text):
            break
        text = fixed(text, to_fix(text)[0])

    assert to_fix(text) == []


@given(ANYTHING | NEARLY | CROWDED)
def test_a_fix_touches_nothing_outside_its_passage(text: str) -> None:
    for finding in to_fix(text):
        after = fixed(text, finding)
        middle = after[finding.start : len(after) - len(text) + finding.end]

        assert after.startswith(text[: finding.start])
        assert after.endswith(text[finding.end :])
        assert middle.strip(" ") == str(rule(finding.rule).replacement)


@given(ANYTHING | NEARLY | CROWDED, st.sampled_from(REPLACEMENTS), ANYTHING | NEARLY | CROWDED)
def test_a_replacement_is_never_a_finding(before: str, replacement: str, after: str) -> None:
    text = f"{before} {replacement} {after}"
    start, end = len(before) + 1, len(before) + 1 + len(replacement)

    assert [finding for finding in screen(text) if finding.start < end and start < finding.end] == []


@given(PROSE, PROSE, SAID)
def test_what_is_said_in_a_sentence_of_its_own_keeps_its_tier(before: str, after: str, said: tuple[str, str]) -> None:
    expected, sentence = said

    assert crisis_tier(screen(f"{before}. {sentence}. {after}")) == expected


@given(SAID, st.data())
def test_weight_and_spelling_change_no_tier(said: tuple[str, str], data: st.DataObject) -> None:
    expected, sentence = said
    words = [word for one in sentence.split() for word in (one, *data.draw(PADDING))]
    text = data.draw(st.sampled_from([str.upper, str.lower, str]))(" ".join(words))

    assert crisis_tier(screen(text)) == expected


@given(PROSE)
def test_ordinary_words_in_any_order_are_no_crisis(text: str) -> None:
    assert crisis_tier(screen(text)) == ""


@given(SAID, PASSAGES)
def test_fixing_contact_details_leaves_the_crisis_as_it_was(said: tuple[str, str], passage: str) -> None:
    expected, sentence = said
    text = f"{sentence}.\n{passage}\n{sentence}."
    before = [text[finding.start : finding.end] for finding in screen(text) if not fixable(finding)]

    for finding in reversed(to_fix(text)):
        text = fixed(text, finding)

    assert [text[finding.start : finding.end] for finding in screen(text)] == before
    assert crisis_tier(screen(text)) == expected
