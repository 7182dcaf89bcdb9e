"""The rules for how a text speaks to others: doses, instructions, promises, offers, and what is meant to arouse."""

from django.utils.translation import gettext_lazy as _

from stories.screening.findings import ScreeningRule

DOSE = ScreeningRule(
    id="instruct.dose",
    kind="instruct",
    version=1,
    house_rule="instruct",
    label=_("A dose told to others"),
    sentence=_(
        "This reads like a dose for somebody else to take. What is right for you could harm another body. "
        "You can say what you took and how it was, and leave the amount out."
    ),
    replacement=_("[a dose]"),
    hits=(
        "Take 20 mg before bed.",
        "You should use 3 ml twice a day.",
        "The best dose is 15 mg.",
        "Take one tablet with breakfast.",
        "Toma 20 mg antes de dormir.",
        "Tienes que tomar media pastilla.",
    ),
    misses=(
        "I took 20 mg before bed.",
        "They gave me 3 ml of it.",
        "My doctor told me to take 15 mg.",
        "The right dose for me was 10 mg.",
        "Take two minutes, breathe.",
        "Me recetaron 20 mg.",
    ),
)

ADVICE = ScreeningRule(
    id="instruct.advice",
    kind="instruct",
    version=1,
    house_rule="instruct",
    label=_("Advice as an instruction"),
    sentence=_(
        "This tells others what to do with their body or their medicine. It may be right for you and wrong for them. "
        "Told as what you did, and how it was, it helps more."
    ),
    replacement="",
    hits=(
        "You should push a bit harder.",
        "You have to insert it every day.",
        "Stop taking your tablets.",
        "If I were you I would skip the physio.",
        "You clearly have endometriosis.",
        "Drink a glass of wine first.",
        "Tienes que empujar m\u00e1s.",
        "Deja las pastillas.",
    ),
    misses=(
        "You should be proud of yourself.",
        "You have to take care of yourself.",
        "Everybody said you should use more force.",
        "She told me to stop taking my tablets.",
        "You do not have to do anything that hurts.",
        "If I were you I would be proud.",
        "I push, I stop, I breathe.",
        "No tienes que hacerlo.",
        "Me dijo que tienes que empujar.",
    ),
)

CURE = ScreeningRule(
    id="promote.cure",
    kind="promote",
    version=1,
    house_rule="promote",
    label=_("Promise of a cure"),
    sentence=_(
        "This reads like the promise of a cure. Bodies differ, and readers for whom it fails may think that it is "
        "their "
        "fault. You can say what it did for you."
    ),
    replacement="",
    hits=(
        "Cured in 5 days.",
        "A 100% success rate.",
        "It is a miracle cure.",
        "Results are guaranteed.",
        "It works for every woman.",
        "Curada en 5 d\u00edas.",
        "Resultados garantizados.",
    ),
    misses=(
        "There is no miracle cure.",
        "I was not cured in a week.",
        "They promised me results guaranteed.",
        "Nobody can say that it works for everyone.",
        "It was gone for two years.",
        "I was 100% sure.",
        "No hay cura milagrosa.",
    ),
)

OFFER = ScreeningRule(
    id="promote.offer",
    kind="promote",
    version=1,
    house_rule="promote",
    label=_("Something for sale"),
    sentence=_(
        "This reads like an offer or an advertisement. We keep prices, codes and services out of stories, "
        "so that readers can trust why one was written."
    ),
    replacement="",
    hits=(
        "Use my code LEAF10.",
        "20% off this week.",
        "Buy my course.",
        "Book a free call with me.",
        "I am a certified coach.",
        "Compra mi curso.",
        "C\u00f3digo de descuento en el perfil.",
    ),
    misses=(
        "I bought a course and a book.",
        "It cost 45 a session.",
        "My insurance gave no discount.",
        "I booked a call with my doctor.",
        "My sessions are on Mondays.",
        "Compr\u00e9 un libro.",
    ),
)

EXPLICIT = ScreeningRule(
    id="explicit.arousing",
    kind="explicit",
    version=1,
    house_rule="explicit",
    label=_("Meant to arouse"),
    sentence=_(
        "This goes further than what happened and how it felt. Every word for the body is fine here. "
        "Detail that is meant to arouse, and asking for it, is not what people come here for."
    ),
    replacement="",
    hits=(
        "I was so horny that night.",
        "Send me pics.",
        "Anyone up for sexting?",
        "She moaned his name.",
        "Your stories make me hard.",
        "Estaba cachonda.",
        "Busco sexo por chat.",
    ),
    misses=(
        "His penis was hard and I was afraid.",
        "I was wet and it still hurt.",
        "I had an orgasm and cried.",
        "Oral sex was fine, penetration was not.",
        "A throbbing pain in my vulva.",
        "I want him to touch my clitoris and nothing else.",
        "Strangers send nudes to women who post here, I was told.",
        "Me corr\u00ed y no me doli\u00f3.",
    ),
)
