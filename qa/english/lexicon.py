"""The closed classes of English that a follow-up question is read by, and how words inflect."""

from __future__ import annotations

WH = frozenset("who whom whose what which when where why how".split())
BE = frozenset("is are was were isn't aren't wasn't weren't 's".split())
HAVE = frozenset("has have had hasn't haven't hadn't".split())
DO = frozenset("do does did don't doesn't didn't".split())
MODALS = frozenset(
    "can could will would shall should may might must can't couldn't won't wouldn't shouldn't"
    " cannot".split()
)
AUXILIARIES = BE | HAVE | DO | MODALS
DETERMINERS = frozenset(
    "the a an any some no each every all both this that these those my your our his her its their"
    " another such".split()
)
DEMONSTRATIVES = frozenset("this that these those".split())
INDEFINITE = frozenset("a an any some no each every another".split())
PREPOSITIONS = frozenset(
    "about above across after against along among around as at before behind below between beyond"
    " by despite during for from in inside into like near of off on onto out outside over per"
    " since than through throughout till to toward towards under until up upon via with within"
    " without".split()
)
LINKS = frozenset(
    "and or but nor so if whether because while although though unless then not , ; : ( )".split()
)
PRONOUNS = frozenset(
    "i me you he him she we us it they them there here himself herself itself themselves someone"
    " anyone everyone something anything everything nothing one ones mine yours hers theirs".split()
)
POINTING = frozenset("it its he him his she her hers they them their theirs there".split())
ADVERBS = frozenset(
    "again ago already also always else enough ever exactly first finally instead just later most"
    " more much never now often once only really still today together tomorrow too usually very"
    " well yesterday yet be been being".split()
)
TIMES = frozenset(
    "year years month months week weeks day days time times century decade hour hours minute"
    " minutes morning evening night today season january february march april may june july august"
    " september october november december monday tuesday wednesday thursday friday saturday sunday"
    " spring summer autumn winter".split()
)
# Words for a side of some thing: "the cost?" asks for the cost of what was spoken of.
ATTRIBUTES = frozenset(
    "address age aim area author benefit budget capacity cause colour color condition consequence"
    " cost date deadline definition depth diameter difference disadvantage dosage dose duration"
    " effect fee frequency function goal height history importance length level limit location"
    " meaning mechanism name number objective origin outcome penalty period population price"
    " purpose rate reason requirement result risk score side-effect size speed status structure"
    " symptom temperature title total treatment value version volume weight width".split()
)
PERSONS = frozenset(
    "actor adult artist attorney author boss boy candidate captain chairman chairwoman chancellor"
    " child citizen client coach composer customer daughter defendant director doctor driver"
    " emperor employee employer engineer expert father founder friend girl goalkeeper governor"
    " head husband inventor journalist judge keeper king landlord lawyer leader man manager mayor"
    " minister mother nurse officer owner painter patient person philosopher physician player"
    " poet politician pope president prince princess prisoner professor prosecutor queen refugee"
    " researcher scientist secretary senator singer soldier son spokesman spokesperson spokeswoman"
    " student suspect teacher tenant user victim wife winner witness woman worker writer"
    " people men women children brother sister cousin aunt uncle nephew niece parent grandfather"
    " grandmother colleague partner successor predecessor deputy".split()
)
GROUPS = frozenset(
    "agency alliance army association authority bank board cabinet club commission committee"
    " company council country court department family firm government group jury majority ministry"
    " minority opposition organisation organization parliament party police senate state team"
    " tribunal union university".split()
)
REGIONS = frozenset(
    "area capital city continent country county district island province region state town"
    " village world".split()
)
PLURALS = frozenset("people children men women police mice teeth feet data media criteria".split())
SPEECH = frozenset("say think mean argue claim write respond answer comment want believe".split())
# Forms of verbs by which texts say who says something.
SAYING = frozenset(
    "say says said saying tell tells told add adds added adding argue argues argued claim claims"
    " claimed insist insists insisted warn warns warned note notes noted believe believes believed"
    " think thinks thought explain explains explained conclude concludes concluded contend contends"
    " contended write writes wrote written comment comments commented reply replies replied respond"
    " responds responded report reports reported announce announces announced confirm confirms"
    " confirmed stress stresses stressed emphasise emphasises emphasised emphasize emphasizes"
    " emphasized suggest suggests suggested acknowledge acknowledges acknowledged admit admits"
    " admitted state states stated declare declares declared deny denies denied ask asks asked"
    " answer answers answered observe observes observed remark remarks remarked recall recalls"
    " recalled call calls called describe describes described complain complains complained"
    " hope hopes hoped felt feels agree agrees agreed promise promises promised maintain maintains"
    " maintained assert asserts asserted point points pointed advise advises advised caution"
    " cautions cautioned continued continues joked recommended recommends requested requests"
    " proposed thanked mentioned predicts predicted quips quipped tweeted testified vowed".split()
)
SPEAKING_PRONOUNS = frozenset("he she they".split())
# Words that name an office before or behind a name, beside those for persons and groups.
ROLES = frozenset(
    "spokesperson spokesman spokeswoman co-president vice-president president vice-chair chair"
    " chairperson co-leader co-chair deputy chief executive general ceo mp critic analyst activist"
    " councillor clerk commissioner ambassador organiser organizer coordinator campaigner"
    " treasurer trustee editor reporter journalist economist former acting".split()
)
TITLES = frozenset("mr mrs ms miss dr prof sir dame lord lady hon cllr councillor rev".split())
CHAT = frozenset(
    "thanks thank ok okay hello hi hey bye goodbye great good nice cool perfect sure yes no please"
    " sorry right wow fine welcome test lol yeah yep nope help".split()
)
# Words that open a question in another language than English.
OTHER_LANGUAGES = frozenset(
    "und oder aber wer wen wem wessen wann warum wie wo woher wohin welche welcher welches ist sind"
    " hat et ou mais qui que quoi quand pourquoi comment où quel quelle quels quelles est y o pero"
    " quién quien qué cuándo cuando dónde donde cómo como cuál cual por e chi che cosa perché dove"
    " quanto og eller men hvad hvem hvornår hvor hvorfor hvordan hvilke hvilken och vad vem när var"
    " varför hur en wat wie waarom wanneer hoe waar".split()
)

