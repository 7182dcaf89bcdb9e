"""How people say, in English, that somebody hurts or forces them now. What is past is not looked for here."""

from stories.screening.phrases import ANYBODY, I_SAY, KIN, OFTEN, THEY_DO, WHO, Means, Phrase, one_of

HITS = r"(?:hits|beats|punches|kicks|slaps|chokes|strangles|rapes|abuses|molests)"
HITTING = r"(?:hitting|beating|punching|kicking|slapping|choking|strangling|raping|abusing|molesting)"
HARM_ME = r"(?:kill|beat|hit|rape|strangle|stab) me"
HURT_ME = rf"(?:hurt me|{HARM_ME})"
FORCES = r"(?:forces|is forcing|keeps forcing)"
SEX = r"(?:have (?:sex|intercourse)|sleep with|let him|marry|get married)"
STOP = r"(?:say (?:no|stop)|said (?:no|stop)|(?:tell|told|ask|asked|beg|begged) (?:him|her) (?:no|stop|not to|to stop))"
THOUGH = r"(?:when|if|though|although|while|after) i"
HELPLESS = r"(?:cry|scream|am crying|am asleep)"
GOES_ON = r"(?:carries on|goes on|pushes on|keeps (?:going|on)|continues|does it(?: anyway)?)"
TO_MARRY = r"(?:to |into )?(?:marry|get married|marrying|a marriage|marriage)"

JUST_NOW = (
    r"(?:last night|yesterday|today|tonight|(?:again )?this (?:morning|week|weekend|afternoon|evening)|an hour ago"
    r"|again(?= [.,]| (?:and|last|yesterday|today|tonight)\b))"
)
DID = r"(?:hit|beat|punched|kicked|slapped|choked|strangled|raped|forced (?:himself|herself) on)"
BLOOD_KIN = r"(?:father|dad|step ?(?:father|dad|brother)|uncle|cousin|brother|grandfather)"

