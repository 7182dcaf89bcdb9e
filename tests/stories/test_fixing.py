"""The one-click fix by example: the passage goes, a word for it stays, and the sentence can still be read."""

import pytest
from django.utils.functional import Promise

from stories.screening import RULES, Finding, ScreeningRule, fixable, fixed, screen

FIXABLE = [known for known in RULES if known.replacement]


def mended(text: str) -> str:
    """Fix the first finding, as often as there can be one, until there is nothing to fix."""
    for _ in range(len(text)):
        todo = [finding for finding in screen(text) if fixable(finding)]
        text = fixed(text, todo[0]) if todo else text
    return text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Write to quiet.fern@example.org if you like.", "Write to [contact details] if you like."),
        ("Ring me (07700 900123), please.", "Ring me ([contact details]), please."),
        ("Ring me (+44 7700 900123), please.", "Ring me ([contact details]), please."),
        ("Ring (020) 7946 0123 after six.", "Ring [contact details] after six."),
        ("my mail: quietfern@example.org,or not", "my mail: [contact details],or not"),
        ("ring:07700 900123", "ring: [contact details]"),
        ("see https://example.org(later)", "see [link] (later)"),
        ("I am @quiet_fern.", "I am [name of an account]."),
        ("insta: quietfern", "[name of an account]"),
        ("See https://example.org/page?x=1, it helped.", "See [link], it helped."),
        ("https://wa.me/447700900123\nThank you.", "[link]\nThank you."),
        ("\u201cquietfern@example.org\u201d is mine", "\u201c[contact details]\u201d is mine"),
        ("quietfern@example.org's answer", "[contact details]'s answer"),
        (
            "a@example.org b@example.org 07700 900123",
            "[contact details] [contact details] [contact details]",
        ),
    ],
)
def test_fix_keeps_the_sentence_readable(before: str, after: str) -> None:
    assert mended(before) == after


def test_fix_replaces_only_the_passage_that_was_asked_for() -> None:
    text = "Ring 07700 900123 or write to quiet.fern@example.org."
    _, mail = screen(text)

    assert fixed(text, mail) == "Ring 07700 900123 or write to [contact details]."


@pytest.mark.parametrize("known", FIXABLE, ids=lambda known: known.id)
def test_replacement_is_a_word_for_people_and_no_finding(known: ScreeningRule) -> None:
    assert isinstance(known.replacement, Promise)
    assert str(known.replacement).startswith("[")
    assert screen(str(known.replacement)) == ()
    assert [text for text in known.hits if any(fixable(finding) for finding in screen(mended(text)))] == []


def test_what_can_be_mended_are_details_and_doses() -> None:
    assert {known.id for known in FIXABLE if known.kind not in {"contact", "link", "name"}} == {"instruct.dose"}


def test_crisis_language_has_no_fix() -> None:
    text = "I want to die. Sometimes I think about suicide."
    findings = screen(text)

    assert [finding.rule for finding in findings] == ["crisis.urgent", "crisis.worry"]
    assert [fixable(finding) for finding in findings] == [False, False]
    assert [fixed(text, finding) for finding in findings] == [text, text]


@pytest.mark.parametrize(("start", "end"), [(0, 99), (-3, 2), (4, 4), (5, 2)])
def test_finding_of_another_text_changes_nothing(start: int, end: int) -> None:
    assert fixed("a short text", Finding(start, end, "contact.phone", "contact")) == "a short text"


def test_fixable_refuses_an_unknown_rule() -> None:
    with pytest.raises(KeyError):
        fixable(Finding(0, 1, "contact.pigeon", "contact"))
