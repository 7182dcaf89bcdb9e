"""Screening on labelled texts: no figure falls, and what is hard to tell apart is told apart."""

import io
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

from community.local import OperatorError
from stories.screening import RULES, screen
from stories.screening.measuring import Figure, Labelled, labelled, measure
from tests.architecture.source import ROOT
from tests.stories.test_screening import seconds

FOLDER = ROOT / "tests" / "data" / "screening"
TEXTS = labelled(FOLDER)
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text(encoding="utf-8"))
FIGURES = {figure.rule: figure for figure in measure(one for one in TEXTS if one.split == "holdout")}
NEVER_HITS = ("anatomy", "anger", "negated")


@pytest.mark.parametrize("rule", [known.id for known in RULES])
def test_no_figure_falls(rule: str) -> None:
    figure, floor = FIGURES[rule], FLOORS[rule]

    assert figure.precision >= floor["precision"], figure
    assert figure.recall >= floor["recall"], figure


def test_every_rule_has_a_floor_and_texts_in_both_halves() -> None:
    assert FLOORS.keys() == {known.id for known in RULES}
    for split in ("tune", "holdout"):
        for language in ("en", "es"):
            wanted = {rule for one in TEXTS if (one.split, one.language) == (split, language) for rule in one.rules}
            assert wanted == FLOORS.keys()


def test_labelled_texts_are_many_and_each_stands_once() -> None:
    known = {rule.id for rule in RULES}

    assert len({one.id for one in TEXTS}) == len({one.text for one in TEXTS}) == len(TEXTS) >= 300
    assert all(one.rules <= known and one.split in {"tune", "holdout"} for one in TEXTS)
    assert sum(not one.rules for one in TEXTS) >= 100


@pytest.mark.parametrize("text", [one.text for one in TEXTS if one.about in NEVER_HITS])
def test_body_words_anger_and_what_is_denied_are_no_hits(text: str) -> None:
    assert screen(text) == ()


def test_measure_tells_right_wrong_and_missed_apart() -> None:
    texts = [
        Labelled("en-1", "tune", "", frozenset({"name.person"}), "Dr Hazelmere was kind."),
        Labelled("en-2", "tune", "", frozenset({"name.person"}), "Nobody has a name here."),
        Labelled("en-3", "tune", "", frozenset(), "Dr Hazelmere was late."),
    ]
    figures = {figure.rule: figure for figure in measure(texts)}

    assert figures["name.person"] == Figure("name.person", right=1, wrong=1, missed=1)
    assert (figures["name.person"].precision, figures["name.person"].recall) == (0.5, 0.5)
    assert (figures["name.clinic"].precision, figures["name.clinic"].recall) == (1, 1)


def test_report_prints_a_line_a_rule() -> None:
    out = io.StringIO()

    call_command("screening_report", split="tune", language="es", stdout=out)

    assert [known.id for known in RULES if known.id not in out.getvalue()] == []
    assert str(sum((one.split, one.language) == ("tune", "es") for one in TEXTS)) in out.getvalue()


def test_report_says_when_there_is_nothing_to_measure(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="No labelled texts"):
        call_command("screening_report", texts=tmp_path)


HOSTILE = (
    "Dr Fern ",
    "my doctor ",
    "St ",
    "Aa Bb Cc Dd Clinic ",
    "hospital de la ",
    "1 Aa Bb Cc Street ",
    "zip 1 ",
    "take 1g ",
    "you should take ",
    "stop your ",
    "goodbye to ",
    "use my ",
    "i am a a ",
    "send pics ",
    "quiero morirme ",
    "no me pega ",
    "[",
)


@pytest.mark.alone
@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    screen("warm up, take 5 mg, my doctor Tansy said")
    half, whole = (unit * 25_000)[:25_000], (unit * 50_000)[:50_000]

    time = seconds(whole)

    assert time < max(2.5 * seconds(half), 0.05)
    assert time < 0.2
