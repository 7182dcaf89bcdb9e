"""How people say, in Spanish, that they want to die or to hurt themselves, now or once, or see no way on."""

from stories.screening.phrases import ANYBODY, Means, Phrase, one_of

MY_LIFE = r"(?:mi vida|todo)(?= (?:[.,]|y|hoy|esta|ya|porque|asi)(?: |$))"
HIGH = (
    r"(?:por (?:la ventana|el balcon|un puente|la terraza)|desde (?:un|el) (?:puente|balcon)|al (?:tren|metro)"
    r"|a las vias)"
)
DO_IT = (
    rf"(?:matarme(?! (?:a trabajar|a estudiar|de risa)\b)|suicidarme|quitarme la vida|quitarme de en medio"
    rf"|(?:acabar|terminar) con(?:migo| {MY_LIFE})|poner fin a mi vida|ahorcarme|colgarme(?= [.,])|tirarme {HIGH}"
    r"|cortarme las venas)"
)
NOT_OF = r"(?! (?:de|por|del|tranquil[oa]|viej[oa]|sin|antes|joven|con|feliz|sola|en paz)\b)"
DIE = rf"(?:morirme|morir|estar muert[oa]|desaparecer (?:para siempre|del mundo)){NOT_OF}"
LAST = r"(?= (?:[.,]|y|pero|o|porque|esta noche|hoy|ahora|me|si)(?: |$))"
MORE = r"(?: (?:mas|ya|nunca mas))?"
TABLETS = r"(?:pastillas|comprimidos|somniferos)"

