"""The questions, treatments and small lists of the pack: what is asked of whom, and what may be said."""

import re

import pytest

import content
from content.checks import QUESTIONS, SELF, SHOWN
from stories import facets
from stories.models import PATIENT_ONLY
from stories.screening import screen
from stories.text import clean

PACK = content.load()
SITE = (PACK.site.reply_rule, PACK.site.reply_prompt, PACK.site.hope_label, PACK.site.hope_help)


def said() -> list[str]:
    """List every sentence and label that this part of the pack puts on a page."""
    questions = [text for one in PACK.questions for text in (one.label, one.help, one.filter_label)]
    treatments = [text for one in PACK.treatments for text in (one.name, one.short, *one.about)]
    codes = [text for option in PACK.coded() for text in (option.label, option.short)]
    roles = [text for role in PACK.roles for text in (*role.prompts, role.title_hint)]
    return [*questions, *treatments, *codes, *roles, *SITE, *(one.counted for one in PACK.reactions)]


def test_asked_gives_each_role_its_own_questions() -> None:
    everybody = ["age", "relationship", "country"]

    assert [question.code for question in PACK.asked("self")] == [*PATIENT_ONLY, *everybody]
    assert [question.code for question in PACK.asked("partner")] == ["whose", *everybody]
    assert PACK.asked("friend") == PACK.asked("partner")
    assert PACK.asked("") == ()


def test_questions_of_patients_are_those_that_the_database_keeps_for_them() -> None:
    assert [code for code, (roles, _) in QUESTIONS.items() if roles == SELF] == list(PATIENT_ONLY)


def test_shown_questions_are_those_that_stories_are_found_by() -> None:
    assert {question.code for question in PACK.questions if question.shown} == SHOWN == set(facets.SHOWN)


def test_goal_puts_nothing_above_the_rest() -> None:
    labels = [option.label for option in PACK.question("goal").options]

    assert "penetration" not in labels[0]
    assert len(labels) - len([label for label in labels if "Sex with" in label]) >= 7


def test_treatments_are_the_whole_list_and_no_other() -> None:
    assert [treatment.code for treatment in PACK.treatments] == [f"t{number:02}" for number in range(1, 29)]
    assert not any(re.match(r"other|something else", treatment.name, re.IGNORECASE) for treatment in PACK.treatments)


def test_treatments_give_no_dose_no_instruction_and_no_promise() -> None:
    wrong = r"\d|\byou (should|must|need)|\bbest for you|\bcures?\b|guarantee|\bmg\b|\balways\b|!"

    assert [text for one in PACK.treatments for text in one.about if re.search(wrong, text, re.IGNORECASE)] == []


def test_squeezing_and_letting_go_are_two_treatments() -> None:
    assert "not the same as squeezing" in PACK.treatment("t03").about[2]
    assert "open question" in PACK.treatment("t04").about[2]


def test_aliases_are_lower_case_and_lead_to_one_treatment() -> None:
    aliases = [alias for treatment in PACK.treatments for alias in treatment.aliases]

    assert [alias for alias in aliases if alias != alias.lower()] == []
    assert len(aliases) == len(set(aliases))


def test_lists_about_a_treatment_hold_their_steps() -> None:
    lists = (PACK.helpfulness, PACK.durations, PACK.supervised, PACK.endings, PACK.reasons)

    assert [len(options) for options in lists] == [5, 5, 3, 3, 6]
    assert [reaction.code for reaction in PACK.reactions] == ["c1", "c2", "c3"]


def test_roles_offer_four_to_six_prompts_and_a_title() -> None:
    assert [(role.facet, 4 <= len(role.prompts) <= 6) for role in PACK.roles] == [
        ("r1", True),
        ("r2", True),
        ("r3", True),
    ]
    hints = [role.title_hint.lower() for role in PACK.roles]
    assert [hint for hint in hints for word in PACK.forbidden_in_addresses if word in hint] == []


def test_words_of_the_lists_keep_the_house_rules() -> None:
    assert [text for text in said() if text and (screen(text) or clean(text) != text or "!" in text)] == []
    assert [text for text in said() if "prefer not to" in text.lower()] == []


@pytest.mark.parametrize("example", [one for one in PACK.examples if one.treatments], ids=lambda one: one.code)
def test_tips_of_an_example_are_one_clean_line(example: content.Example) -> None:
    for tip in filter(None, (tried.tip for tried in example.treatments)):
        assert clean(tip) == tip
        assert screen(tip) == ()
        assert len(tip) <= 120
        assert not re.search(r"\d|\byou\b|!|\n", tip, re.IGNORECASE)


def test_examples_of_patients_answer_and_others_do_not() -> None:
    answering = {example.role for example in PACK.examples if example.answers or example.treatments}

    assert answering == {"self"}
    assert len([example for example in PACK.examples if example.treatments]) >= 8


def test_label_and_short_know_every_code() -> None:
    assert (PACK.label("s4"), PACK.short("s4")) == ("Still working on it, forwards and back", "Still working on it")
    assert (PACK.label("t01"), PACK.short("t01")) == ("Vaginal trainers (dilators)", "Trainers")
    assert (PACK.label("r2"), PACK.label("w1")) == ("A partner", "Sexual violence or abuse")
    assert (PACK.label("g5"), PACK.short("g5")) == ("Less fear", "Less fear")
    assert (PACK.short("h1"), PACK.label("c2")) == ("Helped a lot", "I know this too")
    with pytest.raises(KeyError):
        PACK.label("s99")
    with pytest.raises(KeyError):
        PACK.short("stage")


def test_question_treatment_and_role_are_found_by_code() -> None:
    assert PACK.question("stage").filter_label == "Where things are now"
    assert PACK.treatment("t07").short == "CBT"
    assert PACK.role_of("r3").code == "friend"
    for find in (PACK.question, PACK.treatment, PACK.role_of):
        with pytest.raises(KeyError):
            find("nothing")
