//! What a line of words looks like: a town, a street, a firm.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::lexicon::{LEGAL_FORMS, TRADE_WORDS};
use super::super::pattern::Pattern;
use super::super::text::fold;

static POSTCODE: Pattern = Pattern::new(|| {
    r"(?x)^(?:[A-Z]{1,2}[\s-])?\d{4,6}\s+\p{L}['’\p{L}]|^\d{3}\s\d{2}\s+\p{L}{2,}|^\d{4}\s?[A-Z]{2}\s+\p{L}{2,}|^\d{2}-\d{3}\s+\p{L}{2,}|^\d{4}-\d{3}\s+\p{L}{2,}
        |\p{L}{2,},?\s+[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b|\p{L}{2,},?\s+(?:NSW|VIC|QLD|SA|WA|TAS|NT|ACT),?\s+\d{4}$|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\s?\d[ABCEGHJ-NPRSTV-Z]\d\b|\b[AC-FHKNPRTV-Y]\d[\dW]\s[AC-FHKNPRTV-Y][AC-FHKNPRTV-Y\d]{3}\b|(?:\p{L}{5,}[\s,-]+|\p{L}{3,}[\s,]+)\d{5,6}(?:$|[\s,.;)])
        |^(?:CEP:?\s+)?\d{5}-\d{3}(?:$|[\s,]+[\p{L}–-])|^\(?[A-Z]?\d{4}(?:[A-Z]{3})?\)\s+\p{L}|^[A-Z]\d{4}(?:[A-Z]{3})?\s+\p{L}{2}|\p{L}{3,},\s+(?:0\d|1[0-8]|2[1-9]|[3-9]\d)\d\d$"
        .to_owned()
});

static STREET: Pattern = Pattern::new(|| {
    r"(?ix)(?:str(?:\.|asse|aße)|weg|platz|allee|gasse|ring|damm|ufer|steig|straat|laan|plein|kade|dijk|singel|gracht|dreef|hof)\s*\d|\b(?:rue|avenue|chemin|boulevard|quai|impasse|all[ée]e|calle|carrera|transversal|avda|ctra|carretera|paseo|camino|ronda|travesía|glorieta|rambla|carrer|passeig|muelle|polígono|urbanización|via|viale|piazza|corso|largo|vicolo|contrada|strada|lungomare|piazzale|rua|avenida|travessa|pra[çc]a|alameda|estrada|urb|lote|ulica|aleja|osiedle|rynek|jalan|jln|jl|lot|street|st\.|road|rd|lane|ave|drive|highway|hwy|parkway|terrace|crescent|floor|suite|box|taman|lorong|unit|block|blvd)\b|^r\.?\s(?:d[aoe]|d[ao]s)\s|^c/\s?\p{L}|\b(?:ste|apt)\.?\s\#?\d|^\d+\s(?:NW|NE|SW|SE)\s\p{L}|\b(?:ul|al|os|pl|avda?|ctra|c\.so|v\.le|urb)\.\s?\p{L}|^\d+[a-z]?(?:[-/]\d+)?,?\s+\p{L}{3,}|\p{L}{4,}\s(?:\d{1,3}|1[0-7]\d\d|2[1-9]\d\d|[3-9]\d\d\d)\s?[a-z]?$"
        .to_owned()
});

static FORMS: LazyLock<HashSet<&str>> = LazyLock::new(|| LEGAL_FORMS.iter().copied().collect());
static TRADES: LazyLock<HashSet<&str>> = LazyLock::new(|| TRADE_WORDS.iter().copied().collect());

pub(crate) fn is_town(text: &str) -> bool {
    // But for an Irish county, each of its forms has a digit, of whatever script.
    is_county(text)
        || text.chars().any(|c| c.is_ascii_digit() || !c.is_ascii() && !c.is_alphabetic())
            && POSTCODE.for_text(text).is_some_and(|regex| regex.is_match(text.trim()))
}

/// Whether a line is an Irish county, which many addresses end in: `Co. Galway`.
pub(crate) fn is_county(text: &str) -> bool {
    let rest = text.strip_prefix("Co. ").or_else(|| text.strip_prefix("County "));
    rest.is_some_and(|county| COUNTIES.contains(&fold(county.trim_end_matches(['.', ','])).as_str()))
}

