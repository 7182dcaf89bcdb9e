"""How people tell others, in English and Spanish, what to do with their body or their medicine."""

import re

from stories.screening.phrases import ANYBODY, one_of
from stories.screening.sayings import Saying

# "everybody said | you should relax", "if | you have to insert it", "nobody says that | you must"
REPORTED = re.compile(
    r" (?:said|says|saying|say|told|tells|heard|read|wrote|leaflets?|everybody|everyone|people|they|she|he|doctors?|if"
    r"|how|when|where|whether|nobody|no one|as though|because|ask|asked|not|never|believed?)(?: (?:\w+|,)){0,4}$"
)
REPORTED_ES = re.compile(
    r" (?:no|nunca|nadie|dijo|dice|dicen|dijeron|decian|decia|contaron|repetia|si|cuando|como|donde|medic[oa]|doctora?"
    r"|ellos|ellas|creia|pensaba|ni)(?: (?:\w+|,)){0,4}$"
)
# What may be said to anybody: "you should take care of yourself", "you need to hold on to hope".
KIND = (
    r"(?! (?:care\b|(?:\w+ )?time\b|it (?:slow|easy)|(?:\w+ )?breaks?\b|(?:one|a) (?:day|step)|hope|asking|fighting|going"
    r"|yourself (?:first|time)|blaming|apologi|not to|to be|your (?:voice|own pace|feelings|time)|when (?:it|you)"
    r"|if (?:it|you)|whenever|hoping|believing|up to|on to|a hand|someone|somebody|what you|what feels|any ?time)\b)"
)
DO = (
    r"(?:insert|push|force|shove|put|use|leave|numb|spray|inject|drink|take|stop|skip|double|increase|ignore|endure|bear"
    r"|grit|let him|open up for|do|practi[cs]e|train|stretch|learn|go (?:up|to the next)|start (?:with|taking|using)"
    r"|try|hold|get it over|come off|quit|wear|keep (?:it|the|them|pushing|inserting))"
)
DRUGS = (
    r"(?:\w+ )?(?:tablets?|pills?|medication|medicines?|meds|antidepressants?|creams?|gel|treatment|drugs|physio"
    r"|therapy|hormones|contraception)"
)
DIAGNOSIS = r"(?:vaginismus|vulvodynia|vestibulodynia|endometriosis|gpppd|ptsd|a (?:phobia|hypertonic|tight) ?\w*)"
YOU = r"you (?:should|must|need to|have to|ought to|had better|have got to|better)"

YOU_SHOULD = Saying(one_of(ANYBODY, rf"{YOU} (?:always )?{DO}{KIND}(?: \w+){{0,3}}"), unless=REPORTED)
DO_THIS = Saying(
    one_of(
        r"(?:(?<=[.,] )|(?<= and )|(?<= please )|(?<= then ))",
        rf"(?:stop|quit|come off|throw away|skip|get off) (?:taking |using )?(?:your|the|those|all|these) {DRUGS}",
        r"(?:force|push|shove|jam) (?:it|them|him|yourself|through|past)(?: \w+)?",
        r"(?:drink|have) (?:\w+ ){0,2}(?:(?:glass|glasses|bottle|shots?|bit) of \w+|wine|alcohol|vodka)",
        r"never (?:use|take|let|rest|insert)(?: \w+){1,2}",
        r"(?:insert|numb) (?:it|the|them|your|yourself)(?: \w+)?",
        r"double (?:the|your) dose",
        r"(?:do not|never) tell your (?:doctor|gp|physio|partner|husband|midwife|nurse)",
        r"do (?:it|this|that|them|these) (?:every day|daily|\w+ times? (?:a|per) (?:day|week))",
        r"ignore (?:the|your) (?:pain|doctors?|burning|physio)",
        r"leave (?:it|them) in (?:for|over|until|all)(?: \w+)?",
        r"go up (?:a|one) size (?:every|each) \w+",
        r"get (?:drunk|tipsy|high) (?:first|before)",
    ),
    unless=re.compile(r" (?:said|says|told|tells|i|we|she|he|they|to)(?: (?:\w+|,)){0,3}$"),
)
IN_YOUR_PLACE = Saying(
    one_of(ANYBODY, r"(?:if i (?:was|were) you|in your place) ,? ?i would (?:not )?(?!be\b)\w+(?: \w+)?"),
)
YOU_HAVE = Saying(
    one_of(
        ANYBODY,
        rf"you (?:clearly |obviously |certainly |probably |must |surely )?have (?:\w+ )?{DIAGNOSIS}",
        rf"what you have is (?:\w+ )?{DIAGNOSIS}",
        r"you do not need (?:a|any|your|the|to see a) (?:doctors?|gp|physio\w*|professional|therap\w+|gynae\w*)",
    ),
    unless=REPORTED,
)

DO_ES = (
    r"(?:meter(?:te|lo)?|introducir(?:lo|te)?|empujar|forzar(?:lo|te)?|usar|ponerte|tomar(?:te|lo)?|beber(?:te)?"
    r"|dejar(?:lo)? (?:de tomar|la|las|el|los)|aguantar(?:te|lo)?|hacer(?:lo|los|las)|hacer (?:ejercicios|estiramientos)"
    r"|practicar|dormir la zona|doblar|subir|aplicarte|inyectarte|ignorar|insistir|abrir(?:te)?|seguir aunque|pasar a la)"
)
PILLS_ES = (
    r"(?:la (?:pildora|medicacion)|las pastillas|los antidepresivos|el tratamiento|las hormonas|la fisio|la terapia)"
)
YOU_SHOULD_ES = Saying(
    one_of(
        ANYBODY,
        rf"(?:tienes que|teneis que|debes(?: de)?|debeis|deberias|deberiais|necesitas|hay que) {DO_ES}(?: \w+){{0,3}}",
        r"si (?:yo )?(?:fuera|fuese) (?:tu|vosotras) ,? ?(?:yo )?(?:no )?\w+(?: \w+){0,2}",
        r"yo que tu ,? ?\w+(?: \w+){0,2}",
        r"no necesitas (?:un|una|ningun|ninguna|ir al?|a tu) (?:medic[oa]|fisio\w*|psicolog[oa]|ginecolog[oa]|terapeuta)",
        r"lo tuyo es (?:\w+ )?(?:vaginismo|vulvodinia|vestibulodinia|endometriosis|psicologico|mental)",
    ),
    unless=REPORTED_ES,
)
DO_THIS_ES = Saying(
    one_of(
        r"(?:(?<=[.,] )|(?<= y )|(?<= luego ))",
        rf"(?:deja|dejad|abandona) (?:de tomar )?{PILLS_ES}",
        r"(?:bebe|bebete|bebed|tomate) (?:\w+ ){0,2}(?:copas?|vasos?|cervezas?|botella|chupitos?)(?: de \w+)?",
        r"(?:fuerzalo|fuerzate|empuja|empujad|aguanta|aguantate|metelo|metetelo)(?! y no\b)(?: \w+)?",
        r"no se lo (?:digas|cuentes) a tu (?:medic[oa]|pareja|fisio|marido)",
        r"(?:dobla|duplica) la dosis",
        r"hazlo (?:todos los dias|cada dia|a diario|\w+ veces al dia)",
        r"(?:ignora|olvida) (?:el dolor|a tu medic[oa])",
    ),
    unless=re.compile(r" (?:dijo|dice|dijeron|decian|me)(?: (?:\w+|,)){0,3}$"),
)

SAYINGS = (YOU_SHOULD, DO_THIS, IN_YOUR_PLACE, YOU_HAVE, YOU_SHOULD_ES, DO_THIS_ES)
