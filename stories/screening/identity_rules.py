"""The rules for what could tell who somebody is: people, clinics, places. Each has a word to stand in its place."""

from django.utils.translation import gettext_lazy as _

from stories.screening.findings import ScreeningRule

PERSON = ScreeningRule(
    id="name.person",
    kind="name",
    version=1,
    house_rule="identify",
    label=_("Name of a person"),
    sentence=_(
        "This looks like the name of a person. A name could lead somebody to you, or to them. "
        "A word such as “my doctor” or “my friend” says enough."
    ),
    replacement=_("[name of a person]"),
    hits=(
        "Dr Hazelmere sent me home.",
        "I saw Dr. Alba Hazelmere twice.",
        "my physio Junipera laughed with me",
        "My husband, Oswin, drove.",
        "My name is Marigold.",
        "The midwife was called Tansy.",
        "Mi matrona Celedonia me escuch\u00f3.",
        "La doctora Castaneda no me crey\u00f3.",
        "Me llamo Azucena.",
    ),
    misses=(
        "Doctor Google said so.",
        "My doctor. Then nobody.",
        "My physio on Tuesday, my mother on Wednesday.",
        "My husband Monday to Friday, my cat at the weekend.",
        "The doctor I saw first was kind.",
        "Kegel exercises were not for me.",
        "My partner Spanish, my in-laws Dutch, and no word for it in three languages.",
        "La doctora Google lo sabe todo.",
    ),
)

CLINIC = ScreeningRule(
    id="name.clinic",
    kind="name",
    version=1,
    house_rule="identify",
    label=_("Name of a clinic"),
    sentence=_(
        "This looks like the name of a clinic or a practice. We leave these out, good or bad: "
        "“a clinic” or “a hospital” says enough."
    ),
    replacement=_("[a clinic]"),
    hits=(
        "I went to the Tamarisk Clinic.",
        "St Osyth's Hospital lost my letter.",
        "Ask at Bramblewick Health Centre.",
        "El Hospital San Fresno est\u00e1 lejos.",
        "la cl\u00ednica Tamarindo",
    ),
    misses=(
        "The Pelvic Floor Clinic had a waiting list.",
        "I went to the hospital on Friday.",
        "At the Women's Health Clinic they were kind.",
        "My Hospital bag was packed.",
        "Practice makes it easier.",
        "El Centro de Salud estaba cerrado.",
    ),
)

PLACE = ScreeningRule(
    id="name.place",
    kind="name",
    version=1,
    house_rule="identify",
    label=_("Address"),
    sentence=_("This looks like a street or a postcode. Somebody could find your door. The country is enough."),
    replacement=_("[a place]"),
    hits=(
        "I live at 12 Juniper Lane.",
        "Our postcode is ZZ1 1ZZ.",
        "zip code 00501",
        "Calle de la Encina, 12",
        "Juniperstra\u00dfe 7",
    ),
    misses=(
        "10 years down the road I can laugh.",
        "Size 4 was the one.",
        "Vitamin B12 5MG was on the label.",
        "It was 3 weeks on the way to better.",
        "Vivo en una calle tranquila.",
        "Room 12, second floor.",
    ),
)