/// The counties of Ireland, folded.
const COUNTIES: [&str; 32] = [
    "antrim",
    "armagh",
    "carlow",
    "cavan",
    "clare",
    "cork",
    "derry",
    "donegal",
    "down",
    "dublin",
    "fermanagh",
    "galway",
    "kerry",
    "kildare",
    "kilkenny",
    "laois",
    "leitrim",
    "limerick",
    "longford",
    "louth",
    "mayo",
    "meath",
    "monaghan",
    "offaly",
    "roscommon",
    "sligo",
    "tipperary",
    "tyrone",
    "waterford",
    "westmeath",
    "wexford",
    "wicklow",
];

pub(crate) fn is_street(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && STREET.for_text(text).is_some_and(|regex| regex.is_match(text.trim()))
}

/// Whether a line begins as a street without a number does: `Avenue de l'Hers`.
pub(super) fn begins_street(text: &str) -> bool {
    let of = ["de", "du", "des", "d", "del", "della", "dei", "da", "do", "dos", "das"];
    let mut words = text.split(|c: char| c.is_whitespace() || c == '\'' || c == '’').map(fold);
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    STREETS.contains(&first.as_str()) && of.contains(&second.as_str()) && firm(text) < 0.8
}

/// Words that a street's name begins with, folded.
const STREETS: [&str; 44] = [
    "rue",
    "avenue",
    "avda",
    "avd",
    "av",
    "boulevard",
    "place",
    "quai",
    "chemin",
    "route",
    "calle",
    "avenida",
    "plaza",
    "via",
    "viale",
    "piazza",
    "largo",
    "rua",
    "praca",
    "cours",
    "allee",
    "allees",
    "impasse",
    "esplanade",
    "sentier",
    "ruelle",
    "faubourg",
    "paseo",
    "camino",
    "carretera",
    "ronda",
    "glorieta",
    "rambla",
    "playa",
    "muelle",
    "piazzale",
    "corso",
    "vicolo",
    "strada",
    "lungomare",
    "contrada",
    "travessa",
    "estrada",
    "alameda",
];

/// Whether a line says to whose attention a letter is: a person within the firm that it is for.
pub(crate) fn is_attention(text: &str) -> bool {
    let mut words = text.split_whitespace().map(fold).filter(|word| !word.is_empty());
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let begins = [
        "aa",
        "tav",
        "zhd",
        "zhdn",
        "attn",
        "att",
        "attention",
        "fao",
        "zh",
        "zhv",
        "tnv",
        "dw",
        "ac",
        "cortese",
    ];
    begins.contains(&first.as_str())
        || matches!(
            (first.as_str(), second.as_str()),
            ("z", "hd" | "h" | "hdn")
                | ("t", "a" | "av")
                | ("a", "latt" | "lattention" | "atencion" | "atencao" | "cura" | "lattenzione")
                | ("zu", "handen")
                | ("kind" | "kindly", "attn" | "att" | "attention")
                | ("for", "attention" | "the")
                | ("ter", "attentie")
                | ("do", "rak")
                | ("c", "a")
        )
}

/// Whether a line names a part of a firm, or who owns it, and not the firm.
pub(crate) fn is_department(text: &str) -> bool {
    let first =
        text.split(|c: char| !c.is_alphanumeric() && c != '.').map(fold).find(|word| !word.is_empty());
    // `Bauamt`, `Ordnungsamt`: an office of the public body above.
    let is_office =
        |first: &str| ["amt", "referat", "dezernat", "verwaltung"].iter().any(|end| first.ends_with(end));
    first.is_some_and(|first| DEPARTMENTS.contains(first.as_str()) || is_office(&first))
}