THEY_HURT_ME = one_of(
    THEY_DO,
    # not "hits me up", "beats me at cards", "hits me with a question"
    rf"{OFTEN}{HITS} me(?! (?:up|out|at|to|hard|that|as)\b)(?! with (?!(?:his|her|a|the|things)\b))",
    rf"(?:is|has been|is been|has started|keeps(?: on)?) {HITTING} me(?! (?:up|at|to)\b)",
    rf"{DID} me (?:up )?{JUST_NOW}",
    rf"{OFTEN}beats me up",
    r"(?:holds|pins|is holding|keeps holding) me down(?= [.,]| (?:and|when|while|until|every|if|by)\b)",
    # "he is hurting me" alone is how many here tell about pain
    r"(?:is hurting|hurts) me (?:right now|on purpose|deliberately|every (?:day|night)(?! (?:we|he|she|that)\b))",
)
THEY_FORCE_ME = one_of(
    THEY_DO,
    rf"{OFTEN}(?:{FORCES}|coerces) me (?:to |into )?(?:{SEX}|do (?:it|things)\b)",
    rf"{OFTEN}(?:makes|is making) me {SEX}",
    rf"{OFTEN}{FORCES} me(?= [.,])",
    rf"{OFTEN}{FORCES} (?:himself|herself) (?:on|onto|into) me",
    rf"(?:does|will) not stop {THOUGH} (?:{STOP}|{HELPLESS}|(?:ask|tell|beg) (?:him|her))",
    rf"{GOES_ON} {THOUGH} (?:{STOP}|{HELPLESS})",
    rf"has sex with me {THOUGH} (?:{STOP}|{HELPLESS}|sleep)",
    r"(?:has|is having|keeps having) sex with me against my will",
    r"(?:will|does) not let me (?:leave|out|go)(?! (?:without|of|of my|on|to bed)\b)",
    r"(?:locks me|is locking me|keeps me locked|has locked me) (?:in|up|out)",
)
THEY_THREATEN_ME = one_of(
    THEY_DO,
    rf"(?:threatens|is threatening|keeps threatening|has threatened) to {HURT_ME}",
    # "my mother will kill me if I say so" is seldom meant
    rf"(?:says (?:that )?(?:he|she) )?will {HARM_ME} if i (?:ever )?(?:leave|report|(?:go to|call) the police)",
    r"threatens me(?! with (?:divorce|leaving|a break)\b)",
    rf"(?:says|said|keeps saying) (?:that )?he will {HARM_ME}(?= [.,]| if i do not\b)",
    rf"says (?:that )?(?:he|she) will {HURT_ME} (?:if i (?:ever )?(?:tell|refuse|talk|say no)|one day)",
)
I_AM_HURT = one_of(
    I_SAY,
    r"am being (?:raped|beaten|hit|abused|trafficked|molested|strangled|held (?:here )?against my will)",
    rf"am (?:being )?(?:forced|made) (?:{SEX}|to {SEX}|{TO_MARRY})",
)
I_AM_AFRAID = one_of(
    I_SAY,
    rf"am (?:afraid|scared|terrified|frightened) (?:that )?{WHO} (?:will|is going to|might) {HARM_ME}",
    r"(?:fear|am (?:afraid|scared|terrified)) for my life",
    r"(?:am not|do not feel) safe (?:at home|in my (?:own )?(?:home|house|marriage)|with (?:him|her)(?= [.,]))",
    r"am not safe here",
    rf"am (?:afraid|scared|terrified|frightened) (?:to go home|of (?:him|my {KIN})(?= [.,]))",
    r"am (?:locked (?:in|up)|kept (?:locked|prisoner)|not allowed to leave the house)(?! my (?:own )?(?:body|head"
    r"|mind)\b)",
    r"have (?:nowhere|no place) safe to (?:sleep|go|stay|be)",
    r"am in (?:real |great |serious )?danger(?! of\b)",
)
OTHERS = one_of(
    ANYBODY,
    rf"(?:they|my (?:parents|family|in laws|uncles|brothers)) (?:are )?(?:forcing|making|force|make) me {TO_MARRY}",
    rf"{GOES_ON} {THOUGH} {STOP}",
    r"raped me (?:last night|yesterday|today|tonight|this (?:morning|week|weekend|evening))",
    r"they (?:will|would) kill me if (?:i (?:do not marry|refuse|run)|they find out (?:that )?i am)",
    r"(?:took|taken|hid|hidden|keeps?) my passport",
    rf"my {BLOOD_KIN} (?:comes|sneaks|gets) (?:in)?to my (?:room|bed) at night",
    r"or (?:else )?(?:he|she) (?:will )?(?:hits?|beats?|kills?|rapes?) me",
)
THEY_PRESS_ME = one_of(
    THEY_DO,
    r"has (?:hit|beaten|slapped|punched|kicked|choked|strangled|raped) me(?! (?:at|to|with a question)\b)",
    r"(?:pressures|is pressuring|guilts|pushes|is pushing|guilt trips) me into (?:sex|having sex|it|intercourse)",
)
THEIR_OWN = (
    r"(?:kill (?:himself|herself)|end (?:his|her) (?:own )?life|take (?:his|her) own life|hurt (?:himself|herself)"
    r"|die(?! of\b))"
)
THEY_WOULD_DIE = one_of(
    THEY_DO,
    rf"(?:wants|is going|plans|is planning|is about|tried|wanted|has tried) to {THEIR_OWN}",
    rf"(?:threatens|threatened|is threatening|keeps threatening) to {THEIR_OWN}",
    rf"(?:says|keeps saying|said|tells me|told me) (?:that )?(?:he|she) (?:will|would) {THEIR_OWN}",
    rf"(?:says|keeps saying|said|tells me|told me) (?:that )?(?:he|she) (?:wants to|is going to) {THEIR_OWN}",
    r"is suicidal",
)

PHRASES = (
    *(Phrase(Means.HURT, pattern) for pattern in (THEY_HURT_ME, THEY_FORCE_ME, THEY_THREATEN_ME)),
    *(Phrase(Means.HURT, pattern) for pattern in (I_AM_HURT, I_AM_AFRAID, OTHERS)),
    *(Phrase(Means.THOUGHT, pattern) for pattern in (THEY_PRESS_ME, THEY_WOULD_DIE)),
)
