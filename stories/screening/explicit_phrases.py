"""What is written to arouse, and requests for it, in English and Spanish. No word for the body is one by itself."""

import re

from stories.screening.phrases import ANYBODY, one_of
from stories.screening.sayings import Saying

# "men who write to | send nudes", "he asked me to | sext"
TOLD_OF = re.compile(
    r" (?:not|never|no|nobody|men|messages?|asked me|asks me|he asked|wanted me|strangers?|told me|said)(?: (?:\w+"
    r"|,)){0,4}$"
)
MEMBER = r"(?:cock|dick|prick|member|shaft|manhood|hard on)"
THEIRS = r"(?:his|your|my|her|a|that|this|their)"

AROUSED = Saying(
    one_of(
        ANYBODY,
        r"(?:dripping|soaking|gushing) wet(?! (?:with sweat|from the rain|hair|towel|clothes)\b)",
        r"horny",
        rf"{THEIRS} (?:throbbing|rock hard|hard|huge|massive|thick|big hard|erect|stiff) {MEMBER}",
        rf"(?:suck(?:ed|ing|s)?|rid(?:e|ing)|rode|jerk(?:ed|ing)?|strok(?:e|ed|ing)) (?:on )?{THEIRS} {MEMBER}",
        r"scream(?:ed|ing|s)? (?:his|her|my|your) name",
        r"(?:pounded|pounds|pounding|railed|drilled) (?:her|me|you)(?! (?:for|with) (?:questions|answers)\b)",
        r"moan(?:ed|ing|s)? (?:his|her|my|your) name",
        r"moan(?:ed|ing|s)? (?:for more|with pleasure|in ecstasy|like a)",
        r"(?:begged|begging|beg) (?:him|her|me|for) (?:to )?(?:fuck|pound|go (?:deeper|harder|faster)|more|take me)",
        r"(?:deeper and harder|harder and deeper|harder and harder|faster and harder|fuck(?:ed|ing|s)? (?:me|her"
        r"|you) (?:hard\w*|senseless|raw))",
        r"thrust(?:s|ed|ing)? (?:\w+ ){0,2}(?:into|inside|in) (?:me|her|you)(?: \w+)? (?:again|hard\w*|deep\w*|over)",
        r"(?:cum|cums|cumming) (?:inside|all over|in|on|hard|for) (?:me|her|you|my|your)",
        r"(?:tight|wet|juicy|sweet) (?:little )?(?:pussy|cunt|slit|hole)",
        r"spread (?:her|my|your) legs (?:\w+ )?(?:and|for) (?:\w+ )?(?:moan\w*|him|me|beg\w*|more)",
    ),
)
REQUESTS = Saying(
    one_of(
        ANYBODY,
        r"(?:sext|sexting|cyber ?sex|phone sex|sex ?chats?|dirty (?:chat|talk) with me|cam with me)",
        r"(?:naughty|dirty|kinky|hot|sexy) (?:chats?|talks?|messages?|stories|pics|pictures|girls|photos)",
        r"send (?:me |us )?(?:your |some )?(?:nudes?|naked|pics?|pictures?|photos?|videos?)",
        r"what are you (?:all )?wearing",
        r"how (?:tight|wet|horny) (?:you are|are you)|tell me (?:more )?about your (?:tight\w*|wet\w*|first time|body)",
        r"(?:be|am) (?:the one|the first|your first|the man) to (?:loosen|open|stretch|break|enter|take"
        r"|have) (?:you|a|her)",
        r"(?:i|let me) (?:would |could |can |want to |love to )*(?:loosen|stretch|open) you(?: up)?",
        r"(?:any|got|post|share|show) (?:\w+ )?(?:pics?|pictures?|photos?|nudes?)(?: (?:of|before|from)\b| [.,])",
        r"(?:feet|nude|naked|panty|underwear) (?:pics?|pictures?|photos?)",
        r"(?:looking|searching) for (?:a |an )?(?:\w+ )?(?:virgins?|tight|submissive|girls? to|women to (?:chat|play))",
        r"(?:tight|shy|virgin|young) (?:girls|virgins|women) (?:who|to|for|here)",
        r"(?:stories|story|posts?|this|reading|you|it) (?:here )?(?:makes?|made|get|gets|got) me (?:hard|wet"
        r"|horny)(?= [.,]| (?:and|when)\b)",
        r"(?:makes?|get|gets) (?:me|him) so (?:hard|wet|horny)",
        r"i (?:get|am|got) turned on (?:by (?:this|these|your|reading)|reading|when i read)",
        r"(?:masturbat\w+|jerk(?:ing)? off|wank(?:ing)?|touch(?:ing)? myself) (?:to|over|reading"
        r"|while reading) (?:these|this|your|stories|it)",
        r"(?:every|all the|more) (?:dirty )?details? of (?:your|the) (?:first time|sex|night)",
        r"describe (?:\w+ ){0,3}(?:how it feels|what it feels like) when (?:he|she|you|someone)",
    ),
    unless=TOLD_OF,
)
AROUSED_ES = Saying(
    one_of(
        ANYBODY,
        r"(?:cachond|calentorr)[oa]s?",
        r"(?:chorreando|empapada) de (?:ganas|deseo|placer)|mojadita",
        r"(?:su|tu|mi|una) (?:enorme |gran |gorda )?(?:polla|verga|pija) (?:dura|enorme|gorda|tiesa|palpitante)",
        r"(?:chup\w+|mam\w+|comer\w*|com\w+) (?:su|tu|la|mi|una) (?:polla|verga|pija)",
        r"(?:gemia|gemi|gimiendo|gime|gritaba) (?:su nombre|de placer|pidiendo mas|como una)",
        r"(?:suplique|suplicaba|pedi|pedia|rogue) (?:\w+ )?que me (?:diera|follara|la metiera) (?:mas|duro|fuerte"
        r"|\w+ fuerte)",
        r"(?:mas fuerte y mas (?:duro|adentro)|follam\w+|folla(?:ba|ndo)?me (?:duro|fuerte))",
        r"(?:cono|conito|culo) (?:estrechito|apretado|mojado|jugoso)",
    ),
)
REQUESTS_ES = Saying(
    one_of(
        ANYBODY,
        r"(?:sexo por (?:chat|telefono|camara|mensaje)|sexting|cibersexo|sexo virtual|hablar (?:guarradas|cerdadas"
        r"|sucio))",
        r"(?:mand\w+|envi\w+|pas\w+) (?:me )?(?:fotos?|videos?|nudes?) (?:de lo |desnud\w+|de tu|de vuestr\w+"
        r"|intim\w+|sex\w+|guarr\w+)",
        r"que (?:llevais|llevas|lleva) puesto",
        r"(?:ser|sere) (?:el|tu) primer[oa]? (?:en|hombre|para) (?:abrir|entrar|desvirgar|estrenar)\w*",
        r"(?:quiero|encantaria|gustaria) (?:abrirte|desvirgarte|estrenarte|abriros)",
        r"(?:lo|como de) (?:apretad|estrech|mojad|cerrad)\w+ (?:que )?(?:eres|estas|sois|estais|esta)",
        r"me excita (?:leer\w*|vuestr\w+|pensar en vosotras|imaginar\w*)",
        r"busco (?:a )?(?:una |chicas? |mujer(?:es)? )?(?:virgen(?:es)?|sumisas?|estrechas?|para sexo)",
        r"(?:me pon(?:e|en|eis)|poneis) (?:\w+ )?(?:cachondo|cachonda|duro|dura|a mil|caliente|palote)",
        r"(?:me masturbo|me toco|me pajeo|hago pajas) (?:leyendo|con (?:esto|vuestras|tus)|pensando en vosotras)",
        r"cont\w+ (?:\w+ ){0,2}(?:mas detalles|todos los detalles|con detalle) (?:de|sobre|intimos|guarros)",
    ),
    unless=re.compile(r" (?:no|nunca|nadie|hombres|mensajes?|pidio|pedia|piden|queria que)(?: (?:\w+|,)){0,4}$"),
)

SAYINGS = (AROUSED, REQUESTS, AROUSED_ES, REQUESTS_ES)