/// Begins the name of a part of a firm, or says who owns it, folded.
static DEPARTMENTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    HashSet::from([
        "abteilung",
        "abt",
        "kostenstelle",
        "filiale",
        "niederlassung",
        "zweigstelle",
        "standort",
        "werk",
        "buchhaltung",
        "einkauf",
        "rechnungswesen",
        "inh",
        "inhaber",
        "inhaberin",
        "geschaftsfuhrer",
        "department",
        "dept",
        "division",
        "branch",
        "accounts",
        "accounting",
        "purchasing",
        "procurement",
        "finance",
        "headquarters",
        "owner",
        "proprietor",
        "prop",
        "trading",
        "service",
        "services",
        "direction",
        "agence",
        "succursale",
        "comptabilite",
        "gerant",
        "departamento",
        "sucursal",
        "contabilidad",
        "contabilita",
        "contabilidade",
        "reparto",
        "ufficio",
        "sede",
        "afdeling",
        "vestiging",
        "filiaal",
        "administratie",
        "crediteurenadministratie",
        "oddzial",
        "dzial",
        "wydzial",
        "settore",
        "servizio",
        "direzione",
        "dipartimento",
        "servicio",
        "secretaria",
        "divisao",
        "ksiegowosc",
        "filia",
        "kreditorenbuchhaltung",
        "kreditoren",
        "rechnungsprufung",
        "zentraleinkauf",
        "verwaltung",
        "geschaftsleitung",
        "sekretariat",
        "hausverwaltung",
        "personalabteilung",
        "vertrieb",
        "payable",
        "payables",
        "billing",
        "invoicing",
        "procurements",
        "reception",
        "administration",
        "office",
        "facturation",
        "achats",
        "administratif",
        "tesouraria",
        "compras",
        "financeiro",
        "administracion",
        "tesoreria",
        "amministrazione",
        "acquisti",
        "segreteria",
        "unidad",
        "unita",
        "unidade",
        "boekhouding",
        "inkoop",
        "financien",
        "facturatie",
        "secretariaat",
        "dyrekcja",
        "zaopatrzenie",
        "finanse",
    ])
});

/// Whether a line without a number is a place of an address: a house, an estate, a harbour.
pub(crate) fn is_place(text: &str) -> bool {
    let words = [
        "house",
        "court",
        "barn",
        "mill",
        "farm",
        "lodge",
        "building",
        "park",
        "estate",
        "centre",
        "center",
        "square",
        "row",
        "close",
        "gardens",
        "quay",
        "wharf",
        "cottage",
        "street",
        "road",
        "za",
        "zi",
        "zac",
        "zone",
        "parc",
        "residence",
        "batiment",
        "immeuble",
        "hameau",
        "quartier",
        "gewerbegebiet",
        "gewerbepark",
        "industriegebiet",
        "industriepark",
        "localita",
        "frazione",
        "loc",
        "poligono",
        "bedrijventerrein",
        "edificio",
        "casa",
        "quinta",
        "strasse",
        "platz",
    ];
    text.split(|c: char| !c.is_alphanumeric()).map(fold).any(|word| words.contains(&word.as_str()))
}

/// Whether a text is the name of a country, as the last line of an address.
pub(crate) fn is_country(text: &str) -> bool {
    COUNTRY_NAMES.contains(fold(text).as_str())
}

static COUNTRY_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| COUNTRIES.into_iter().collect());

