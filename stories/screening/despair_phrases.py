"""How people say, in English, that they want to die or to hurt themselves, now or once, or see no way on."""

from stories.screening.phrases import ANYBODY, I_SAY, OFTEN, Means, Phrase, one_of

MYSELF = r"(?:kill|hang|shoot|drown|unalive) myself(?! (?:over|for|laughing|in the foot|in work|with work|trying)\b)"
LIFE = (
    r"end (?:my (?:own )?life|it all)(?! (?:as|of|with (?!(?:pills|tablets|an|alcohol)\b))\b)|take my own life"
    r"|take my life(?= [.,])"
)
HIGH = r"(?:off|from) (?:a|the) (?:bridge|roof|building|cliff|balcony)"
PLACE = rf"(?:{HIGH}|in front of (?:a|the) (?:train|bus|car|truck))"
METHOD = rf"jump {PLACE}|commit suicide|die by suicide|slit my wrists|overdose(?! on\b)|do away with myself"
TABLETS = r"(?:sleeping )?(?:pills|tablets)"
ALL_OF_THEM = rf"(?:take|swallow) (?:all (?:of )?|every one of )(?:my|the|these|those) {TABLETS}"
DO_IT = rf"(?:{MYSELF}|{LIFE}|{METHOD}|{ALL_OF_THEM}|kms)"
SUICIDE = r"suicide(?! (?:prevention|rates?|statistics|awareness|hotlines?|helplines?|lines?|squad|watch)\b)"
DOING_IT = (
    r"(?:(?:killing|hanging|shooting|drowning|unaliving) myself|ending (?:my (?:own )?life|it all)"
    rf"|taking my (?:own )?life(?! (?:back|in|into|seriously)\b)|jumping {PLACE}|(?:committing )?{SUICIDE}"
    r"|slitting my wrists|overdosing(?! on\b)|wanting to die|being dead|not existing|not being (?:here|alive))"
)
DIE = (
    r"(?:die|be dead)(?! (?:of|from|laughing|for|old|happy|peacefully|a|an|at|before|down|having|inside|knowing"
    r"|rather|than|trying|with|without|wondering|young)\b)"
)
MORE = r"(?: (?:any ?more|no more|any longer|at all|ever again))?"
LAST = r"(?= (?:[.,]|and|but|or|because|tonight|today|now)(?: |$))"
# what may follow where the living itself is meant: not "no point in living in the same house"
WEARY = r"(?= (?:[.,]|and|but|if|when|like this|with this|any ?more|for me|because|since|now|without)(?: |$))"
LIVING = r"(?:living|being alive|going on living)"
BY_ACCIDENT = (
    r"(?:off|out|some|a|an|free|loose|short|shaving|while|by accident|accidentally|slicing|opening|cooking|badly"
    r"|on (?:a|the|my)|in the|with (?:paper|the (?:kitchen|bread))|chopping|down|in half|open on)"
)
THINK = (
    r"(?:imagin(?:e|ed|ing)|thinks?|thinking|thoughts?|dream(?:s|ed|t|ing)?|fantasi[sz](?:e|ed|ing)|fantas(?:y|ies)"
    r"|consider(?:s|ed|ing)?"
    r"|contemplat(?:e|es|ed|ing)|ideas?|urges?|tempted|close|(?:feels?|felt|feeling) like|edge|verge"
    r"|brink|obsess(?:ed|ing))"
)
WISH_I = r"(?:that )?(?:i|god had) (?:was|were|had|would|could|did|do)? ?"
NOT_HERE = r"(?:dead|died|die|never been born|not wake up|never wake up|not exist|never existed|not (?:be )?alive)"

