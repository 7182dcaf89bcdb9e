"""How a cure is promised, in English and Spanish: in days, for everybody, guaranteed, with nothing to do for it."""

import re

from stories.screening.phrases import ANYBODY, ILLNESS, ILLNESS_ES, one_of
from stories.screening.sayings import Saying

# "there is no | miracle cure", "he promised that I would be | cured in three days", "is there a | guaranteed ..."
DOUBTED = re.compile(
    r" (?:no|not|never|nobody|none|without|nor|neither|promised|promise(?= (?:me|us))|claim(?:s|ed|ing)?|swore|said"
    r"|says"
    r"|told|thought|hoped|wanted|want|wish|hope|if|whether|is there|advert\w*|ads?|believe|believed|waiting|looking)"
    r"(?: (?:\w+|,)){0,6}$"
)
DOUBTED_ES = re.compile(
    r" (?:no|nunca|nadie|ninguna?|ni|sin|prometi\w+|prometen|dijo|dijeron|decian|decia|creia|esperaba|queria|quiero"
    r"|ojala"
    r"|si|hay|anuncio\w*|espero|buscaba|busco)(?: (?:\w+|,)){0,6}$"
)
NUMBER = r"(?:\d+|a|an|one|two|three|four|five|six|seven|ten|few|couple of)"
TIME = (
    rf"(?:{NUMBER} (?:short |single |easy )?(?:minutes?|hours?|nights?|days?|weeks?|sessions?|steps?)|no time"
    rf"|overnight)"
)
CURED = r"(?:cured|healed|fixed|pain free|free of (?:it|pain)|back to normal)"
ILL = rf"(?:it|this|the pain|your pain|pain|the problem|the spasms?|{ILLNESS})"
ALL = (
    r"(?:everybody|everyone|every (?:single )?(?:woman|case|body|one|time|girl|couple)|anyone|all (?:women|cases)"
    r"|any woman)"
)

IN_NO_TIME = Saying(
    one_of(
        ANYBODY,
        rf"(?:{CURED}|get rid of {ILL})(?: (?:for good|forever|completely))? (?:in|within) (?:under "
        rf"|less than )?{TIME}",
        rf"(?:cures?|heals?|fix(?:es)?|ends?|stops?) {ILL} (?:for good |forever )?(?:in|within) {TIME}",
        rf"(?:cures?|heals?|fix(?:es)?|ends?|removes?) {ILL} (?:permanently|forever|for good|overnight|instantly)",
        rf"gone (?:forever|for good) (?:in|within|after) {TIME}",
        rf"(?:permanent|instant|complete|fast|quick|rapid) (?:cure|relief|fix|healing) (?:in|within|for) (?:{TIME}"
        rf"|{ALL})",
    ),
    unless=DOUBTED,
)
SURELY = Saying(
    one_of(
        ANYBODY,
        r"100 (?:percent|per cent)?(?: (?:success|cure|effective|guaranteed|safe and effective|result\w*"
        r"|healing)(?: rate)?)",
        r"success rate of 100",
        r"guaranteed (?:to (?:work|help|cure|fix)|results?|cure|success|relief)",
        r"(?:results?|success|cure|healing|relief) (?:is |are )?guaranteed",
        r"(?:cured|healed|it works|pain free) ,? ?guaranteed",
        r"(?:money|your money) back(?: guarantee)?",
        r"(?:miracle|secret|magic|instant|natural) (?:cure|remedy|pill|trick|method)",
        r"(?:the )?(?:\w+ )?(?:secret|trick) that (?:cures?|ends?|heals?|doctors)",
        rf"(?:works|worked|cures|heals|helps) (?:for |every ?time for )?{ALL}",
        r"(?:has )?never (?:fails|failed)(?! me\b)",
        rf"(?:say )?goodbye to (?:\w+ )?(?:pain|fear|{ILLNESS})",
        r"once and for all",
        r"it will (?:fix|cure|heal) you",
        rf"(?:fixed|cured|healed) me (?:overnight|instantly|at once|in {TIME})",
        r"i (?:can )?guarantee (?:it|you|that|this)?",
        r"doctors (?:do not want you to know|hide|will not tell you)",
    ),
    unless=DOUBTED,
)
TIME_ES = (
    r"(?:(?:\d+|una?|dos|tres|cuatro|cinco|siete|diez|pocos|pocas) (?:sola |solo )?(?:minutos?|horas?|noches?|dias?"
    r"|semanas?|sesion(?:es)?|pasos?)|nada)"
)
CURED_ES = (
    r"(?:curad[oa]s?|como nueva|sin dolor|sanad?a|me cure|te curas?|te curaras|se cura|se va|desaparece|se quita)"
)
ILL_ES = rf"(?:(?:el|la|tu) {ILLNESS_ES}|(?:el|tu) (?:dolor|problema)|todo)"
IN_NO_TIME_ES = Saying(
    one_of(
        ANYBODY,
        rf"{CURED_ES}(?: para siempre| del todo| definitivamente)? en (?:una sola |menos de )?{TIME_ES}",
        rf"en (?:una sola |menos de )?{TIME_ES} (?:estas|estaras|estais) (?:curada|como nueva|sin dolor)s?",
        rf"(?:cura|elimina|quita|acaba con) {ILL_ES} (?:definitivamente|para siempre|en {TIME_ES})",
    ),
    unless=DOUBTED_ES,
)
SURELY_ES = Saying(
    one_of(
        ANYBODY,
        r"100 (?:percent |por cien(?:to)? )?(?:de )?(?:exito|eficaz|efectiv[oa]|garantizad[oa]|seguro y eficaz)",
        r"(?:resultados?|exito|curacion|cura) (?:\w+ )?(?:garantizad[oa]s?|segur[oa]s?)",
        r"(?:cura|metodo|remedio|truco|pastilla) (?:milagros[oa]|secret[oa]|definitiv[oa]|infalible)",
        r"(?:te|os) devuelven el dinero|garantia de devolucion",
        r"(?:funciona|sirve|cura) (?:siempre )?(?:y )?(?:a|con|para) (?:todo el mundo|todas(?: las mujeres)?"
        r"|cualquiera)",
        r"los medicos (?:esconden|ocultan|no quieren que sepas)",
        r"nunca (?:falla|ha fallado)|infalible",
        rf"adios (?:al|a la|a tu|para siempre al) (?:dolor|miedo|problema|{ILLNESS_ES})",
        rf"(?:me|te|nos|os) (?:lo )?(?:quito|quita|curo|cura|quitara|curara) (?:en {TIME_ES}|al instante|para siempre)",
        r"te (?:lo )?va a (?:curar|quitar)",
        r"te lo (?:garantizo|aseguro)",
        r"de una vez por todas",
        r"(?:lo|la) cura todo",
        r"(?:curada|dias|semanas?|sesion) , garantizado",
    ),
    unless=DOUBTED_ES,
)

SAYINGS = (IN_NO_TIME, SURELY, IN_NO_TIME_ES, SURELY_ES)