/// Names of countries in their own language and in those of their neighbours, folded.
const COUNTRIES: [&str; 320] = [
    "germany",
    "deutschland",
    "allemagne",
    "alemania",
    "germania",
    "duitsland",
    "alemanha",
    "niemcy",
    "austria",
    "osterreich",
    "autriche",
    "oostenrijk",
    "switzerland",
    "schweiz",
    "suisse",
    "svizzera",
    "suiza",
    "zwitserland",
    "suica",
    "szwajcaria",
    "france",
    "frankreich",
    "francia",
    "frankrijk",
    "franca",
    "francja",
    "spain",
    "spanien",
    "espana",
    "espagne",
    "spagna",
    "spanje",
    "espanha",
    "hiszpania",
    "italy",
    "italien",
    "italia",
    "italie",
    "wlochy",
    "netherlands",
    "thenetherlands",
    "niederlande",
    "nederland",
    "paysbas",
    "paisesbajos",
    "paesibassi",
    "paisesbaixos",
    "holandia",
    "belgium",
    "belgien",
    "belgie",
    "belgique",
    "belgio",
    "belgica",
    "belgia",
    "portugal",
    "portogallo",
    "portugalia",
    "poland",
    "polen",
    "polska",
    "pologne",
    "polonia",
    "luxembourg",
    "luxemburg",
    "ireland",
    "irland",
    "irlande",
    "irlanda",
    "ierland",
    "eire",
    "republicofireland",
    "unitedkingdom",
    "uk",
    "gb",
    "greatbritain",
    "england",
    "scotland",
    "wales",
    "northernireland",
    "grossbritannien",
    "vereinigteskonigreich",
    "royaumeuni",
    "reinounido",
    "regnounito",
    "wielkabrytania",
    "usa",
    "us",
    "unitedstates",
    "unitedstatesofamerica",
    "vereinigtestaaten",
    "etatsunis",
    "estadosunidos",
    "statiuniti",
    "canada",
    "kanada",
    "denmark",
    "danemark",
    "danmark",
    "sweden",
    "schweden",
    "sverige",
    "norway",
    "norwegen",
    "norge",
    "finland",
    "finnland",
    "suomi",
    "czechrepublic",
    "tschechien",
    "cesko",
    "czechia",
    "slovakia",
    "slovensko",
    "hungary",
    "ungarn",
    "magyarorszag",
    "romania",
    "greece",
    "griechenland",
    "croatia",
    "hrvatska",
    "slovenia",
    "slovenija",
    "estonia",
    "eesti",
    "latvia",
    "lithuania",
    "malta",
    "cyprus",
    "liechtenstein",
    "monaco",
    "andorra",
    "australia",
    "newzealand",
    "india",
    "singapore",
    "malaysia",
    "japan",
    "china",
    "hongkong",
    "unitedarabemirates",
    "uae",
    "mexico",
    "brazil",
    "brasil",
    "argentina",
    "chile",
    "colombia",
    "southafrica",
    "turkey",
    "turkiye",
    "israel",
    "philippines",
    "indonesia",
    "thailand",
    "nigeria",
    "kenya",
    "morocco",
    "maroc",
    "inglaterra",
    "inghilterra",
    "engeland",
    "angleterre",
    "anglia",
    "schottland",
    "escocia",
    "scozia",
    "ecosse",
    "szkocja",
    "galles",
    "paysdegalles",
    "verenigdkoninkrijk",
    "holland",
    "hollande",
    "olanda",
    "svizra",
    "lussemburgo",
    "luxemburgo",
    "luksemburg",
    "irlandia",
    "danimarca",
    "dinamarca",
    "denemarken",
    "dania",
    "svezia",
    "suecia",
    "suede",
    "zweden",
    "szwecja",
    "norvegia",
    "noruega",
    "norvege",
    "noorwegen",
    "norwegia",
    "finlandia",
    "finlande",
    "repubblicaceca",
    "republicacheca",
    "chequia",
    "tchequie",
    "cechia",
    "tsjechie",
    "czechy",
    "slowakei",
    "eslovaquia",
    "slovaquie",
    "slovacchia",
    "slowakije",
    "slowacja",
    "ungheria",
    "hungria",
    "hongrie",
    "hongarije",
    "wegry",
    "rumanien",
    "rumania",
    "roumanie",
    "roemenie",
    "rumunia",
    "romenia",
    "bulgaria",
    "bulgarien",
    "bulgarie",
    "bulgarije",
    "grecia",
    "grece",
    "griekenland",
    "grecja",
    "kroatien",
    "croacia",
    "croatie",
    "croazia",
    "kroatie",
    "chorwacja",
    "slowenien",
    "eslovenia",
    "slovenie",
    "slowenia",
    "estland",
    "estonie",
    "letland",
    "lettland",
    "lettonie",
    "lettonia",
    "lotwa",
    "letonia",
    "litauen",
    "lituania",
    "lituanie",
    "litouwen",
    "litwa",
    "malte",
    "zypern",
    "chypre",
    "chipre",
    "cipro",
    "cypr",
    "serbien",
    "serbia",
    "srbija",
    "ukraine",
    "ukraina",
    "ucraina",
    "ucrania",
    "islandia",
    "iceland",
    "island",
    "turkei",
    "turquia",
    "turquie",
    "turchia",
    "turcja",
    "kingdomofspain",
    "swissconfederation",
    "mexiko",
    "mexique",
    "messico",
    "meksyk",
    "brasilien",
    "bresil",
    "brasile",
    "brazylia",
    "australien",
    "australie",
    "sudafrica",
    "sudafrika",
    "afriquedusud",
    "africadosul",
    "indien",
    "inde",
    "indie",
    "singapur",
    "singapour",
    "vietnam",
    "southkorea",
    "taiwan",
    "saudiarabia",
    "qatar",
    "bahrain",
    "oman",
    "kuwait",
    "egypt",
    "ghana",
    "tunisia",
    "tunisie",
    "algerie",
    "peru",
    "ecuador",
    "uruguay",
    "panama",
    "costarica",
    "puertorico",
    "channelislands",
    "jersey",
    "guernsey",
    "isleofman",
    "gibraltar",
    "sanmarino",
    "vaticancity",
];

