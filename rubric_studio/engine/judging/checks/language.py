"""Which language the answer is written in."""

from rubric_studio.engine.judging.answer import AnswerContent

from .child import Child, task
from .kinds import CheckResult, Field, Kind, Spec, no_problems, verdict
from .reading import read
from .undecided import Undecided

# ISO 639-1 codes that the model knows, with their English names.
LANGUAGES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian",
    "bg": "Bulgarian", "bn": "Bengali", "br": "Breton", "bs": "Bosnian", "ca": "Catalan",
    "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fo": "Faroese", "fr": "French", "fy": "West Frisian", "ga": "Irish",
    "gd": "Scottish Gaelic", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "ig": "Igbo", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean",
    "ky": "Kyrgyz", "la": "Latin", "lb": "Luxembourgish", "lo": "Lao", "lt": "Lithuanian",
    "lv": "Latvian", "mg": "Malagasy", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian",
    "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese", "ne": "Nepali",
    "nl": "Dutch", "nn": "Norwegian Nynorsk", "no": "Norwegian", "oc": "Occitan", "pa": "Punjabi",
    "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "qu": "Quechua", "ro": "Romanian",
    "ru": "Russian", "rw": "Kinyarwanda", "sa": "Sanskrit", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovenian", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai", "tk": "Turkmen",
    "tl": "Tagalog", "tr": "Turkish", "tt": "Tatar", "ug": "Uyghur", "uk": "Ukrainian",
    "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "xh": "Xhosa", "yo": "Yoruba",
    "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip
MOST_UNSURE = 0.5


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    shares: dict[str, float] = task(child, "language", [read(answer).text])
    share = shares.get(spec["language"], 0.0)
    if share < spec["share"] and shares.get("", 0.0) > MOST_UNSURE:
        raise Undecided("unsure", "No language could be told for most of the answer.")
    names = [f"{LANGUAGES.get(code, code)} {part:.0%}" for code, part in shares.items() if code]
    said = f"The answer is written in {', '.join(names[:4])}."
    return verdict(share >= spec["share"], said if names else "No language was found.")


def describe(spec: Spec) -> str:
    share = spec["share"]
    mostly = "" if share > 0.95 else f", for {share:.0%} of it at least"
    return f"Is written in {LANGUAGES[spec['language']]}{mostly}"


KIND = Kind(
    name="language",
    title="Is in a language",
    hint="Tells the language of each part; code, formulas and addresses count for nothing.",
    fields=(
        Field(
            "language",
            "Language",
            "choice",
            choices=tuple(sorted(LANGUAGES.items(), key=lambda item: item[1])),
            required=True,
        ),
        Field(
            "share",
            "At least this share of the answer",
            "number",
            "0.8 is 80 % of its letters.",
            default=0.8,
            least=0.01,
            most=1,
        ),
    ),
    problems=no_problems,
    decide=decide,
    describe=describe,
)
