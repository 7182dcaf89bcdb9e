"""Spanish of a crisis: its phrases, and the words around one that take it back, soften it or make it urgent."""

import re

from stories.screening import spanish_danger_phrases, spanish_despair_phrases
from stories.screening.phrases import Tongue

# Right before a phrase: "no es que | quiera morirme", "como si | me pega".
FRAMED = re.compile(
    r" (?:no (?:es|era|fue) que|no (?:digo|significa|creo|pienso) que|no porque|como si|nadie|ni|finge que)(?: yo)?$"
)
# "nunca | me pega"
NOT = re.compile(r" (?:no|nunca|jamas|tampoco|ni)(?: (?:mas|yo|me|se|le|lo|te|ya))?$")
# "nunca he tenido | ideas suicidas", "deje de | cortarme", but not "no puedo y | pienso en matarme"
NEW_THOUGHT = r"(?:y|e|pero|porque|que|puedo|duermo|como|estoy|solo|entonces|cuando|aguanto|bien|se|sirve|mas)"
DENIED = re.compile(
    rf" (?:(?:no|nunca|jamas|sin|ni|tampoco|nadie|ningun\w?)(?: (?!{NEW_THOUGHT}\b)\w+){{0,3}}|ya no(?: \w+){{0,2}}"
    r"|(?:deje|dejo|he dejado|dejar|supere|he superado|superar|lejos|libre|en vez|en lugar)(?: de)?(?: \w+)?"
    r"|(?:alguien|gente|personas|mujeres|quien|quienes)(?: (?!(?:yo|me|mi)\b)\w+){0,4})$"
)
# "me pregunto si | queria morirme"
ASKED = re.compile(r" (?:(?:pregunt\w+|saber|averiguar|comprobar)(?: \w+){0,2} si(?: (?!y\b|pero\b)\w+){0,4})$")
SUPPOSED = re.compile(r" (?:si(?: (?:el|ella|un dia))?|(?:sone|sueno|pesadillas?|pelicula|novela)(?: \w+){0,4})$")
SOFTENED = re.compile(
    r" (?:a veces|a menudo|a ratos|siempre que|cada vez que|cuando|hay (?:dias|noches|momentos|veces)"
    r"|(?:algun[oa]s|much[oa]s) (?:dias|noches|mananas|veces)|por las (?:noches|mananas)|casi|parte de mi|si)\b"
)
OFTEN_AFTER = re.compile(r" (?:a veces|a ratos|(?:algunos|muchos) dias|cada vez|cuando)\b")
BEFORE_NOW = re.compile(r" (?:(?:estaba|tenia|fui|estuve)(?: \w+){0,2}$|(?:hace anos|en aquella epoca)\b)")
AT_THIS_HOUR = re.compile(
    r" (?:esta (?:noche|tarde)|ahora mismo|este fin de semana|en este momento|mientras escribo"
    r"|hace (?:una|media|dos) horas?|hace (?:un rato|unos minutos|poco rato))\b"
)
LATELY = re.compile(r" (?:anoche|ayer|hoy|esta (?:manana|semana))\b")
ATTEMPT = re.compile(r" (?:intente|he intentado|trate de|sobredosis|quise)\b")
NOT_MEANT = re.compile(
    r" (?:verguenza|risa|me rei|nos reimos|jaja\w*|broma|bromeo|es un decir|laughing|tragame|sonroj\w+|colorada)\b"
)
FINE = r"(?:bien|mejor|feliz|contenta|agradecida|viva|tranquila|recuperada)"
RESOLVED = re.compile(
    rf"^ (?:[.,] )?(?:pero )?(?:ya no|nunca mas)(?= [.,])| (?:ya )?(?:pasaron|se fueron|(?:quedo|quedaron) atras)\b"
    rf"| pero ya no\b| (?:ahora|hoy) (?:ya )?(?:estoy|soy|me siento) (?:\w+ )?{FINE}\b"
    rf"| (?:estoy|me siento) (?:\w+ )?{FINE} (?:ahora|hoy)\b| me alegro de (?:no|seguir|estar|haber)\b"
)
ALONE = re.compile(r"(?:^|,| y| pero)$")
ONESELF = re.compile(r" (?:yo|me|mi|mis|conmigo|he|tengo|tuve|tenia|pense|pienso|pensaba|sueno|\w+arme|\w+irme)\b")

SPANISH = Tongue(
    phrases=(*spanish_danger_phrases.PHRASES, *spanish_despair_phrases.PHRASES),
    despair=(
        *spanish_despair_phrases.PHRASES,
        *(one for one in spanish_danger_phrases.PHRASES if one.pattern is spanish_danger_phrases.THEY_WOULD_DIE),
    ),
    speakers=(" no ", " ya no ", " mi ", " la vida no ", " vivir ", " sin "),
    framed=FRAMED,
    negated=NOT,
    denied=DENIED,
    asked=ASKED,
    supposed=SUPPOSED,
    softened=SOFTENED,
    often_after=OFTEN_AFTER,
    before_now=BEFORE_NOW,
    at_this_hour=AT_THIS_HOUR,
    lately=LATELY,
    attempt=ATTEMPT,
    not_meant=NOT_MEANT,
    resolved=RESOLVED,
    alone=ALONE,
    oneself=ONESELF,
)