/// Whether a line begins as a person is addressed, or as persons are abbreviated.
pub(crate) fn is_titled(text: &str) -> bool {
    let titles = [
        "herr", "herrn", "frau", "familie", "dr", "prof", "dipl", "ing", "mr", "mrs", "ms", "miss", "sir",
        "monsieur", "madame", "mme", "mlle", "sig", "sigra", "signor", "signora", "dott", "sr", "sra", "don",
        "dona", "dhr", "mevr", "heer", "mevrouw", "pan", "pani", "mag", "maga", "dna", "dra", "sres", "avv",
        "arch", "geom", "rag", "dottssa", "drs", "ir", "eng", "enga", "mgr", "inz", "mast", "mx", "rev",
        "lord", "lady", "capt", "maitre", "egr", "gent", "spett", "exmo", "exma",
    ];
    let mut words = text.split_whitespace();
    let Some(first) = words.next() else { return false };
    let is_initial =
        first.chars().count() == 2 && first.ends_with('.') && first.starts_with(char::is_uppercase);
    words.next().is_some() && (is_initial || titles.contains(&fold(first).as_str()))
}

/// Whether a line is nothing but the end of a name: a legal form, or what stands behind a person's name.
pub(super) fn ends_name(text: &str) -> bool {
    let folded = fold(text);
    let behind = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "cpa"];
    FORMS.contains(folded.as_str()) || behind.contains(&folded.as_str())
}

/// How strongly a text's words say that it is a firm's name, 0–1.
pub(crate) fn firm(text: &str) -> f32 {
    let words: Vec<(&str, String)> = text
        .split_whitespace()
        .map(|word| (word, fold(word)))
        .filter(|(_, folded)| !folded.is_empty())
        .collect();
    let count = words.len();
    let mut within: f32 = 0.0;
    for length in 1..=4.min(count) {
        for start in 0..=count - length {
            if start == 0 && length < count.min(2) {
                continue;
            }
            // Short forms are words as well; as a legal form they have a capital or a point.
            let printed = words[start].0;
            let written = printed.chars().any(char::is_uppercase) || printed.contains('.');
            let at_end = start + length == count;
            // `Merchants plc`: at the end of a name some are no words of a language.
            let is_no_word = || at_end && length == 1 && NO_WORDS.contains(&words[start].1.as_str());
            if !(written || is_no_word()) {
                continue;
            }
            let joined: String =
                words[start..start + length].iter().map(|(_, folded)| folded.as_str()).collect();
            // `Earl Street`, `Duke and Earl`: other ones are words, and forms only in capitals.
            if WORDS.contains(&joined.as_str())
                && printed.contains(char::is_lowercase)
                && !printed.contains('.')
            {
                continue;
            }
            if FORMS.contains(joined.as_str()) && at_end {
                return 1.0;
            }
            if FORMS.contains(joined.as_str()) && joined.len() >= 3 {
                within = 0.8;
            }
        }
    }
    // `SAS Horizon`, `SARL Martin`: in French and Dutch it may stand in front.
    let is_in_front = |(printed, folded): &(&str, String)| {
        FORMS_IN_FRONT.contains(&folded.as_str()) && !printed.contains(char::is_lowercase)
            || folded == "stichting"
    };
    if count >= 2 && words.first().is_some_and(is_in_front) {
        within = 0.8;
    }
    let named = words.iter().any(|(_, folded)| TRADES.contains(folded.as_str()))
        || begins_public_body(text)
        || ends_public_body(text);
    if named { within.max(0.5) } else { within }
}

/// Legal forms that are no words, and so are forms in small letters as well, folded.
const NO_WORDS: [&str; 14] =
    ["plc", "ltd", "llc", "llp", "gmbh", "mbh", "ltda", "lda", "sarl", "eurl", "srl", "srls", "bvba", "kft"];
/// Legal forms that are words as well, folded.
const WORDS: [&str; 10] = ["earl", "se", "as", "ou", "ike", "teo", "vos", "ute", "scoop", "gie"];