I_WILL = one_of(
    I_SAY,
    rf"{OFTEN}will {DO_IT}",
    r"am (?:ending my life|ending it all|killing myself) (?:tonight|today|tomorrow|this|right now|soon)",
    r"(?:am|feel|am feeling|am becoming) suicidal(?! or\b)",
    rf"(?:do not|no longer) want to (?:live|be alive|exist|go on living){MORE}{LAST}",
    r"am going to end (?:things|everything|it)(?= [.,]| (?:tonight|today|now|this)\b)",
    rf"am taking (?:all )?(?:the|my) {TABLETS}(?: all)? now",
    rf"have (?:taken|swallowed) (?:too many|a whole (?:bottle|box|pack) of|all (?:of )?(?:my|the)) ?{TABLETS}(?= [.,])",
    r"am holding (?:the|a|my) (?:razor|blade|rope|knife|pills)(?= [.,]| (?:and|in|right|now)\b)",
    r"(?:can not|do not know how to|am not able to) keep myself safe",
    r"am (?:a danger to myself|not safe from myself|afraid of what i (?:will|might|could) do to myself)",
)
I_PLAN = one_of(
    I_SAY,
    r"have (?:got |made )?a plan to (?:die|kill myself|end (?:my life|it all))",
    r"am (?:planning|plotting) (?:my (?:own )?(?:suicide|death)|suicide)",
    rf"have (?:got )?(?:enough |all the |the |all my |my )?{TABLETS} to (?:die|kill myself|end)",
    rf"have (?:got )?(?:the |my |all (?:the |my ))?{TABLETS} (?:counted|lined up|laid out|ready|next to me|in my hand)",
    r"(?:bought|have bought|got) (?:a|the|some) rope(?= [.,])",
    r"have (?:got )?(?:the|a|my) (?:rope|razor|blade|knife) (?:ready|in front of me|in my hand)",
    r"(?:have written|am writing) (?:my|a) (?:suicide|goodbye) (?:notes?|letters?)(?! to (?:my|the) \w*s\b)",
    r"will be dead (?:by|tomorrow|tonight|soon|before|in)",
    r"(?:will|am going to) not (?:be alive|wake up) (?:tomorrow|by|after)",
    r"have (?:taken|swallowed) an overdose",
    r"am (?:standing|sitting) on (?:a|the) (?:bridge|ledge|roof)",
)
TO_DO_IT = one_of(
    ANYBODY,
    rf"(?:want|need|intend|plan|planning|decided|ready|determined|going|prepared|about|wish) to {DO_IT}",
    r"(?:when|by the time) (?:you|anyone|somebody|people) (?:are )?(?:reads?|reading) this ,? ?i will be (?:dead|gone)",
    r"(?:this|tonight) (?:is|might be|may be|will be) my (?:suicide note|last (?:night|day) (?:alive|on earth))",
)
TO_DIE = one_of(ANYBODY, rf"(?P<i>i {OFTEN}(?:do )?)?(?:want|need|am ready|have decided|intend|plan) to {DIE}")

I_TRIED = one_of(
    I_SAY,
    r"(?:nearly|almost) (?:killed myself|ended (?:my life|it all)|took my (?:own )?life|committed suicide)",
    r"(?:have |had )?(?:overdosed|took an overdose|taken an overdose|tried to overdose)",
    rf"(?:did not|no longer) want(?:ed)? to (?:live|be alive|exist|go on living|be here){MORE}{LAST}",
    rf"(?:took|swallowed) (?:too many|a whole (?:bottle|box|pack) of|all (?:of )?(?:my|the)) {TABLETS}(?= [.,])",
    r"wrote (?:my|a) suicide (?:note|letter)",
)
ONCE = one_of(
    ANYBODY,
    rf"(?:wanted|tried|needed|planned|meant|attempts?|attempted|used to want|had a plan|made a plan) to {DO_IT}",
    rf"(?:is|was|would be) to {DO_IT}",
    r"(?:was|were|felt|became|been|got|feeling|grew|turned) suicidal",
    r"(?:made|makes|making|make|drove|drives|left) me (?:feel |feeling )?suicidal",
    r"(?:attempted|tried) suicide",
)
I_WANTED_TO_DIE = one_of(
    I_SAY,
    rf"{OFTEN}(?:(?:have )?wanted|used to want) to {DIE}",
    r"wished (?:that )?i (?:was|were|had been|had) (?:dead|died|never been born)",
)

