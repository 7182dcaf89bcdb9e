"""A pack with a question, a treatment or an example that does not fit is refused, with a sentence that says which."""

import re
import shutil
from pathlib import Path

import pytest

import content
from content.pack import check
from tests.content.packs import change

PARTNERS_EXAMPLE = "examples/10.toml"
YES_OR_NO = """options = [
  { code = "q1", label = "Yes" },
  { code = "q2", label = "In some of it" },
  { code = "q3", label = "No" },
  { code = "q4", label = "I had no partner at the time" },
]"""
NUMB = '"A cream or a gel that makes the skin feel less for a while."'


def refused(root: Path, name: str, old: str, new: str) -> str:
    """Return what is said of a pack after one change."""
    change(root, name, old, new)
    with pytest.raises(content.PackError) as refusal:
        check(root)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("questions.toml", '"s2"', '"s1"', "en, codes: the code 's1' is there 2 times."),
        ("questions.toml", '"s2"', '"w1"', "en, codes: the code 'w1' is there 2 times."),
        ("treatments.toml", '"t02"', '"t01"', "en, codes: the code 't01' is there 2 times."),
        ("tried.toml", '"d1"', '"h1"', "en, codes: the code 'h1' is there 2 times."),
        ("reactions.toml", '"c2"', '"c1"', "en, codes: the code 'c1' is there 2 times."),
        ("roles.toml", 'facet = "r2"', 'facet = "r1"', "en, codes: the code 'r1' is there 2 times."),
        ("questions.toml", 'code = "type"', 'code = "stage"', "en, questions: the code 'stage' is there 2 times."),
        ("questions.toml", '"s2"', '"y9"', r"en: the code 'y9' is not of the form s\d{1,2}."),
        ("glossary.toml", '"a01"', '"A01"', r"en: the code 'A01' is not of the form [a-z][a-z0-9_]{0,19}."),
        ("care_team.toml", '"k01"', '"pelvis"', "en: the code 'pelvis' holds 'pelvi', which no address may hold."),
        (
            "organisations.toml",
            "[kinds]\n",
            '[kinds]\nvulva = "x"\n',
            "en: the code 'vulva' holds 'vulv', which no address may hold.",
        ),
        ("treatments.toml", '"t02"', '"t2"', r"en: the code 't2' is not of the form t\d\d."),
        ("tried.toml", '"m1"', '"mm"', r"en: the code 'mm' is not of the form m\d{1,2}."),
        ("reactions.toml", '"c2"', '"kind"', r"en: the code 'kind' is not of the form c\d."),
        ("roles.toml", 'facet = "r2"', 'facet = "partners"', r"en: the code 'partners' is not of the form r\d."),
        ("warnings.toml", '"w2"', '"pain"', r"en: the code 'pain' is not of the form w\d{1,2}."),
        ("words.toml", '"vagin"', '"barrier"', "en: the code 'barriers' holds 'barrier', which no address may hold."),
        ("words.toml", '"vagin"', '"expl"', "en: the code 'explicit' holds 'expl', which no address may hold."),
    ],
)
def test_check_refuses_a_code_that_does_not_fit(copy: Path, name: str, old: str, new: str, sentence: str) -> None:
    assert refused(copy, name, old, new) == sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('code = "stage"', 'code = "phase"', "'phase' is missing, or is none the software knows."),
        ('["self"]', '["self", "aunt"]', "'stage' has an unknown role."),
        ('["self"]', '["self", "partner"]', "'stage' is asked of somebody else than the software expects."),
        ('["partner", "friend"]', '["partner"]', "'whose' is asked of somebody else than the software expects."),
        ('kind = "one"', 'kind = "few"', "'stage' is of no known kind."),
        ("shown = true\nlabel", "shown = false\nlabel", "'stage' may not change whether readers see it."),
        ("shown = false", "shown = true", "'affected' may not change whether readers see it."),
        ("options = []", 'options = [{ code = "l1", label = "x" }]', "'country' has options where it may not"),
        (YES_OR_NO, "options = []", "'partner_involved' has options where it may not, or has none."),
    ],
)
def test_check_refuses_other_questions_than_the_software_asks(copy: Path, old: str, new: str, sentence: str) -> None:
    assert refused(copy, "questions.toml", old, new).startswith(f"en, questions: {sentence}")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('filter_label = "Age"\n', "", "questions, entry 13: 'filter_label' is missing."),
        ('label = "Just found', 'name = "Just found', "questions, entry 1, options 1: 'name' is not a field."),
        ('label = "Just found out that it has a name"', 'label = " "', "options 1: 'label' is empty."),
        ('{ code = "s2", label = "Looking for help", short = "Looking for help" }', '"s2"', "'options' has the wrong"),
    ],
)
def test_check_refuses_an_option_of_another_shape(copy: Path, old: str, new: str, sentence: str) -> None:
    assert sentence in refused(copy, "questions.toml", old, new)