/// Legal forms in capitals that a name may begin with, folded.
const FORMS_IN_FRONT: [&str; 18] = [
    "sas", "sasu", "sarl", "eurl", "sci", "snc", "scp", "scea", "gaec", "earl", "selarl", "scop", "asbl",
    "vzw", "uab", "sia", "eirl", "gfa",
];

/// Whether a line ends in the form of partners whose names follow: `Cidrerie – GAEC`.
pub(super) fn ends_before_partners(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default();
    let is_form = FORMS_IN_FRONT.contains(&fold(last).as_str()) && !last.contains(char::is_lowercase);
    let before = text.trim_end().strip_suffix(last).unwrap_or_default();
    is_form && before.trim_end().ends_with(['-', '–', '—', ','])
}

/// Whether a line begins as a town, a university or a ministry is called: they buy and bill, and have no legal form.
pub(super) fn begins_public_body(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    second.chars().all(char::is_alphabetic) && PUBLIC_BODIES.contains(fold(first).as_str())
}

/// Begins the name of a town, a university or another body without a legal form, folded.
static PUBLIC_BODIES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    HashSet::from([
        "ecole",
        "lycee",
        "college",
        "scuola",
        "istituto",
        "colegio",
        "instituto",
        "szkola",
        "schule",
        "stadt",
        "gemeinde",
        "landkreis",
        "landeshauptstadt",
        "universitat",
        "hochschule",
        "ministerium",
        "comune",
        "regione",
        "provincia",
        "universita",
        "ministero",
        "azienda",
        "mairie",
        "commune",
        "ville",
        "universite",
        "ministere",
        "departement",
        "prefecture",
        "ayuntamiento",
        "diputacion",
        "universidad",
        "ministerio",
        "municipio",
        "universidade",
        "gemeente",
        "provincie",
        "waterschap",
        "universiteit",
        "ministerie",
        "gmina",
        "urzad",
        "powiat",
        "starostwo",
        "uniwersytet",
        "ministerstwo",
        "city",
        "county",
        "town",
        "borough",
        "university",
        "ministry",
        "syndicat",
        "communaute",
        "metropole",
        "region",
        "conseil",
        "rectorat",
        "landratsamt",
        "kreis",
        "bezirk",
        "verband",
        "zweckverband",
        "kirchengemeinde",
        "pfarrei",
        "bistum",
        "finanzamt",
        "amtsgericht",
        "wohnungseigentumergemeinschaft",
        "stockwerkeigentumergemeinschaft",
        "stockwerkeigentumerschaft",
        "miteigentumergemeinschaft",
        "erbengemeinschaft",
        "einwohnergemeinde",
        "burgergemeinde",
        "kirchgemeinde",
        "schulgemeinde",
        "weg",
        "eigentumergemeinschaft",
        "genossenschaft",
        "verein",
        "stiftung",
        "mancomunidad",
        "consorcio",
        "comunidad",
        "junta",
        "generalitat",
        "diputacio",
        "concello",
        "ajuntament",
        "comunitat",
        "consorzio",
        "condominio",
        "parrocchia",
        "unione",
        "ente",
        "fondazione",
        "associazione",
        "liceo",
        "camara",
        "agrupamento",
        "freguesia",
        "associacao",
        "fundacao",
        "stichting",
        "vereniging",
        "maatschap",
        "hoogheemraadschap",
        "gemeentelijke",
        "szpital",
        "wojewodztwo",
        "wspolnota",
        "spoldzielnia",
        "stowarzyszenie",
        "fundacja",
        "zespol",
        "osrodek",
        "zrzeszenie",
        "hospital",
        "parish",
        "diocese",
        "trust",
        "council",
        "district",
        "state",
        "department",
        "association",
        "fondation",
        "cooperative",
        "cooperativa",
        "asociacion",
        "fundacion",
        "hopital",
        "ospedale",
        "ziekenhuis",
        "krankenhaus",
        "klinikum",
    ])
});

/// Whether a line ends as a public body is called.
fn ends_public_body(text: &str) -> bool {
    let ends = ["council", "university", "county", "district", "authority", "isd"];
    let last = text.split_whitespace().skip(1).last().unwrap_or_default();
    last.starts_with(char::is_uppercase) && ends.contains(&fold(last).as_str())
}

/// Whether a line begins or ends a letter, as courtesy wants, or says how it is sent.
pub(super) fn is_courtesy(text: &str) -> bool {
    is_salutation(text) || is_phrase_of_courtesy(text)
}

