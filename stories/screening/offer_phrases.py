"""How something is offered for sale, in English and Spanish: codes, prices, courses, calls, one's own services."""

import re

from stories.screening.phrases import ANYBODY, one_of
from stories.screening.sayings import Saying

WARE = (
    r"(?:courses?|class(?:es)?|programmes?|programs?|webinars?|workshops?|e ?books?|books?|guides?|coaching|sessions?"
    r"|masterclass(?:es)?|membership|app|kits?|sets?|shop|store|newsletter|retreats?|clinics?|podcast|training)"
)
# "I never | bought my course", "do not | use my code"
UNSOLD = re.compile(
    r" (?:no|not|never|nobody|without|said|says|told|wrote|kept saying|sells?|selling|who|if|stop)(?: (?:\w+|,)){0,3}$"
)
CODES = Saying(
    one_of(
        ANYBODY,
        r"(?:use|enter|with|get|have|take) (?:my|our|the|this|a) (?:\w+ )?codes?(?: \w*\d\w*)?",
        r"(?:discount|promo|promotion|coupon|voucher|referral|affiliate) (?:codes?|links?)",
        r"\d+ percent (?:off|discount)",
        r"(?:use|through|via|click|follow) (?:my|our) (?:affiliate |referral )?link",
        r"link in (?:my|the|our) (?:bio|profile)",
        r"(?:small |a )commission",
    ),
    unless=UNSOLD,
)
ORDERS = Saying(
    one_of(
        ANYBODY,
        rf"(?:buy|order|get|try|download|purchase|check out|join|book|take) (?:my|our) (?:(?:new|own|online"
        rf"|free) )*{WARE}",
        rf"(?:sign up|register|enrol+|apply|join) (?:for |to |in )?(?:my|our) (?:(?:new|own|online|free) )*{WARE}",
        r"book (?:a|your) (?:free |first |discovery |intro )*(?:calls?|consultations?|sessions?"
        r"|appointments?) (?:with (?:me|us)|today|now)",
        r"(?:order|buy|book|shop|sign up|subscribe|enrol|click) (?:here|now|today)\b(?! and then i\b)",
        r"(?:limited|special|exclusive|introductory) (?:time )?offer",
        r"(?:spaces|places|spots|seats) are (?:limited|going fast|filling up)",
        r"for the price of (?:one|two|a)",
        r"(?:second|next) one half price",
        r"(?:price|offer|sale) (?:ends|goes up|rises)|early bird|last (?:spaces|places|spots|seats)|at checkout",
        r"i sell \w+",
        r"half price|price list|prices (?:start|from|on request)",
        r"first (?:visit|session|lesson|class|consultation|month|week|call) (?:is )?(?:free|half price|on me|on us)",
        r"i (?:run|own|have) (?:a|my own) (?:\w+ )?(?:clinic|practice|studio|shop|online course)(?! (?:bag|card)\b)",
        r"(?:dm|pm|message|text|write|contact) me (?:,? ?and )?i will (?:send|give|make) you",
        r"(?:in|on|from) my (?:shop|store|website|web ?shop)",
        r"free (?:trial|shipping|delivery|discovery call)",
        rf"my (?:new |own |online )*{WARE} (?:explains|teaches|shows|covers|will help|helps|is (?:out|available"
        rf"|for sale|on))",
    ),
    unless=UNSOLD,
)
SERVICES = Saying(
    one_of(
        ANYBODY,
        r"i (?:\w+ )?(?:offer|sell|run|provide) (?:\w+ )?(?:(?:online|private|coaching|paid) ?)+(?: ?(?:sessions?"
        r"|calls?|courses?))?",
        r"i am (?:a|an|your) (?:\w+ ){0,2}coach",
        r"(?:my|our) (?:clients|customers|patients) (?:\w+ )?(?:say|get|see|are|love|report|have)",
        r"(?:dm|pm|message|text|write|contact) me for (?:\w+ )?(?:prices?|details|a quote|rates|an appointment)",
    ),
    unless=UNSOLD,
)
WARE_ES = (
    r"(?:cursos?|clases?|programa|taller(?:es)?|libro|ebook|guia|sesion(?:es)?|tienda|app|metodo|podcast|formacion)"
)
UNSOLD_ES = re.compile(r" (?:no|nunca|nadie|sin|dijo|dice|decia|vende|si|quien)(?: (?:\w+|,)){0,3}$")
OFFERS_ES = Saying(
    one_of(
        ANYBODY,
        r"(?:usa|usad|con|tengo|pon|introduce) (?:mi|nuestro|el|un|este) codigo(?: \w*\d\w*)?",
        r"codigos? (?:de descuento|promocional|descuento)",
        r"\d+ percent (?:de )?descuento",
        rf"(?:compra|comprad|pide|descarga|prueba) (?:mi|nuestro|nuestra) (?:nuevo |nueva )?{WARE_ES}",
        rf"(?:apuntate|apuntaos|inscribete|suscribete|unete) (?:a|en) (?:mi|nuestro|nuestra) (?:\w+ )?{WARE_ES}",
        r"reserva(?:d)? (?:una|tu|vuestra) (?:\w+ )?(?:llamada|consulta|sesion|cita)(?: \w+)? (?:conmigo|ya|hoy"
        r"|aqui|ahora)",
        r"(?:compra|reserva|pide|apuntate) (?:ya|ahora|aqui|hoy)",
        r"(?:oferta|promocion) (?:limitada|especial|exclusiva)",
        r"al precio de (?:uno|una|dos)",
        r"(?:plazas|sitios) limitad[oa]s",
        r"en mi (?:web|tienda|pagina) (?:tene\w+|tienes|encontr\w+|hay|vendo)",
        r"(?:curso|libro|programa|taller) rebajad[oa]|rebajad[oa]s? (?:esta semana|hoy)|mitad de precio"
        r"|lista de precios",
        r"ultimas plazas|el precio sube|con (?:un )?descuento (?:para|de)|vendo (?:el|la|los|las|mi|mis|un)",
        r"con mi (?:enlace|link)",
        r"primera (?:sesion|clase|consulta|visita) (?:es )?(?:gratis|gratuita)",
        rf"mi {WARE_ES} (?:lo )?(?:explica|ensena|cuenta|esta a la venta|te ayuda)",
        r"soy (?:\w+ )?coach",
        r"ofrezco (?:\w+ )?(?:sesiones|clases|consultas|terapia|masajes)",
        r"(?:preguntame|escribeme|consultame) (?:el|los|por el|para) precios?",
        r"enlace en (?:mi|la) (?:bio|perfil)",
    ),
    unless=UNSOLD_ES,
)

SAYINGS = (CODES, ORDERS, SERVICES, OFFERS_ES)