@pytest.mark.parametrize("about", ["", '"A cream that numbs",', '"A cream. It numbs.",', f"{NUMB}, {NUMB},"])
def test_check_wants_three_sentences_of_a_treatment(copy: Path, about: str) -> None:
    said = refused(copy, "treatments.toml", f"{NUMB},", about)

    assert said == "en, treatments: 't16' is not told in three sentences."


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('stage = "s6"', 'stage = "y1"', "has an answer to 'stage' that a reader could not see."),
        ('stage = "s6"', 'stage = ["s6"]', "has an answer to 'stage' that a reader could not see."),
        ('goal = ["g6"]', 'goal = "g6"', "has an answer to 'goal' that a reader could not see."),
        ('goal = ["g6"]', 'goal = ["g6", "g6"]', "has an answer to 'goal' that a reader could not see."),
        ('goal = ["g6"]', 'affected = ["f1"]', "has an answer to 'affected' that a reader could not see."),
        ('goal = ["g6"]', 'age = "e5"', "has an answer to 'age' that a reader could not see."),
        ('code = "t17"', 'code = "t99"', "names an unknown treatment 't99'."),
        ('code = "t17"', 'code = "t14"', "names a treatment twice."),
        ('help = "h2"', 'help = "d1"', "names an unknown help 'd1'."),
        ('duration = "d3"', 'duration = "h1"', "names an unknown duration 'h1'."),
        ('supervised = "m1"', 'supervised = "h1"', "names an unknown supervised 'h1'."),
        ('duration = "d3"', 'ending = "h1"', "names an unknown ending 'h1'."),
        ('duration = "d3"', 'reason = "h1"', "names an unknown reason 'h1'."),
    ],
)
def test_check_refuses_an_example_with_unknown_answers(copy: Path, old: str, new: str, sentence: str) -> None:
    assert refused(copy, "examples/02.toml", old, new) == f"en, examples: 'e02' {sentence}"


def test_check_refuses_answers_of_another_type(copy: Path) -> None:
    said = refused(copy, "examples/02.toml", 'stage = "s6"', "stage = 6")

    assert said == "examples/02.toml: the answer to 'stage' has the wrong type."


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        ('answers = { stage = "s1" }', "has an answer to 'stage' that a reader could not see."),
        ('treatments = [{ code = "t01", help = "h1" }]', "tells of treatments that are not the writer's own."),
    ],
)
def test_check_lets_no_partner_answer_for_the_patient(copy: Path, added: str, sentence: str) -> None:
    said = refused(copy, PARTNERS_EXAMPLE, "warnings = []", f"warnings = []\n{added}")

    assert said == f"en, examples: 'e10' {sentence}"


def test_check_wants_every_code_in_every_language(copy: Path) -> None:
    shutil.copytree(copy / "en", copy / "de")
    check(copy)
    tried = copy / "de" / "tried.toml"
    tried.write_text(tried.read_text(encoding="utf-8").replace('"i6"', '"i7"'), encoding="utf-8")

    with pytest.raises(
        content.PackError, match=re.escape("de: the code 'i6' is not in both this language and English.")
    ):
        check(copy)
