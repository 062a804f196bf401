"""What says of a date that somebody was born on it, in the languages of those we work for."""

import re
from itertools import chain

from edge_agent.contract.readings import Reading, in_small

# A certificate of birth has dates of its own.
_NAMES = re.compile(
    r"(?<![A-Za-z])(?:born|birth(?![ _-]?(?:certificate|rate|control|place|weight))|birth-?day|birth-?date"
    r"|date[ _-]?of[ _-]?birth|d\.?o\.?b"
    r"|geburts(?:datum|tag|dat)|geb[ ._-]{0,2}dat(?:um)?|geboren|geboorte(?:datum|dag)"
    r"|(?<!acte de )(?<!extrait de )naissance"
    r"|(?<!acta de )(?<!partida de )(?<!certificado de )nacimiento|nacid[oa]|naci[óo]"
    r"|f(?:ec(?:ha)?)?[._ ]{0,2}(?:de[ _])?nac"
    r"|(?<!certidão de )nascimento|nascid[oa]|nasceu|data[ _](?:de[ _])?nasc"
    r"|(?<!certificato di )(?<!atto di )nascita"
    r"|födelse(?:datum|dag)|född|fødsels(?:dato|dag)|født|urodzenia|urodzon[ay]"
    r"|narozen[aí]?|syntym[äa]aika|syntynyt|do[ğg]um tarihi|született|születési"
    r"|născută?|data nașterii)(?![A-Za-z])"
    r"|出生(?!医学|证|率|人口|缺陷)|出世|生日|生于|生辰|生年月日|生まれ|생년월일|생일|출생"
    # Russian letters that look Latin may have become so.
    r"|[рp][оo](?:жд[еe][нh]и|дил)"
)
# Small letters stand before a capital where words are joined.
_JOINED = re.compile(r"[BD](?<=[a-z].)(?:(?<=B)irth(?:[Dd]ay|[Dd]ate)?|(?<=D)[Oo][Bb])(?![a-z])")
# These may be something else and say so only right before the date.
_LEADING = re.compile(
    r"[gnub*](?:(?:(?<=g)(?<![^\W\d_].)eb\.?(?: am)?"
    r"|(?<=n)(?<![^\W\d_].)(?:(?:é|e(?=e))e?(?:\(e\)|·e)?s?(?: (?:à|a|en) [^\d\n,;.]{2,24})?,? le"
    r"|at[oa](?:/[oa])?(?: a [^\d\n,;.]{2,24})?,? il(?: giorno)?|as?c\.?)"
    r"|(?<=u)(?<![^\W\d_].)r\.|(?<=\(b)\.?|(?<=, b)\.|(?<=\(\*)|(?<=, \*)))\s{0,2}[:：]?\s{0,2}\Z"
)
_LEADING_REACH = 48
# Of these each is in some of it, and quicker to see.
_WORDS = frozenset(
    [
        *("born", "dob", "geb", "gebdat", "gebdatum", "geboren", "geboortedatum", "geboortedag"),
        *("naissance", "nee", "nacimiento", "nacido", "nacida", "nacio", "naci", "nac", "fnac"),
        *("nascita", "nato", "nata", "nascimento", "nascido", "nascida", "nasceu", "nasc"),
        *("urodzenia", "urodzony", "urodzona", "ur", "narozen", "narozena", "syntynyt", "syntym"),
        *("dogum", "syntymaaika"),
    ]
)
_PIECES = ("birth", "dob", "geburts", "*")
# "b.", and "d.o.b."; umlauts part words, too, so it may be less.
_LETTER, _WITH_LETTER = "b", ("(b", ", b.", "o.b")
_OF_BIRTH = "生"
_WITH_BIRTH = (
    *("出生", "生日", "生于", "生辰", "生年月", "生まれ", "生人", "日生", "月生", "号生"),
)
_PIECES_ABROAD = (*("出世", "né", "생", "föd", "fød", "жд", "дил", "doğ", "szül", "născ", "naște"),)
# "1975年8月生", but not 生效 or 生产.
_BORN = re.compile(r"(?<=[月日号])生(?![\u3005-\u9fff])|(?<=[月日号])生人")
_DEADLINE_AFTER = re.compile(r"\s?(?:之前|以前|前|截止)")
_DEADLINE_BEFORE = re.compile(
    r"(?<![A-Za-z])(?:by|before|after|until|since|bis|vor|nach|seit|avant|après|antes de)"
    r"(?: the)?\s\Z"
)
_BEFORE_REACH = 25
# A word cut in half at the edge of what is looked at would be missed.
_WORD_CHARS = 18
_OTHER_DATE = re.compile(
    r"[0-9][日号]?\s?[,，;；、。][^0-9]{1,12}$|(?<![0-9])(?:18|19|20)[0-9]{2}(?![0-9])"
)
# A field of the name that is empty: what follows is the date of another.
_EMPTY = re.compile(
    r"[\"']?\s{0,2}[:=：]\s{0,2}(?:null|none|nil|unknown|n/?a|\"\"|''|-{1,2}|未知|无|不详)?\s{0,2}[,;，；}]"
)
_AFTER = re.compile(r"[^.。;；,，\n!?！？]{0,25}")


def may_say_birth(reading: Reading) -> bool:
    """Say whether the text has something of a word of birth."""
    if not _WORDS.isdisjoint(reading.words) or any(map(reading.lowered.__contains__, _PIECES)):
        return True
    text = reading.lowered
    if _LETTER in reading.words and any(map(text.__contains__, _WITH_LETTER)):
        return True
    if text.isascii():
        return False
    return (_OF_BIRTH in text and any(map(text.__contains__, _WITH_BIRTH))) or any(
        map(text.__contains__, _PIECES_ABROAD)
    )


def names_birth(text: str) -> bool:
    """Say whether a heading or the name of a field is that of a date of birth."""
    lowered = in_small(text)
    return any((_NAMES.search(lowered), _JOINED.search(text), _LEADING.search(lowered + " ")))


def is_beside_birth(reading: Reading, start: int, end: int) -> bool:
    """Say whether birth is named shortly before, or shortly after in the same clause."""
    text, lowered = reading.text, reading.lowered
    if _DEADLINE_AFTER.match(text, end) or _DEADLINE_BEFORE.search(
        lowered, max(0, start - _WORD_CHARS), start
    ):
        return False
    first = max(0, start - _BEFORE_REACH - _WORD_CHARS)
    for word in chain(_NAMES.finditer(lowered, first, start), _JOINED.finditer(text, first, start)):
        if start - word.end() <= _BEFORE_REACH:
            # A date of its own name stands after the one of birth, in the next clause.
            return not (
                _OTHER_DATE.search(text, word.end(), start)
                or _EMPTY.match(lowered, word.end(), start)
            )
    if _is_led_to(lowered, start, end) or _BORN.match(text, end):
        return True
    after = _AFTER.match(text, end)
    return after is not None and _NAMES.search(lowered, end, after.end()) is not None


def _is_led_to(text: str, start: int, end: int) -> bool:
    leading = _LEADING.search(text, max(0, start - _LEADING_REACH), start)
    # Between two stars stands what is stressed.
    return leading is not None and (leading[0][0] != "*" or text[end : end + 1] != "*")
