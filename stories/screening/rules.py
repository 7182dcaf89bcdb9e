"""The rules of screening: what a finding is called, what its author reads, which house rule it touches."""

from django.utils.translation import gettext_lazy as _

from stories.screening.conduct_rules import ADVICE, CURE, DOSE, EXPLICIT, OFFER
from stories.screening.crisis_rules import URGENT, WORRY
from stories.screening.findings import ScreeningRule
from stories.screening.identity_rules import CLINIC, PERSON, PLACE

EMAIL = ScreeningRule(
    id="contact.email",
    kind="contact",
    version=1,
    house_rule="contact",
    label=_("E-mail address"),
    sentence=_("This looks like an e-mail address. People who know you could recognise it."),
    replacement=_("[contact details]"),
    hits=(
        "Write to quiet.fern@example.org if you like.",
        "I am quietfern at gmail dot com most days.",
        "quietfern (at) example [dot] org",
        "quietfern AT proton DOT me",
        "It is quietfern@gmail, you know the rest.",
        "quiet fern is at quietfern @ example . org",
    ),
    misses=(
        "We met @ 5pm and talked until ten.",
        "I looked at it, dot by dot, and comets came to mind.",
        "I cried at home.Then I slept.",
        "She was at school at the time.",
    ),
)

MESSENGER = ScreeningRule(
    id="contact.messenger",
    kind="contact",
    version=1,
    house_rule="contact",
    label=_("Link to a profile or a chat"),
    sentence=_("This looks like a link to a profile or a chat. People could find out who you are."),
    replacement=_("[link]"),
    hits=(
        "Come to wa.me/447700900123 and say hello.",
        "t.me/quietfern is where we talk",
        "https://discord.gg/abc123",
        "www.instagram.com/quiet.fern",
    ),
    misses=("I asked me/myself again.", "It was either him/me.", "The pain.It came back."),
)

LINK = ScreeningRule(
    id="link.address",
    kind="link",
    version=1,
    house_rule="contact",
    label=_("Link"),
    sentence=_("This looks like a link. We leave links out of stories, so that nobody is led away by one."),
    replacement=_("[link]"),
    hits=(
        "I found https://example.org/page useful.",
        "Have a look at quiet-ferns.example.com, it is mine.",
        "www.example.de",
        "example dot com has a shop",
        "hxxp://example.net/x",
        "see example[.]org",
    ),
    misses=(
        "It hurt.So I stopped.",
        "it hurt so much.it always did.",
        "Things got better, e.g. at night, i.e. when I slept.",
        "At 5.pm or 8.am I took half a tablet, 2.5 mg.",
        "Thank you so much.xxx",
        "One step forward...two back.",
    ),
)

HANDLE = ScreeningRule(
    id="contact.handle",
    kind="contact",
    version=1,
    house_rule="contact",
    label=_("Account name"),
    sentence=_("This looks like the name of an account elsewhere. People could find out who you are."),
    replacement=_("[name of an account]"),
    hits=(
        "I am @quiet_fern if you want to talk.",
        "insta: quietfern",
        "My IG is quiet.fern88",
        "snap = quietfern",
        "You can add me on telegram: quietfern if you want.",
        "find me on discord as quietfern",
    ),
    misses=(
        "We met @ 5pm.",
        "I was @home all week.",
        "Instagram is full of perfect couples.",
        "I deleted insta: it made me sad.",
        "My doctor said: relax.",
        "It went ping like a snap, and it was gone.",
    ),
)

PHONE = ScreeningRule(
    id="contact.phone",
    kind="contact",
    version=1,
    house_rule="contact",
    label=_("Telephone number"),
    sentence=_("This looks like a phone number. People who know you could recognise it."),
    replacement=_("[contact details]"),
    hits=(
        "Ring me on 07700 900123 in the evening.",
        "+44 7700 900123",
        "+1 (415) 555-2671",
        "415-555-2671 is mine",
        "My number: 030/12345678.",
        "06 12 34 56 78",
        "612 345 678",
        "0 7 7 0 0 9 0 0 1 2 3",
        "oh seven seven double oh nine hundred, no: oh seven seven zero zero nine zero zero one two three",
    ),
    misses=(
        "It took 3-5 years.",
        "The pain was 10/10, then 8/10, 7/10 and 6/10.",
        "My first visit was on 12.05.2023 and the last on 2024-03-15.",
        "From 2019-2021 I was on a waiting list.",
        "2019 2020 2021 2022 were hard.",
        "It cost 1,200 and later 20 000 in all.",
        "I took 400 mg, 200 mg and 10 mg at 10:30, 14:30 and 22:00.",
        "Sizes 1, 2, 3, 4, 5, 6 and 7.",
        "0 1 2 3 4 5 6 7 8 9 10, that is how they ask about pain.",
        "0.5 1.0 1.5 2.0 2.5",
        "One two three, one two three, we danced.",
    ),
)

# In this order: where two rules see the same passage, the earlier one says what it is.
CONTACT = (EMAIL, MESSENGER, LINK, HANDLE, PHONE)
RULES = (*CONTACT, URGENT, WORRY, PERSON, CLINIC, PLACE, DOSE, ADVICE, CURE, OFFER, EXPLICIT)


def rule(rule_id: str) -> ScreeningRule:
    """Find a rule by the id a finding carries; KeyError when there is none."""
    return {known.id: known for known in RULES}[rule_id]
