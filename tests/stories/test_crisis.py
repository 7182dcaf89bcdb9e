"""Crisis language by example: what is urgent, what is worrying, what only sounds like it, and how often it is right."""

import pytest

from stories.screening import Finding, crisis_tier, rule, screen
from tests.stories.test_screening import seconds

# Made by hand after the rules were, and apart from their own examples: 25 urgent, 25 worrying, 60 neither.
URGENT = (
    "I have not told anybody: I want to die, and I mean it.",
    "This evening I will kill myself.",
    "I really can't anymore. I am going to take my own life.",
    "He told me this is what wives are for, and he forces me to have sex.",
    "My mother slaps me when I say I will not marry him.",
    "They are forcing me to get married in the summer.",
    "I am so scared he will kill me.",
    "My partner won't stop when I say stop.",
    "i feel suicidal and its 3am",
    "I'm not safe at home tonight.",
    "My boyfriend punches me if I close my legs.",
    "I am ready to end my life.",
    "I've made a plan to kill myself and I know the day.",
    "I do not want to exist.",
    "My stepfather rapes me.",
    "He chokes me until I stop crying.",
    "I tried to end it all yesterday and it did not work.",
    "My husband threatens to hurt me if I see a doctor.",
    "I have been locked up for weeks, he does not let me leave.",
    "I think I will kill myself tonight",
    "She is beating me and I have nowhere to go.",
    "I'm scared for my life when he drinks.",
    "im about to end my life",
    "Every night he does it even though I beg him to stop.",
    "I am being forced to sleep with his brother.",
)
WORRY = (
    "I have been suicidal on and off since the diagnosis.",
    "I thought of killing myself on our wedding night.",
    "My head keeps telling me there's no point in living.",
    "After the operation I no longer wanted to be alive.",
    "I used to cut myself before every exam, the medical kind.",
    "I'm done with life, most days.",
    "Each time it fails I wish I were dead.",
    "He threatened to kill himself when I told him.",
    "I wanted to take my own life.",
    "At fifteen I overdosed.",
    "Suicidal thoughts are with me every morning.",
    "It feels like there is nothing to live for.",
    "I have lost all hope.",
    "I can't go on anymore, I am too tired.",
    "Sometimes it would be easier not to be here any more, I don't want to be here anymore.",
    "I would be better off dead, I think at night.",
    "I've been close to suicide.",
    "Sometimes I need to cut myself to feel something.",
    "My daughter has a mother who wants to die, I want to die most days.",
    "I came home and tried to kill myself.",
    "I'm hopeless.",
    "Everyone would be better off without me.",
    "I felt like killing myself when she said it was all in my head.",
    "It got so bad that I was suicidal.",
    "I want to disappear for good.",
)
NEITHER = (
    "I would die of boredom without my sister.",
    "She said it would not kill me to try.",
    "It nearly killed me to say the word out loud.",
    "I was scared to death and went anyway.",
    "I wanted to die of shame when the door opened.",
    "He looked as though he wanted to die.",
    "My plants die, my phone dies, my patience dies.",
    "I do not want to die without having tried.",
    "I'm not suicidal and I never was.",
    "No, I don't think about suicide, I answered.",
    "I never tried to kill myself.",
    "I don't wish I was dead, I wish I was asleep.",
    "She wanted to know if I was suicidal.",
    "The nurse asked me whether I had ever harmed myself.",
    "I've never felt like ending my life because of it.",
    "I stopped self-harming ten years ago.",
    "The killer question was how long it had hurt.",
    "We made a killing at the flea market.",
    "Deadlines at work are killing my libido.",
    "My self-confidence died with the second husband.",
    "He does not hit me, he does not shout.",
    "My husband holds me when I cry.",
    "He keeps going to the appointments with me.",
    "He hits a nerve when he says that.",
    "My therapist beats me to the punch line every time.",
    "She kicks me out of bed at six to do our stretches.",
    "She forces me to look at the diagram, and we giggle.",
    "I forced him to talk about it.",
    "No one is forcing me.",
    "The law forces me to pay for it myself.",
    "He will not let me carry the shopping.",
    "My mother doesn't let me go without a hug.",
    "He locks up the shop at six and drives me there.",
    "I am afraid he will get tired of waiting.",
    "I'm terrified that it will hurt.",
    "I'm scared it will never change.",
    "I was in danger of giving up.",
    "I feel safe at home and nowhere else.",
    "I don't feel safe in that clinic.",
    "I cannot go on with these exercises.",
    "I can't go on like a nun forever, I joked.",
    "There is no point in hurrying.",
    "There is no reason to live like a patient, she told me.",
    "My life is not over, it is just different.",
    "I hate that my life revolves around this.",
    "I am tired of being brave.",
    "I am sick of being told to relax.",
    "I wish I had been told at twenty.",
    "I wish I could sleep through the exam.",
    "I hope I never see that ceiling again.",
    "I don't want to be here, I said to the receptionist.",
    "Sometimes I want to scream.",
    "I want to end this chapter.",
    "I put an end to it when he laughed.",
    "I ended up killing the evening.",
    "I could murder a cup of tea after the clinic.",
    "We are dying to have children.",
    "Better late than dead, my granny says.",
    "I cut myself a fringe.",
    "I hurt myself by going too fast.",
)