/// `Guten Tag Frau Lang`, `Dear Mr Holm`.
fn is_salutation(text: &str) -> bool {
    const FIRST: [&str; 15] = [
        "dear",
        "hallo",
        "sehr",
        "guten",
        "geachte",
        "bonjour",
        "estimado",
        "estimada",
        "estimados",
        "buongiorno",
        "szanowny",
        "szanowna",
        "szanowni",
        "prezado",
        "prezada",
    ];
    let mut words = text.split_whitespace();
    let first = words.next().map(fold).unwrap_or_default();
    FIRST.contains(&first.as_str()) && words.next().is_some() && firm(text) < 0.5
}

fn is_phrase_of_courtesy(text: &str) -> bool {
    let phrases = [
        "einschreiben",
        "recommande",
        "lettrerecommandee",
        "raccomandata",
        "raccomandataar",
        "aangetekend",
        "correocertificado",
        "registeredmail",
        "personlichvertraulich",
        "privateandconfidential",
        "dearcustomer",
        "dearclient",
        "sehrgeehrterkunde",
        "liebekundinlieberkunde",
        "chereclientecherclient",
        "chercliente",
        "cherclient",
        "estimadocliente",
        "gentilecliente",
        "geachteklant",
        "besteklant",
        "carocliente",
        "szanownykliencie",
        "dearsirs",
        "dearsirormadam",
        "dearsirmadam",
        "sehrgeehrtedamenundherren",
        "madamemonsieur",
        "mesdamesmessieurs",
        "bonjour",
        "estimadossenores",
        "muysenoresnuestros",
        "buenosdias",
        "gentilisignori",
        "egregisignori",
        "buongiorno",
        "geachteheermevrouw",
        "exmossenhores",
        "bomdia",
        "dziendobry",
        "szanownipanstwo",
        "yourssincerely",
        "sincerely",
        "yoursfaithfully",
        "kindregards",
        "bestregards",
        "regards",
        "mitfreundlichengrussen",
        "mitfreundlichemgruss",
        "freundlichegrusse",
        "signed",
        "signature",
        "unterschrift",
        "handtekening",
        "assinatura",
        "hochachtungsvoll",
        "cordialement",
        "biencordialement",
        "salutations",
        "atentamente",
        "saludoscordiales",
        "unsaludo",
        "cordialisaluti",
        "distintisaluti",
        "metvriendelijkegroet",
        "metvriendelijkegroeten",
        "hoogachtend",
        "atenciosamente",
        "cumprimentos",
        "comosmelhorescumprimentos",
        "zpowazaniem",
    ];
    phrases.contains(&fold(text).as_str())
}

/// Whether a line is the beginning of a postal address.
pub(super) fn begins_address(text: &str) -> bool {
    let trimmed = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let folded_words: Vec<String> =
        trimmed.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty()).collect();
    let has_digit = trimmed.chars().any(|c| c.is_ascii_digit());
    let starts = [
        "no", "lot", "jalan", "jln", "jl", "lorong", "unit", "suite", "ground", "lg", "level", "blok",
        "block", "g", "shop", "plot", "wisma", "taman", "kompleks", "floor",
    ];
    let first = folded_words.first().map(String::as_str).unwrap_or_default();
    let in_brackets = text.split_once('(').map_or("", |(_, behind)| behind);
    let reg = in_brackets.contains(|c: char| c.is_ascii_digit()) && folded_words.len() <= 3;
    let second_number =
        folded_words.get(1).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    if reg {
        return false;
    }
    matches!(first, "jalan" | "jln" | "lorong")
        || first == "no" && second_number
        || starts.contains(&first) && has_digit && folded_words.len() > 1
        || (trimmed.starts_with("C/") || trimmed.starts_with("c/")) && has_digit
        // `99 Speed Mart` begins as `99 Main Street` does.
        || is_street(trimmed) && folded_words.len() > 1 && firm(text) < 0.5
        || is_town(trimmed)
        || is_compass_street(trimmed)
        || has_town(trimmed)
        || ends_in_county(trimmed)
}

/// Whether a line ends in an Irish county, as addresses without a postcode do: `Market Cross, Cahir, Co. Tipperary`.
fn ends_in_county(text: &str) -> bool {
    let Some((place, county)) = text.rsplit_once(',') else { return false };
    let mut words = county.split_whitespace();
    let (head, name) = (words.next().map(fold).unwrap_or_default(), words.next().unwrap_or_default());
    matches!(head.as_str(), "co" | "county")
        && name.starts_with(char::is_uppercase)
        && words.next().is_none()
        && !place.trim().is_empty()
}