I_WILL = one_of(
    ANYBODY,
    rf"(?:quiero|necesito|voy a|pienso|he decidido|deseo|(?:estoy|ya estoy) (?:decidida a|lista para|dispuesta a"
    rf"|preparada para|a punto de)|estoy pensando en|planeo) {DO_IT}",
    r"me (?:voy a|quiero) (?:matar(?! a\b)|suicidar|quitar (?:la vida|de en medio)|tirar (?:por|al|desde)|ahorcar)",
    r"me (?:mato|suicido|quito (?:de en medio|la vida)|cuelgo) (?:hoy|esta noche|manana|ya)",
    rf"(?:ya )?no quiero (?:seguir )?(?:vivir|viviendo|existir|estar viva|seguir viva"
    rf"|seguir en este mundo){MORE}{LAST}",
    r"(?:estoy|me siento|soy) suicida",
    r"me (?:quito de en medio|voy a tomar todas las pastillas)|voy a tomarme todas las pastillas",
    rf"tengo (?:un |el |ya un |hecho un )?plan para (?:{DO_IT}|morir)",
    rf"tengo (?:las |todas las |muchas )?{TABLETS} (?:delante|en la mano|preparad[ao]s|al lado|para (?:morir|matarme))",
    r"(?:me )?he tomado (?:una sobredosis|(?:todas las|demasiadas|muchas) pastillas|todo el bote)",
    r"he escrito (?:la|una|mi) (?:carta|nota) (?:de despedida|de suicidio)",
    r"cuando (?:leais|leas|lean) esto ,? ?(?:ya )?(?:no estare|estare muerta|me habre ido)",
    r"no (?:puedo|se) (?:mantenerme|ponerme) a salvo",
)
I_WILL_DIE = one_of(
    ANYBODY, rf"(?:quiero|necesito|deseo) {DIE}", rf"me (?:quiero|voy a) morir(?= [.,]| (?:y|hoy|esta)\b){NOT_OF}"
)
ONCE = one_of(
    ANYBODY,
    rf"(?:intente|he intentado|habia intentado|trate de|quise|queria|pensaba|iba a|planee) {DO_IT}",
    r"me (?:quise|queria|intente) (?:matar|suicidar|quitar la vida)",
    r"(?:tome|me tome) una sobredosis",
    r"(?:era|estaba|fui) suicida",
)
I_WANTED_TO_DIE = one_of(ANYBODY, rf"(?:quise|queria|deseaba|he querido) {DIE}", rf"me (?:queria|quise) morir{NOT_OF}")
NAMED = one_of(
    ANYBODY,
    rf"(?:pens\w+|piens\w+|fantas\w+|suen\w+|sone|ideas?|ganas|tentada|planes) (?:\w+ )?(?:en|con|de) (?:\w+ )?{DO_IT}",
    r"(?:pens\w+|piens\w+|fantas\w+) (?:\w+ ){0,2}(?:en|con) (?:el |un )?suicidio",
    r"(?:pens\w+|piens\w+|ganas) (?:en|de) (?:morirme|morir|estar muerta)" + NOT_OF,
    r"(?:pensamientos?|ideas?|ideacion|impulsos?) (?:suicidas?|de suicidio|de muerte|de hacerme dano)",
    r"intentos? de suicidio",
    r"(?:me )?autolesi(?:on\w*)",
)
WISHES = one_of(
    ANYBODY,
    r"ojala (?:no (?:hubiera|hubiese) nacido|(?:yo )?(?:estuviera|estuviese) muert[oa]|me (?:muriera|muriese|muera))",
    r"(?:ojala|espero|pido|rezo) (?:por )?(?:que )?no (?:me )?(?:despierte|despertar|despertara|despertase)",
    r"(?:no|ya no) quiero (?:despertar|despertarme)(?: (?:mas|manana|nunca|nunca mas))?(?= [.,]| y\b)",
    r"(?:no|ya no) quiero (?:estar aqui (?:mas|ya|nunca)|(?:seguir|vivir|seguir viviendo) asi)",
    r"(?:estarian?|estaran?|estan) (?:tod[oa]s )?(?:mucho )?mejor(?: tod[oa]s)? sin mi",
    r"(?:estaria|estoy) mejor muerta",
    r"no merezco (?:vivir|estar viva|seguir viva)",
    r"soy una carga para",
    r"me da igual (?:vivir|morir|si me muero|si vivo)",
    r"no quiero vivir con est[ea] (?:cuerpo|dolor)",
    r"(?:quiero|queria|quisiera) (?:desaparecer|que acabe todo|acabar con todo)(?= [.,])",
    r"(?:quiero|quisiera) (?:dormirme|dormir) y no despertar",
    r"preferiria (?:estar muerta|no existir|no estar)",
)
NO_HOPE = one_of(
    ANYBODY,
    r"(?:no|ya no) (?:le |me )?(?:veo|encuentro|tiene) (?:ningun )?sentido (?:a|de|en)? ?(?:la vida|mi vida|vivir"
    r"|seguir viviendo)",
    r"para que (?:seguir (?:viviendo|aqui)|vivir)(?! (?:en|con|juntos)\b)",
    r"(?:mi vida|la vida|vivir) (?:ya )?no tiene (?:ningun )?sentido",
    r"(?:no (?:vale|merece) la pena (?:vivir|seguir viviendo)|(?:mi|la) vida no (?:vale|merece) la pena)",
    r"no tengo (?:nada|nadie|motivos|razones) (?:por|para) (?:lo |los |las )?(?:que |quien )?(?:vivir|seguir viviendo)",
    r"(?:no tengo|sin|perdi las|he perdido las|ya no tengo) ganas de vivir",
    r"no puedo (?:seguir (?:asi|viviendo)|mas con (?:mi|la) vida)(?= [.,]| (?:mas|ni|y)\b)",
    r"(?:estoy )?(?:cansada|harta) de (?:vivir|la vida|estar viva)(?= [.,]| (?:y|asi)\b)",
    r"no (?:le )?(?:veo|hay|tengo) (?:ningun[oa]? )?(?:salida|futuro)(?= [.,])",
    r"he perdido (?:toda )?(?:la|toda) esperanza(?= [.,])",
)
HARM = one_of(
    ANYBODY,
    r"me (?:hago|hacia|hice|he hecho|hare|sigo haciendo) (?:cortes|dano (?:a proposito|adrede|a mi misma))",
    r"me (?:corto|cortaba|corte|he cortado|quemo|quemaba) (?:los (?:brazos|muslos)|las (?:piernas|munecas|venas)"
    r"|para sentir)",
    r"(?:quiero|queria|necesito|ganas de|impulsos? de|pienso en|voy a) (?:cortarme|hacerme dano|lesionarme)"
    r"(?! (?:el|la|las|los|un|al|con)\b)",
    r"cortarme(?= [.,]| (?:hace|desde|cuando)\b)",
)

PHRASES = (
    Phrase(Means.NOW, I_WILL),
    Phrase(Means.NOW, I_WILL_DIE, idiom=True),
    Phrase(Means.PAST, ONCE),
    Phrase(Means.PAST, I_WANTED_TO_DIE, idiom=True),
    *(Phrase(Means.THOUGHT, pattern) for pattern in (WISHES, NO_HOPE, HARM)),
    Phrase(Means.THOUGHT, NAMED, named=True),
)