def tier(text: str) -> str:
    return crisis_tier(screen(text))


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.rule, text[finding.start : finding.end]) for finding in screen(text)]


@pytest.mark.parametrize(("wanted", "texts"), [("urgent", URGENT), ("worry", WORRY)])
def test_each_tier_is_right_often_enough(wanted: str, texts: tuple[str, ...]) -> None:
    others = {"urgent": WORRY, "worry": URGENT}[wanted] + NEITHER
    right = [text for text in texts if tier(text) == wanted]
    wrong = [text for text in others if tier(text) == wanted]

    assert len(URGENT) == len(WORRY) == 25
    assert len(right) / (len(right) + len(wrong)) >= 0.95, wrong
    assert len(right) / len(texts) >= 0.9, sorted(set(texts) - set(right))


def test_ordinary_writing_is_hardly_ever_taken_for_a_crisis() -> None:
    assert [text for text in NEITHER if tier(text) == "urgent"] == []
    assert len([text for text in NEITHER if tier(text)]) <= 1


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        # said of now, and said softly
        ("urgent", "I want to die."),
        ("worry", "Sometimes I want to die."),
        ("worry", "When he turns away I want to die."),
        ("worry", "I feel like I want to die."),
        ("urgent", "I feel like killing myself tonight."),
        # of now, and of before
        ("worry", "I wanted to die."),
        ("worry", "I was suicidal."),
        ("worry", "I tried to kill myself when I was nineteen."),
        ("urgent", "I tried to kill myself last night."),
        # denied
        ("", "I am not suicidal."),
        ("", "I don\u2019t want to die."),
        ("", "It is not that I want to die."),
        ("", "I never had any thoughts of suicide."),
        ("", "I stopped cutting myself."),
        ("", "He never hits me."),
        # past, and over
        ("", "I wanted to die back then. Today I am happy that I did not."),
        ("", "I used to want to kill myself, but not any more."),
        ("", "My suicidal thoughts are gone."),
        # a manner of speaking
        ("", "I am dying to know."),
        ("", "This pain is killing me."),
        ("", "I would rather die than go back."),
        ("", "I was so embarrassed I wanted to die."),
        ("", "I want to die laughing."),
        ("", "I could kill him."),
        ("", "I want to take my life back."),
        # asked, or spoken of
        ("", "She asked me if I wanted to kill myself."),
        ("", "If you are thinking of suicide, call somebody."),
        ("", "People who want to die are not weak."),
        ("", "Self-harm or suicidal thoughts"),
        ("worry", "The self-harm came back, and nobody saw my arms."),
        # a no before it that does not belong to it
        ("urgent", "I am not ok I want to kill myself"),
        ("urgent", "I asked for help and nobody came I want to die"),
        ("urgent", "No, I want to die."),
        ("urgent", "I am not only suicidal, I am alone."),
        ("worry", "I can't do this I hope I don't wake up"),
        ("worry", "I could not cope and thought about suicide."),
        ("worry", "I wish I was dead. I can't do this any more."),
        # hurt and forced: now, imagined, before
        ("urgent", "My husband has started hitting me."),
        ("worry", "I am not sure what happens if he hits me."),
        ("worry", "He has hit me twice and says he is sorry."),
        ("", "I was scared that it would hurt me."),
        # somebody else's life
        ("worry", "My wife wants to kill herself."),
        ("urgent", "My wife wants to kill herself, tonight, she says."),
    ],
)
def test_words_around_a_phrase_decide(expected: str, text: str) -> None:
    assert tier(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I WANT TO DIE",
        "i wanna die",
        "Im really just so suicidal",
        "I am honestly ready to die.",
        "I\u2019m going to kill my\u200bself.",
        "\uff29 \uff57\uff41\uff4e\uff54 to die",
        "I can't keep myself safe",
        "I cant keep myself safe",
        "he\u2019s beating me",
    ],
)
def test_spelling_does_not_hide_a_crisis(text: str) -> None:
    assert tier(text) == "urgent"