/// Whether a line is a street whose name begins with where it leads: `2218 N Main St`.
fn is_compass_street(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [number, compass, name, ..] = words.as_slice() else { return false };
    let compass = compass.trim_end_matches('.');
    number.chars().all(|c| c.is_ascii_digit())
        && ["N", "S", "E", "W", "NE", "NW", "SE", "SW"].contains(&compass)
        && name.chars().all(char::is_alphabetic)
}

/// Whether a line is a street with its town behind it: `Ring 7 - 1011 AB Amsterdam`.
fn has_town(text: &str) -> bool {
    let towns = text.match_indices(' ').map(|(at, _)| text.split_at(at));
    towns.into_iter().any(|(before, town)| {
        let before = before.trim_end();
        let street = before.trim_end_matches([',', '-', '–', ' ']);
        let is_apart = street.len() < before.len() && street.contains(' ');
        (is_apart || is_street(street))
            && town.trim_start().starts_with(|c: char| c.is_ascii_digit())
            && is_town(town)
    })
}

/// Whether a line is a street without a number, by itself or with its town: `Bridge Street, Westport`.
pub(super) fn is_street_alone(text: &str) -> bool {
    let ends = ["street", "st", "road", "rd", "lane", "avenue", "ave", "square", "drive"];
    let is_street = |piece: &str| {
        let words: Vec<String> = piece.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
        words.len() >= 2
            && (STREETS.contains(&words[0].as_str()) || ends.contains(&words[words.len() - 1].as_str()))
    };
    firm(text) < 0.5 && text.split(',').any(is_street)
}

/// What closes a quotation that `„` opens.
const CLOSING: [char; 3] = ['”', '“', '"'];

/// A name without the marks that stand around it.
pub(super) fn clean_name(text: &str) -> String {
    let open = text.matches('(').count();
    let close = text.matches(')').count();
    let trimmed = text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';'
                    | '|'
                    | '"'
                    | '“'
                    | '”'
                    | '*'
                    | '~'
                    | '_'
                    | '='
                    | '\''
                    | '`'
                    | '‘'
                    | '’'
                    | '-'
                    | '—'
            )
    });
    // `Firma „Dach-Pol”`: a mark that closes within the name stays.
    let trimmed = match trimmed.rfind('„') {
        Some(at) if !trimmed[at..].contains(CLOSING) => {
            let from = text.find(trimmed).unwrap_or_default();
            let end = from + trimmed.len();
            let mark = text[end..].chars().next().filter(|mark| CLOSING.contains(mark));
            &text[from..end + mark.map_or(0, char::len_utf8)]
        }
        _ => trimmed,
    };
    let trimmed = if open > close { trimmed } else { trimmed.trim_start_matches(['.', ')']) };
    trimmed.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_make_a_firm() {
        for name in [
            "Lieferant GmbH",
            "Bei Spiel GmbH & Co. KG",
            "ABC Sdn. Bhd.",
            "Foo S.p.A.",
            "Bar Sp. z o.o.",
            "X Ltd",
            "Amazing Things, Inc.",
        ] {
            assert!(firm(name) >= 1.0, "{name}");
        }
        for text in ["as soon as", "the sum", "Total"] {
            assert!(firm(text) < 0.5, "{text}");
        }
    }

    #[test]
    fn towns_have_a_postcode() {
        for text in [
            "80333 München",
            "D-63571 Gelnhausen",
            "1025 RX Amsterdam",
            "Scranton PA 18503",
            "31-042 Kraków",
            "London SW1A 1AA",
            "Dublin D02 XY45",
        ] {
            assert!(is_town(text), "{text}");
        }
        assert!(!is_town("Total 2018"));
    }

    #[test]
    fn a_street_without_a_number_begins_like_one() {
        for street in ["Avenue de l'Hers", "Largo do Município", "Via della Spiga", "Calle del Laurel"] {
            assert!(begins_street(street), "{street}");
        }
        for name in ["Via Verde", "Place du Marché SARL", "Rua Nova", "Avenue Dental Care"] {
            assert!(!begins_street(name), "{name}");
        }
    }
}
