"""Words with a capital letter that name nobody, and the words that people stand beside when they are named."""

DAYS = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September "
    "October November December Christmas Easter Ramadan Eid Diwali "
    "Lunes Martes Miercoles Jueves Viernes Sabado Domingo Enero Febrero Marzo Abril Mayo Junio Julio Agosto Septiembre "
    "Octubre Noviembre Diciembre Navidad"
)
PEOPLES = (
    "English British Scottish Welsh Irish French German Spanish Italian Dutch Polish American Canadian Australian "
    "Indian "
    "Pakistani Turkish Arab African Asian European Chinese Japanese Catholic Muslim Jewish Christian Hindu Buddhist God"
)
# Doctor Google, Mr Right, Dr Kegel: no person of the writer's life.
FAMOUS = (
    "Google Internet Who Right Wrong Perfect Darcy Hyde Universe World Kegel Kegels Lamont Masters Johnson Freud "
    "Bartholin "
    "Skene House Strange Martens Botox Pilates Reddit Facebook Instagram Chat"
)
# What begins a sentence after a missing full stop, or after "my doctor".
BEGINNINGS = (
    "After Again All Also Although Always And Another Any As At Because Before Being But By Can Could Did Do Does "
    "Each Even "
    "Every Finally First For From Had Has Have He Her Here His How However If In Instead Is It Its Just Last Later "
    "Many May "
    "Maybe Most My Never Next No Nobody None Not Nothing Now Of Often On Once One Only Or Our Out Perhaps Please "
    "Said She "
    "Should So Some Sometimes Still Such Thank Thanks That The Their Then There These They This Those To Today Told "
    "Too "
    "Was We Well Were What When Where Which While Who Why Will With Would Yes Yesterday Yet You Your "
    "Ahora Al Algo Alguien Aqui Asi Aun Aunque Ayer Cada Casi Como Con Cuando Da De Decia Del Desde Despues Dice "
    "Dijo Donde "
    "El Ella Ellos En Entonces Era Es Esa Ese Eso Esta Estaba Este Esto Fue Gracias Ha Hasta Hay Hoy La Las Le Les "
    "Lo Los "
    "Luego Mas Me Mi Mis Muy Nada Nadie Ni No Nos Nunca Otra Otro Para Pero Por Porque Que Quien Se Si Siempre Sin "
    "Sobre Solo "
    "Su Sus Tal Tambien Te Todo Todos Tu Un Una Y Ya Yo"
)
NO_NAMES = frozenset(f"{DAYS} {PEOPLES} {FAMOUS} {BEGINNINGS}".split())

CARERS = (
    r"doctor|gp|physio(?:therapist)?|therapist|counsell?or|psychologist|psychiatrist|gyna?ecologist|gyn|midwife|nurse"
    r"|consultant|surgeon|osteopath|specialist|coach|teacher|boss|colleague|neighbou?r|priest|pastor|imam|dermatologist"
    r"|urologist|health visitor|pt"
)
KIN = (
    r"husband|wife|partner|boyfriend|girlfriend|fianc\w{1,2}|ex|sister|brother|mother|father|mum|mom|dad|aunt|uncle"
    r"|cousin"
    r"|daughter|son|friend|best friend|flatmate|roommate|mother-in-law|sister-in-law"
)
CARERS_ES = (
    r"medic[oa]|doctora?|ginecolog[oa]|fisio(?:terapeuta)?|psicolog[oa]|psiquiatra|terapeuta|sexolog[oa]|matrona"
    r"|comadrona"
    r"|enfermer[oa]|urolog[oa]|cirujan[oa]|jef[ea]|profesora?|companer[oa]|vecin[oa]"
)
KIN_ES = (
    r"marido|mujer|espos[oa]|pareja|novi[oa]|ex|herman[oa]|madre|padre|mama|papa|ti[oa]|prim[oa]|hij[oa]|amig[oa]"
    r"|mejor amig[oa]|suegr[oa]|cunad[oa]"
)

# What a clinic may be called without being told from another: "the Pelvic Floor Clinic".
GENERIC = (
    "Hearing Ear Eye Skin Heart Lung Bone Joint Breast Sleep Memory Headache Migraine Diabetes Asthma Allergy "
    "Pelvic Floor Women's Womens Woman's Sexual Health Pain Menopause Vulval Vulvar Gynae Gynaecology Gynecology "
    "General Community "
    "Local Private Public Family Teaching University Physio Physiotherapy Fertility Maternity Children's Outpatient "
    "National "
    "City County District Regional Royal Central New Old Big Medical Wellness Well Walk Sex Therapy Antenatal Birth "
    "Early "
    "Pregnancy Shopping Town Job Sports Community Call Test Garden Trauma Bladder Continence Psychosexual Sanitario "
    "Pelvico Suelo Dolor Mujer Salud Sexual Reproductiva Publico Privado "
    "Comarcal Provincial General Universitario Materno Infantil Maternal Nuestro Nuestra"
)
NO_CLINICS = NO_NAMES | frozenset(GENERIC.split())
