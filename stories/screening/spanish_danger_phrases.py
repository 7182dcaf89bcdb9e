"""How people say, in Spanish, that somebody hurts or forces them now. Spelled without accents, as folded texts are."""

from stories.screening.phrases import ANYBODY, Means, Phrase, one_of

KIN = (
    r"(?:ex )?(?:marido|novi[oa]|pareja|espos[oa]|mujer|ex|padre|madre|papa|mama|herman[oa]|ti[oa]|prim[oa]|hij[oa]"
    r"|padrastro|madrastra|suegr[oa]|cunad[oa])"
)
WHO = rf"(?:el|ella|mi {KIN})"
OFTEN = r"(?:(?:a veces|siempre|todavia|ya|ahora|tambien) )?"
SEX = r"(?:tener (?:sexo|relaciones)|acostarme|hacerlo|abrir las piernas|follar|casarme)"
THOUGH = r"(?:cuando|aunque|mientras|si)"
STOP = r"(?:(?:le )?(?:digo|pido|suplico|ruego|grito)|lloro|llore|duermo|estoy dormida|diga|pida|suplique)"
# "me pega el sol", "la realidad me golpea": no person does it
NO_PERSON = r"(?! (?:el|la|los|las|mucho|bien|mal|un|una|mas|a la cara)\b)"

THEY_HURT_ME = one_of(
    ANYBODY,
    rf"(?<! se )me (?:pega|pegaba hoy|esta pegando|viola|esta violando|maltrata|abofetea){NO_PERSON}",
    rf"{WHO} {OFTEN}me (?:golpea|ahoga|estrangula|da (?:palizas|patadas|punetazos|bofetadas)|hace dano a proposito)",
    r"me (?:da|esta dando) (?:una paliza|palizas|punetazos|bofetadas)",
    r"me (?:pego|golpeo|violo|estrangulo|forzo|dio una paliza) (?:anoche|ayer|hoy|otra vez|esta (?:manana|semana"
    r"|tarde))",
    r"me sujeta (?:y|cuando|mientras|para|hasta)(?= )",
    r"estoy siendo (?:maltratada|violada|golpeada|abusada)",
    r"abusa de mi",
)
THEY_FORCE_ME = one_of(
    ANYBODY,
    rf"me (?:obligan?|esta obligando|estan obligando|fuerzan?|quieren obligar) a (?:\w+ )?{SEX}",
    rf"me (?:fuerza|penetra|la mete|lo hace) (?:{THOUGH} (?:\w+ ){{0,2}}{STOP}|a la fuerza)",
    r"me fuerza(?= [.,]| (?:todas|todos|cada|siempre|por las)\b)",
    r"me (?:quito|ha quitado|han quitado|quitaron) el pasaporte",
    rf"no (?:para|se para|se detiene) {THOUGH} (?:\w+ ){{0,2}}{STOP}",
    rf"sigue {THOUGH} (?:\w+ )?{STOP} (?:que (?:pare|no)|no)",
    r"no me dejan? salir (?:de casa|sola|a la calle|nunca)",
    r"me (?:encierra|tiene encerrada|tienen encerrada)",
)
THEY_THREATEN_ME = one_of(
    ANYBODY,
    r"(?:me )?(?:amenaza|ha amenazado|esta amenazando) con (?:matarme|pegarme|hacerme dano|violarme)",
    r"(?:miedo (?:de |a )?(?:que )?(?:\w+ )?me|temo que me|da miedo que (?:\w+ )?me) (?:mate|pegue|viole"
    r"|mata)(?= [.,]| \w)",
    r"temo por mi vida",
    rf"tengo (?:mucho )?miedo (?:de|a) (?:el|mi {KIN}|volver a casa)(?= [.,])",
    r"dice que me (?:va a matar|mata|matara)(?= [.,]| si\b)",
    r"me va a matar (?:si|como) (?:le |lo |me )?(?:dejo|deje|denuncio|denuncie|voy|vaya)",
    r"no estoy (?:segura|a salvo) (?:en (?:mi )?casa|con el)",
    r"(?:estoy|corro) (?:en )?(?:grave |mucho )?peligro(?! de\b)",
)
THEY_PRESS_ME = one_of(
    ANYBODY,
    rf"me (?:presiona|chantajea|manipula) para (?:que )?(?:{SEX}|lo haga|lo hagamos)",
    r"me ha (?:pegado|violado|forzado|maltratado)",
)
THEIR_OWN = r"(?:matarse|suicidarse|quitarse la vida|morirse|acabar con su vida)"
THEY_WOULD_DIE = one_of(
    ANYBODY,
    rf"(?:amenaza|amenazo|amenazaba|ha amenazado) con {THEIR_OWN}",
    r"(?:dice|dijo|decia|repite) que se (?:mata|va a matar|mataria|matara|suicida|suicidara|quita la vida)",
    rf"{WHO} (?:quiere|queria|intento|ha intentado|piensa|va a) {THEIR_OWN}",
    rf"{WHO} se (?:quiere|queria|va a|intento) (?:matar|suicidar|morir|quitar la vida)",
)

PHRASES = (
    *(Phrase(Means.HURT, pattern) for pattern in (THEY_HURT_ME, THEY_FORCE_ME, THEY_THREATEN_ME)),
    *(Phrase(Means.THOUGHT, pattern) for pattern in (THEY_PRESS_ME, THEY_WOULD_DIE)),
)