# Verbs that are seldom nouns, and verbs that often are: the first tell where a subject ends.
VERBS = frozenset(
    """
    accept achieve acquire add adopt affect agree allow announce appeal appear apply appoint argue
    arrive ask attend avoid become begin believe belong break bring build buy cancel carry cause
    choose close coach collect come compete complete comply configure connect consider consist
    contain continue contribute convert create criticise criticize deal decide declare defeat defend
    define deliver deny depend describe design destroy detect determine develop die differ discover
    discuss employ enable end ensure enter establish exist expand expect expire explain explore
    express fail fall fight find follow forbid form found get give go govern grow handle happen have
    hear help hire hold identify impose improve include increase inspire install invade invent
    invest involve join keep kill know lead learn leave lie live lose make manage mean meet
    mention migrate obtain occur offer open operate oppose organise organize own pay perform permit
    persuade prefer prepare prescribe prevent process produce prohibit propose protect prove
    provide publish raise reach read receive recommend reduce refuse regulate reject release rely
    remain remember remove replace represent require resign resolve respond return revise
    save say see seem sell send serve sign solve speak spend spread start stay stop succeed suffer
    suggest take talk teach tell terminate think treat understand update use vote want weigh
    write enforce summarise summarize
    abandon abolish absorb accuse adapt adjust admit advise announce approve assess assume attach
    attract bind block boil borrow breathe calculate celebrate change check clean climb combine
    communicate compare compose conclude conduct confirm conquer consume contact correct cross
    cultivate cure declare delete depart deploy digest direct disappear divide donate earn eat
    elect eliminate emerge encourage encrypt enjoy evolve examine execute exclude expel extend
    fill fix fly forget forgive generate graduate guarantee happen hate hide hunt ignore imagine
    implement import inherit injure insert inspect insure interpret interview introduce
    investigate issue justify kick lack lift listen load locate maintain marry mix modify
    negotiate nominate observe offend omit overturn participate pick pray preserve press presume
    punish push put quit raise ratify reach rebuild refer reflect register relate repair repeat
    reproduce rescue restore restrict retire reveal rotate sack shrink sing sit sleep specify
    sponsor spread strengthen stretch sue surrender survive suspend swim threaten throw
    transfer transform translate transmit transport trigger trust undergo validate vanish violate
    wait warn wash wear withdraw worry
    """.split()
)
NOUNS_TOO = frozenset(
    """
    act aim answer attack base benefit call campaign cause change charge claim collapse comment
    control cost count cover damage debate decline demand design drop ease estimate exercise
    experience fear file finance finish flow force fund grant guide impact influence invite
    judge land last launch level link list look march measure move name need note number object
    order pass plan plant play point present press process profit promise purchase question rate
    record reform report research rest result review rise risk run sail search set share ship show
    sink sleep sound stand state store strike study supply support tax test trade train travel try
    turn view visit walk water win wish work ride rule score
    """.split()
)
IRREGULAR = {
    form: base
    for base, *forms in (
        group.split()
        for group in (
            "be is are was were been;become became;begin began begun;break broke broken;"
            "bring brought;build built;buy bought;choose chose chosen;come came;do does did done;"
            "draw drew drawn;drive drove driven;fall fell fallen;fight fought;find found;"
            "fly flew flown;forbid forbade forbidden;get got;give gave given;go goes went gone;"
            "grow grew grown;have has had;hear heard;hold held;keep kept;know knew known;lead led;"
            "leave left;lose lost;make made;mean meant;meet met;pay paid;rise rose risen;run ran;"
            "say said;see saw seen;sell sold;send sent;set set;shoot shot;show shown;"
            "sing sang sung;sink sank sunk;speak spoke spoken;spend spent;stand stood;"
            "strike struck;take took taken;teach taught;tell told;think thought;"
            "understand understood;win won;write wrote written"
        ).split(";")
    )
    for form in forms
}