def test_the_passage_is_marked_where_it_was_typed() -> None:
    text = "All night. I\u2019m really going to\u00a0kill myself, I think of suicide, and he hits me. Good night."

    assert found(text) == [
        ("crisis.urgent", "going to\u00a0kill myself"),
        ("crisis.worry", "think of suicide"),
        ("crisis.urgent", "he hits me"),
    ]


def test_one_passage_is_said_once_and_the_graver_tier_says_it() -> None:
    assert found("I am thinking about killing myself tonight.") == [("crisis.urgent", "thinking about killing myself")]


def test_contact_details_keep_the_passage_they_cover() -> None:
    assert found("I want to die at gmail dot com") == [("contact.email", "die at gmail dot com")]
    assert found("I want to die. Write to quiet.fern@example.org") == [
        ("crisis.urgent", "I want to die"),
        ("contact.email", "quiet.fern@example.org"),
    ]


def test_crisis_tier_names_the_graver_one() -> None:
    urgent, worry = Finding(0, 1, "crisis.urgent", "crisis"), Finding(2, 3, "crisis.worry", "crisis")

    assert crisis_tier([]) == ""
    assert crisis_tier([Finding(0, 1, "contact.phone", "contact")]) == ""
    assert crisis_tier([worry]) == "worry"
    assert crisis_tier([worry, urgent]) == "urgent"


def test_crisis_rules_hold_nothing_against_the_author() -> None:
    for known in (rule("crisis.urgent"), rule("crisis.worry")):
        assert (known.kind, known.house_rule, str(known.replacement)) == ("crisis", "safety", "")
        assert len(known.hits) >= 15
        assert len(known.misses) >= 15
        assert "you can send it as it is" in str(known.sentence)
        assert not any(word in str(known.sentence).lower() for word in ("rule", "must", "not allowed", "remove"))


HOSTILE = (
    "i want to die ",
    "i wish i was dead. ",
    "going to kill myself ",
    "thoughts of suicide, ",
    "he hits me ",
    "i ",
    "he ",
    "not ",
    "not not any more ",
    "i'm ",
    "a'b'",
    " - ",
)


@pytest.mark.alone
@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    screen("warm up, I want to die")
    half, whole = (unit * 25_000)[:25_000], (unit * 50_000)[:50_000]

    time = seconds(whole)

    assert time < max(2.5 * seconds(half), 0.05)
    assert time < 0.2
