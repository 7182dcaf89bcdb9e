"""How people tell others, in English and Spanish, what to do with their body or their medicine."""

import re

from stories.screening.phrases import ANYBODY, ILLNESS, ILLNESS_ES, INITIALS, one_of
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
    r"(?! (?:care\b|(?:\w+ )?time\b|it (?:slow|easy)|(?:\w+ )?breaks?\b|(?:one|a) (?:day|step)|hope|asking|fighting"
    r"|going"
    r"|yourself (?:first|time)|blaming|apologi|not to|to be|your (?:voice|own pace|feelings|time)|when (?:it|you)"
    r"|if (?:it|you)|whenever|hoping|believing|up to|on to|a hand|someone|somebody|what you|what feels|any ?time)\b)"
)
DO = (
    r"(?:insert|push|force|shove|put|use|leave|numb|spray|inject|drink|take|stop|skip|double|increase|ignore|endure"
    r"|bear"
    r"|grit|let him|open up for|do|practi[cs]e|train|stretch|learn|go (?:up|to the next)|start (?:with|taking|using)"
    r"|try|hold|get it over|come off|quit|wear|keep (?:it|the|them|pushing|inserting)|dilate|apply|rub|massage|swallow"
    r"|be (?:dilating|using|doing|taking|stretching|having|practi[cs]ing|pushing|training|wearing)|relax|loosen"
    r"|avoid|want (?:it|him|this)|get it in"
    r"|lose weight|eat|cut out|switch|go (?:straight|off|on|without)|get (?:drunk|used to|over|surgery|botox)|change"
    r"|have (?:sex|intercourse)|leave (?:him|her|your))"
)
DRUGS = (
    r"(?:\w+ )?(?:tablets?|pills?|medication|medicines?|meds|antidepressants?|creams?|gel|treatment|drugs|physio"
    r"|therapy|hormones|contraception)"
)
DIAGNOSIS = rf"(?:{ILLNESS}|{INITIALS}|a (?:phobia|hypertonic|tight) ?\w*)"
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
        r"do not (?:stop|give up|pull (?:out|back)|give in) (?:even|when it|if it|until|though)",
        r"ignore (?:the|your) (?:pain|doctors?|burning|physio)",
        r"leave (?:it|them) in (?:for|over|until|all)(?: \w+)?",
        r"go up (?:a|one) size (?:every|each) \w+",
        r"get (?:drunk|tipsy|high|stoned)(?: \w+)?",
        r"stop (?:seeing|going to|using) (?:\w+ )?(?:doctors?|physios?|therapists?|lube|lubricants?|gel|cream"
        r"|dilators?)",
        r"do not (?:use|take|see|go to|bother with|trust) (?:the|a|any|your|that|those|doctors?|physios?"
        r"|lube)(?: \w+){0,2}",
        r"(?:go|move|switch|jump) (?:straight |right |up |on )*to (?:the (?:next|big\w*|larg\w*)|size)(?: \w+)?",
        r"(?:find|get) (?:yourself )?(?:a|another) (?:new|better|real|different|proper) (?:man|boyfriend|husband"
        r"|partner)",
        r"(?:change|leave|dump) your (?:boyfriend|husband|partner)",
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
        r"your problem is (?!not\b)(?:that )?\w+",
        r"you need (?:medication|surgery|botox|hormones|antidepressants|an operation|a real man|more (?:sex"
        r"|practice|force))",
        r"you do not need (?:a|any|your|the|to see a) (?:doctors?|gp|physio\w*|professional|therap\w+|gynae\w*)",
    ),
    unless=REPORTED,
)

DO_ES = (
    r"(?:meter(?:te|lo)?|introducir(?:lo|te)?|empujar|forzar(?:lo|te)?|usar|ponerte|tomar(?:te|lo)?|beber(?:te)?"
    r"|dejar(?:lo)? (?:de tomar|la|las|el|los)|aguantar(?:te|lo)?|hacer(?:lo|los|las)|hacer (?:ejercicios"
    r"|estiramientos)"
    r"|relajarte y|dejar que (?:entre|te|lo|el)|dilatar(?:te)?|tomar hormonas|adelgazar|evitar|desearlo"
    r"|querer(?:lo)? mas|estirar(?:te)?|comer|acostumbrarte|ceder|operarte|cambiar de|dejarte"
    r"|tener (?:mas )?(?:sexo|relaciones)|practicar|dormir la zona|doblar|subir|aplicarte|inyectarte|ignorar"
    r"|insistir|abrir(?:te)?|seguir aunque|pasar a la)"
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
        r"no necesitas (?:un|una|ningun|ninguna|ir al?|a tu) (?:medic[oa]|fisio\w*|psicolog[oa]|ginecolog[oa]"
        r"|terapeuta)",
        r"(?:ese es tu problema|tu problema es \w+)",
        r"necesitas (?:medicacion|hormonas|antidepresivos|operarte|una operacion|botox|un hombre|mas (?:sexo"
        r"|practica))",
        rf"lo tuyo es (?:\w+ )?(?:psicologico|mental|{ILLNESS_ES})",
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
        r"(?:cambia|cambiad) de (?:novio|marido|pareja|hombre|medic[oa])",
        r"(?:deja|dejad) de (?:ir|usar|quejarte|tomar)(?: \w+){0,2}",
        r"(?:emborrachate|tomate algo|relajate y)(?: \w+)?",
        r"no (?:uses|tomes|vayas) (?:al?|el|la|los|las|con|ningun\w*) \w+",
        r"hazlo (?:todos los dias|cada dia|a diario|\w+ veces al dia)",
        r"no (?:pares|lo dejes|te rindas) (?:aunque|cuando|hasta|si)",
        r"(?:tira|tirad) (?:las pastillas|los dilatadores|la crema)",
        r"(?:ignora|olvida) (?:el dolor|a tu medic[oa])",
    ),
    unless=re.compile(r" (?:dijo|dice|dijeron|decian|me)(?: (?:\w+|,)){0,3}$"),
)

SAYINGS = (YOU_SHOULD, DO_THIS, IN_YOUR_PLACE, YOU_HAVE, YOU_SHOULD_ES, DO_THIS_ES)