def known_base(verb: str) -> str | None:
    """The verb of the lists that ``verb`` is a form of: "opposed" -> "oppose"."""
    word = verb.lower()
    if word in IRREGULAR or is_verb(word):
        return IRREGULAR.get(word, word)
    if not word.endswith(("s", "ed")):
        return None
    stems = (word[:-1], word[:-2], word[:-3] + "y", word[:-3])
    return next((stem for stem in stems if is_verb(stem)), None)


def base_form(verb: str) -> str | None:
    """The verb that ``verb`` is a form of, where it stands as one; -s may be guessed at."""
    word = verb.lower()
    guessed = word.endswith("s") and not word.endswith("ss")
    return known_base(word) or (_third_person_base(word) if guessed else None)


def _third_person_base(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zes", "oes")) else word[:-1]


def is_verb(word: str) -> bool:
    return word in VERBS or word in NOUNS_TOO


def is_past(verb: str) -> bool:
    word = verb.lower()
    return word.endswith("ed") or (word in IRREGULAR and not word.endswith(("s", "are")))


def is_participle(word: str) -> bool:
    lower = word.lower()
    regular = lower.endswith("ed") and not lower.endswith("eed") and len(lower) > 3
    return regular or lower in IRREGULAR


def is_plural(noun: str) -> bool:
    """Whether a common noun looks like a plural."""
    word = noun.lower()
    return word in PLURALS or (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics"))
    )


def singular(noun: str) -> str:
    word = noun.lower()
    if not is_plural(word) or word in PLURALS:
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def is_person(noun: str) -> bool:
    return singular(noun) in PERSONS


def names_person(noun: str) -> bool:
    """Whether a noun is for a person, as far as its ending tells: "librarian", "treasurer"."""
    one = singular(noun)
    ends = one.endswith(("ian", "ist", "eer", "ender", "anager", "urer", "ant", "woman", "man"))
    return one in PERSONS or one in ROLES or (ends and len(one) > 5)


def is_attribute(noun: str) -> bool:
    return singular(noun) in ATTRIBUTES


def takes_base_form(auxiliary: str) -> bool:
    """Whether a verb stands in its base form after it: "does oppose", "won't oppose"."""
    return auxiliary.lower().replace("’", "'") in DO | MODALS


_ADJECTIVE = ("ful", "ive", "ous", "able", "ible", "less")
_ADJECTIVES = frozenset(
    "bad closed common enough fair free good legal likely new normal open ready real safe true wise"
    " available valid due".split()
)


def is_adjective(word: str) -> bool:
    lower = word.lower()
    return lower in _ADJECTIVES or (len(lower) > 4 and lower.endswith(_ADJECTIVE))


_FOR_MANY = {"is": "are", "was": "were", "does": "do", "has": "have"}
_FOR_ONE = {many: one for one, many in _FOR_MANY.items()}


def agreeing(auxiliary: str, plural: bool) -> str:
    """The auxiliary as a subject of this number has it: "does" -> "do" for many."""
    lower = auxiliary.lower()
    other = (_FOR_MANY if plural else _FOR_ONE).get(lower, lower)
    return other.capitalize() if auxiliary[:1].isupper() else other


def possessive(name: str) -> str:
    return name + ("’" if "’" in name else "'") + ("" if is_plural(name.split()[-1]) else "s")