NAMED = one_of(
    ANYBODY,
    rf"{THINK} (?:(?:about|of|to|with) )?{DOING_IT}",
    r"suicid(?:al|e) (?:thoughts?|thinking|ideation|feelings?|urges?|ideas?|phases?|moods?)",
    r"suicide attempts?",
    r"self ?harm(?:s|ed|ing)?",
)
THOUGHTS = one_of(
    ANYBODY,
    rf"(?:might|may|should) (?:as well )?{DO_IT}",
    r"fantas\w+ (?:about|of) (?:dying|death)",
    r"(?:want|wanted|need) (?:to end (?:it|everything|things)|it all to (?:end|be over))(?= [.,])",
    r"think(?:ing)? (?:about|of) dying (?:all the time|every day|a lot|every night)",
    r"wishing (?:that )?i (?:was|were) dead",
    r"(?:go to sleep|fall asleep|close my eyes) (?:, )?and never (?:wake up|open them)",
    r"(?:part|half) of me wants to (?:die|be dead|disappear forever)",
)
NO_HOPE = one_of(
    ANYBODY,
    r"(?:everyone|everybody|they|the world|my (?:family|kids|children|parents|baby|daughter|son))"
    r" (?:would|will|is|are) (?:all )?(?:be )?better off (?:without me|if i (?:was|were) (?:dead|gone))",
    rf"(?:no|any) (?:point|reason|use|sense) (?:in {LIVING}|to live|to go on living){WEARY}",
    rf"what is the (?:point|use) (?:of|in) (?:{LIVING}|life){WEARY}",
    rf"not see (?:the|any) point (?:of|in) (?:{LIVING}|life)",
    r"(?:nothing|no ?one|nobody) (?:left )?to live for",
    r"life is not worth (?:living|it)",
    r"(?:no|any) reason to (?:keep going|go on|carry on|stay alive)(?= [.,]| any ?more\b)",
    r"(?:nobody|no one) would (?:miss me|notice if i (?:was|were) (?:gone|dead))",
    r"(?:my life is (?:over|pointless|worthless)|life is pointless)(?= [.,])",
)
I_SEE_NO_END = one_of(
    I_SAY,
    rf"can not go on(?: (?:like this|living|with (?:my )?life))?{MORE}(?= [.,]| and\b)",
    r"can not live like this (?:any ?more|any longer)",
    r"am (?:tired|sick|done|exhausted) (?:of |with )?(?:living|being alive|life)(?= [.,]| like this\b)",
    r"(?:feel|am) (?:all )?hopeless(?= (?:[.,]|and|about (?:life|everything|the future)))",
    r"have (?:lost|given up) (?:all|every) hope(?! of\b)",
    r"do not see myself (?:alive|being alive|living|here) (?:next|in|by|at|any)",
    r"can not see (?:a|any) way (?:forward|on|ahead)(?= [.,]| (?:any ?more|for me)\b)",
    r"am (?:just )?a burden (?:to|for|on) (?:everybody|everyone|them|my|him|others|all)",
    r"can not trust myself(?= [.,]| (?:tonight|right now|alone|any ?more)\b)",
    r"have no hope(?: left)?(?= [.,])",
    r"(?:do not|can not) see (?:a|any) future(?: for (?:me|myself))?(?= [.,])",
    r"(?:can )?(?:see no|not see (?:a|any)|do not see (?:a|any)) way out(?= (?:[.,]|and|any ?more|for me)(?: |$))",
)
I_WOULD_RATHER_NOT_BE = one_of(
    I_SAY,
    r"(?:do not|did not|no longer) want(?:ed)? to (?:be here|be around|wake up)"
    r" (?:any ?more|any longer|again|ever again|tomorrow|in the morning)",
    rf"(?:do not|did not) want to wake up{LAST}",
    rf"(?:do not|did not) want to (?:live|exist) like this{MORE}",
    r"(?:hope|hoped|pray|prayed) (?:that )?i (?:do|would|will) not wake up(?: again| tomorrow| in the morning)?",
    r"would rather (?:be dead|not be (?:here|alive)|not exist)(?! than\b)",
    r"(?:am|would be) better off dead",
    r"hate being alive",
    r"would rather be dead than (?:live|go on|be like)",
    r"do not deserve to (?:live|be alive|exist)",
    r"do not (?:want to live|want to be alive) (?:with this (?:body|pain)|in this body)",
    r"do not care (?:if|whether) i (?:live|die|wake up)",
    r"want to disappear (?:forever|for good|from this (?:world|earth))",
    rf"have (?:the|all the|all my) {TABLETS} in front of me",
)
I_WISH_I_WERE_DEAD = one_of(
    I_SAY,
    rf"{OFTEN}wish {WISH_I}{NOT_HERE}(?! (?:of|laughing|my)\b)",
    rf"{OFTEN}want to disappear(?= [.,]| and\b)",
)
HARM = one_of(
    ANYBODY,
    rf"(?:i (?:have |had |used to |would )?{OFTEN}|to )?(?:cut|cutting) myself(?! {BY_ACCIDENT}\b)",
    r"i (?:cut|used to cut|started cutting|keep cutting) my (?:arms?|wrists?|thighs?)(?! (?:on|shaving|while)\b)",
    r"(?:hurt|hurting|harm|harmed|harming|burn|burned|burnt|burning) myself (?:on purpose|deliberately|intentionally)",
    r"(?:want|wanted|need|needed|urge|urges|impulse|desire) to (?:hurt|harm|cut|burn|injure) myself",
    r"i (?:scratch|burn|bite|pick) my (?:skin|arms?|legs|thighs) (?:until|with|to feel|on purpose)",
    r"hit my head (?:against|on) the wall",
    r"going to (?:hurt|harm|cut) myself (?:tonight|right now|again|today)",
    r"(?:thoughts?|think|thinking|urges|feel like|felt like) (?:about |of )?(?:hurting|harming|injuring) myself",
)

PHRASES = (
    *(Phrase(Means.NOW, pattern) for pattern in (I_WILL, I_PLAN, TO_DO_IT)),
    Phrase(Means.NOW, TO_DIE, idiom=True),
    *(Phrase(Means.PAST, pattern) for pattern in (I_TRIED, ONCE)),
    Phrase(Means.PAST, I_WANTED_TO_DIE, idiom=True),
    *(Phrase(Means.THOUGHT, pattern) for pattern in (THOUGHTS, NO_HOPE, I_SEE_NO_END, I_WOULD_RATHER_NOT_BE, HARM)),
    Phrase(Means.THOUGHT, NAMED, named=True),
    Phrase(Means.THOUGHT, I_WISH_I_WERE_DEAD, idiom=True),
)
