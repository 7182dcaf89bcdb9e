"""The two rules of crisis language. Their sentences are for the author, never against them: nothing is held back."""

from collections.abc import Iterable
from typing import Literal

from django.utils.translation import gettext_lazy as _

from stories.screening.findings import Finding, ScreeningRule

URGENT = ScreeningRule(
    id="crisis.urgent",
    kind="crisis",
    version=1,
    house_rule="safety",
    label=_("May need help now"),
    sentence=_(
        "This sounds as if you, or somebody close to you, may be in danger. You do not have to be alone with it: "
        "people are there for you now. Your story is welcome, and you can send it as it is."
    ),
    replacement="",
    hits=(
        "I want to die.",
        "i just really want to die",
        "I am going to kill myself tonight.",
        "I\u2019m thinking about ending my life right now.",
        "I don't want to live any more.",
        "I am suicidal and nobody knows.",
        "I have a plan to end my life.",
        "I tried to kill myself last night.",
        "By the time you read this, I will be dead.",
        "I cannot keep myself safe.",
        "My husband hits me when I say no.",
        "He rapes me and calls it marriage.",
        "My boyfriend is choking me even though I told him to stop.",
        "He keeps going when I tell him to stop.",
        "My partner forces me to have sex.",
        "My parents are forcing me to marry him.",
        "I am not safe at home.",
        "She threatens to kill me if I leave.",
        "He won't let me leave the house.",
        "I fear for my life.",
        "My wife says she will kill herself tonight.",
    ),
    misses=(
        "I am not suicidal.",
        "I do not want to die, I want it to stop hurting.",
        "It is not that I want to die.",
        "I would rather die than go back.",
        "I am dying to know how it went for you.",
        "This pain is killing me.",
        "My mother is going to kill me when she sees the bill.",
        "They asked me if I wanted to kill myself.",
        "Kill me now, I thought: another leaflet.",
        "It hits me at night how long it has been.",
        "She beats me at cards every Sunday.",
        "He never hits me.",
        "He is scared of hurting me.",
        "He stops when I say stop.",
        "My body forces me to stop.",
        "My husband makes me tea.",
        "He won't let me give up.",
        "I felt in danger of losing him.",
        "I am not in danger.",
        "I want to live.",
    ),
)

WORRY = ScreeningRule(
    id="crisis.worry",
    kind="crisis",
    version=1,
    house_rule="safety",
    label=_("Heavy thoughts"),
    sentence=_(
        "This sounds like a lot to carry. If it is heavy today, there are people you can talk to. "
        "Your story is welcome, and you can send it as it is."
    ),
    replacement="",
    hits=(
        "I wanted to kill myself when I was nineteen.",
        "I have thought about suicide.",
        "Sometimes I want to die.",
        "When he turns away I feel like I want to die.",
        "I had suicidal thoughts for most of that year.",
        "I was suicidal after the second clinic.",
        "I tried to take my own life, years ago.",
        "I wish I was dead.",
        "I wish I had never been born.",
        "I hope I don't wake up.",
        "I don't want to be here any more.",
        "There is no point in living like this.",
        "I have nothing to live for.",
        "I can't go on.",
        "They would all be better off without me.",
        "I feel hopeless.",
        "I started cutting myself after that night.",
        "I self-harm and nobody knows.",
        "I used to hurt myself on purpose.",
        "He says he will kill himself if I leave.",
    ),
    misses=(
        "I have never thought about suicide.",
        "I no longer have suicidal thoughts.",
        "I used to want to die, and now I am glad I am here.",
        "I was so embarrassed that I wanted to die.",
        "I stopped cutting myself years ago.",
        "She asked whether I had thoughts of ending my life.",
        "I cut myself shaving.",
        "I cut myself off from my friends.",
        "I was afraid that I would hurt myself with it.",
        "I want to take my life back.",
        "I wanted to end it with him.",
        "I can't go on holiday without thinking of it.",
        "I don't want to wake up at five for exercises.",
        "I felt hopeless before I had a name for it.",
        "There is a poster of a suicide prevention line on the door.",
        "I lost my brother to suicide.",
        "I am tired of living out of a suitcase.",
        "I see no way out of this waiting list.",
        "I wanted to disappear into the chair.",
    ),
)


def crisis_tier(findings: Iterable[Finding]) -> Literal["", "worry", "urgent"]:
    """Name the graver tier among the findings; empty when none speaks of a crisis."""
    found = {finding.rule for finding in findings}
    if URGENT.id in found:
        return "urgent"
    return "worry" if WORRY.id in found else ""
