"""What the words for digits and small numbers say, in the languages people dictate numbers in."""

import re
import unicodedata
from itertools import product


def _digits(words: str) -> dict[str, str]:
    """Return the words for 0 … 9, in order; of several for one digit, parted by a bar."""
    return {
        word: str(digit) for digit, each in enumerate(words.split()) for word in each.split("|")
    }


def _from(first: int, words: str) -> dict[str, str]:
    return {
        word: str(number)
        for number, each in enumerate(words.split(), first)
        for word in each.split("|")
    }


def _tens(words: str) -> dict[str, str]:
    """Return the words for 20 … 90, whose last digit the word after them may say."""
    return {
        word: f"{ten}_" for ten, each in enumerate(words.split(), 2) for word in each.split("|")
    }


_ENGLISH = {
    **_digits("zero|oh|nought|naught one two three four five six seven eight nine"),
    **_from(10, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
    **_tens("twenty thirty forty|fourty fifty sixty seventy eighty ninety"),
    "o": "0",
    "hundred": "00",
    "thousand": "000",
}
_GERMAN_UNITS = "ein zwei|zwo drei vier funf|fuenf sechs sieben acht neun"
_GERMAN_TENS = "zwanzig dreisig|dreissig vierzig funfzig|fuenfzig sechzig siebzig achtzig neunzig"
_GERMAN = {
    **_digits("null eins|ein zwei|zwo drei vier funf|fuenf sechs sieben acht neun"),
    **_from(10, "zehn elf zwolf|zwoelf dreizehn vierzehn funfzehn|fuenfzehn sechzehn"),
    **_from(17, "siebzehn achtzehn neunzehn"),
    **_tens(_GERMAN_TENS),
    # The unit comes first: "dreiundzwanzig".
    **{
        f"{unit}und{ten}": value[0] + digit
        for (unit, digit), (ten, value) in product(
            _from(1, _GERMAN_UNITS).items(), _tens(_GERMAN_TENS).items()
        )
    },
}
_FRENCH = {
    **_digits("zero un|une deux trois quatre cinq six sept huit neuf"),
    # 17 is "dix-sept".
    "dix": "1_",
    **_from(11, "onze douze treize quatorze quinze seize"),
    **_tens("vingt|vingts trente quarante cinquante soixante septante octante|huitante nonante"),
}
_SPANISH = {
    **_digits("cero uno|una dos tres cuatro cinco seis siete ocho nueve"),
    **_from(10, "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve"),
    **_tens("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"),
    **_from(21, "veintiuno veintidos veintitres veinticuatro veinticinco veintiseis"),
    **_from(27, "veintisiete veintiocho veintinueve"),
}
_ITALIAN_UNITS = _from(1, "uno due tre quattro cinque sei sette otto nove")
_ITALIAN_TENS = _tens("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
_ITALIAN = {
    "zero": "0",
    **_ITALIAN_UNITS,
    **_from(10, "dieci undici dodici tredici quattordici quindici sedici"),
    **_from(17, "diciassette diciotto diciannove"),
    **_ITALIAN_TENS,
    # The vowel before another goes: "ventuno", "trentotto".
    **{
        (ten[:-1] if unit[0] in "uo" else ten) + unit: value[0] + digit
        for (ten, value), (unit, digit) in product(_ITALIAN_TENS.items(), _ITALIAN_UNITS.items())
    },
}
_PORTUGUESE = {
    **_digits("zero um|uma dois|duas tres quatro cinco seis|meia sete oito nove"),
    **_from(10, "dez onze doze treze catorze|quatorze quinze dezesseis|dezasseis"),
    **_from(17, "dezessete|dezassete dezoito dezenove|dezanove"),
    **_tens("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa"),
}
_PINYIN = _digits("ling yi|yao er|liang san si wu liu qi ba jiu")

OF_LANGUAGE = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "pt": _PORTUGUESE,
    "pinyin": _PINYIN,
}
VALUES = {word: value for each in OF_LANGUAGE.values() for word, value in each.items()}
# Digits in one language, and in others what people say while they think, or "or".
DOUBTFUL = {"er": "pinyin", "um": "pt", "o": "en"}
# Everyday words of some language say nothing alone; two others must be there.
_EVERYDAY = frozenset(
    (
        *DOUBTFUL,
        *("due", "sei", "si", "un", "una", "une", "ba", "once", "six", "ein", "dos", "san", "wu"),
        *("meia", "tres", "tre", "acht", "ten", "hundred", "thousand"),
    )
)
TRIGGERS = frozenset(VALUES) - _EVERYDAY
MULTIPLIERS = {
    **dict.fromkeys(("double", "doppel", "doppelt", "doble", "doppio", "doppia", "dobro"), 2),
    **dict.fromkeys(("triple", "treble", "dreifach", "triplo", "tripla"), 3),
    "quadruple": 4,
}
SIGNS = {
    **dict.fromkeys(("dash", "hyphen", "minus", "strich", "tiret", "guion", "trattino"), "-"),
    **dict.fromkeys(("dot", "point", "punkt", "punto", "ponto"), "."),
    "slash": "/",
}
FILLERS = frozenset(
    (
        *("uh", "uhm", "um", "umm", "er", "erm", "ehm", "eh", "ah", "ahm", "hm", "hmm", "mm"),
        *("euh", "and", "then", "okay", "ok", "so", "again", "next", "y", "e", "o", "et", "und"),
        *("dann", "puis", "luego", "poi", "depois", "comma", "komma", "coma", "virgule", "space"),
        *("然后", "那个", "嗯", "呃", "再", "接着"),
    )
)
# Letters with marks as those without, each at its place.
UNMARKED = {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in range(0xC0, 0x250)
    if unicodedata.normalize("NFD", chr(code))[0] < "\x80"
} | {ord("ß"): "s"}
_ALL = "|".join(sorted((*_ENGLISH, "double", "triple"), key=len, reverse=True))
# Words with nothing between them; only of English, where capitals may part them.
GLUED_WORD = re.compile(_ALL)
GLUED = re.compile(rf"(?:{_ALL}){{7,40}}")
