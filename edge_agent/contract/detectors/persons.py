"""People's names, where the words around them say that they are names.

Precision first: prose is full of capitalised words and of family names that are words as well, so
a name without any context scores too low to count.
"""

import re
from collections.abc import Iterator

from edge_agent.contract.detectors import person_cues
from edge_agent.contract.detectors.name_columns import names_in_columns
from edge_agent.contract.detectors.name_forms import (
    FIRSTS,
    GIVEN,
    HAN,
    LETTER,
    PART_REST,
    SECOND,
    SURNAME,
    UPPER,
    Found,
    is_chinese_word,
    is_name_only,
    is_place,
)
from edge_agent.contract.detectors.name_lists import listed_chinese_names, listed_names
from edge_agent.contract.detectors.person_cues import Cue
from edge_agent.contract.detectors.small_names import small_names
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.gazetteers import (
    CHINESE_DOUBLE_SURNAMES,
    CHINESE_GIVEN,
    CHINESE_SURNAMES,
    CHINESE_WEAK_SURNAMES,
    GIVEN_NAMES,
    SURNAMES,
    unaccented,
)
from edge_agent.contract.readings import Reading

_IS_HAN = re.compile(f"[{HAN}]")
_STRONG_SURNAME = f"[{''.join(sorted(CHINESE_SURNAMES - CHINESE_WEAK_SURNAMES))}]"
_TITLE = (
    "(?:先生|女士|小姐|同学|老师|医生|大夫|教授|律师|护士|师傅|主任(?!务)|经理(?!部|室|层)|副经理(?!部|室|层)"
    "|总(?![^，。,.、:：;；！!？?\\s您的说好在和与已将要请批同]|在[^\\w])|院长|处长|科长|局长|校长|董事长)"
)
# Before a title: a whole name, or a family name alone at the start or after a word that leads in.
_TITLED = re.compile(
    rf"[{FIRSTS}](?:{SECOND}{GIVEN}{{1,2}}(?P<full>)"
    rf"|(?<={_STRONG_SURNAME})(?:(?<![{HAN}].)|(?<=[的和与请给找由是叫让跟同及了系].))(?P<lone>))"
    rf"{_TITLE}"
)
_CUE = re.compile(
    "(?:患者|病人|员工|学生|客户|姓名|名字|名叫|我叫|我是|叫做|联系人|收件人|寄件人|收货人|负责人|申请人|经办人"
    "|法人代表|法定代表人|法人|被保险人|投保人|候选人|当事人|原告|被告|嫌疑人|签字人|户主|监护人|同事|家属)"
    "(?P<sure>[:：]|是|为|叫)?[ \u3000]{0,2}"
    rf"(?P<name>{SURNAME}[{HAN}]{{1,2}})"
)
_RECORD = re.compile(
    rf"(?P<name>{SURNAME}{GIVEN}{{1,2}})"
    "(?=(?:[，,、 ]{1,2}(?:男|女)(?:[，,、。 ]|$)|[，,、 （(]{0,2}的?(?:身份证|手机|电话|联系电话|工号|病历)"
    "|[，,]\\s?[0-9]{1,3}\\s?岁))"
)

_CAP = rf"(?:[{UPPER}]{PART_REST}|(?:Mc|Mac|O['’]|De|Di|Le|La|Van)[A-Z][a-z]{{1,15}})"
_MORE_PARTS = (
    rf"(?:(?: [A-Z]\.?)? (?:(?:van|von|de|der|den|del|della|di|da|dos|bin|al|la|le|el) ){{0,2}}"
    rf"{_CAP}){{0,3}}"
)
# The first letter is found first and what stands before it after, so that the search runs fast.
_RUN = re.compile(
    rf"[{UPPER}](?<![{LETTER}0-9_@./'’-].)"
    rf"(?:{PART_REST}|(?:(?<=M)a?c|(?<=O)['’]|(?<=[DL])e|(?<=D)i|(?<=L)a|(?<=V)an)[A-Z][a-z]{{1,15}})"
    rf"{_MORE_PARTS}(?![{LETTER}0-9_@])"
)
# A line of its own, perhaps of a quoted letter, and below it a line with a number or an address.
_LINE_OF_NAME = re.compile(r"(?:\A|\n)[>?*#| \t-]{0,6}\Z")
_BLOCK = re.compile(r",?[ \t]*\r?\n(?:[^\n0-9@]{0,80}\n){0,4}[^\n0-9@]{0,60}[0-9@]")
_SPEAKS = frozenset(":：")
_ALONE = "given name alone"
# Words that begin a sentence, name a place or a department, but no person.
_NOT_NAMES = frozenset(
    """
the a an this that these those all any each every our your my his her their its we you he she it
they i if in on at by for from to with and or but not no yes when where what who how why please dear
sir madam team customer customers client employee employees manager service services human resources
department office support sales finance legal security data privacy policy handbook company group
bank university college school hospital church park street road avenue lane drive court place square
county city state states river lake mountain mount island islands beach valley bay airport station
north south east west northern southern eastern western january february march april may june july
august september october november december monday tuesday wednesday thursday friday saturday sunday
american british chinese english french german european new united national international federal
act award prize theory law bowl league cup stadium museum library institute foundation inc ltd corp
llc corporation council committee house castle bridge tower hotel center centre hall empire kingdom
republic war battle dynasty records studio studios times news press journal portal account accounts
record records file files number id name date details information all everyone colleague colleagues
mr mrs ms miss mx dr prof professor named patient signed contact thanks regards hi hello
president chairman chairwoman speaker minister ambassador secretary mayor chancellor governor senator
hiring recruiter friend friends cloud google microsoft apple amazon falls apt apartment suite flat unit
""".split()  # noqa: SIM905  a list of literals would be as long as the file
)


def find(reading: Reading) -> Iterator[Finding]:
    if not reading.text.isascii() and _IS_HAN.search(reading.text):
        for start, end, score, rule in _chinese(reading.text):
            yield Finding(*reading.span(start, end), Kind.PERSON, score, rule)
    for find_names in (_latin_and_lists, small_names, names_in_columns):
        for start, end, score, rule in find_names(reading):
            yield Finding(*reading.span(start, end), Kind.PERSON, score, rule)


def _chinese(text: str) -> Iterator[Found]:
    for match in _TITLED.finditer(text):
        is_full = match["full"] is not None
        if not is_chinese_word(text[match.start() : match.end("full" if is_full else "lone")]):
            score = 0.85 if is_full else 0.75
            yield *match.span(), score, "name with a title"
    for match in _RECORD.finditer(text):
        if not is_chinese_word(match["name"]):
            yield *match.span("name"), 0.8, "name in a record"
    for match in _CUE.finditer(text):
        length = _length_of_name(match["name"], text[match.end() : match.end() + 1], match["sure"])
        if length:
            start = match.start("name")
            yield start, start + length, 0.85 if match["sure"] else 0.75, "name after its cue"
    yield from listed_chinese_names(text)


def _length_of_name(candidate: str, following: str, sure: str | None) -> int:
    """Return how much of the candidate is a name: as far as given names go, or to its boundary."""
    if is_chinese_word(candidate):
        return 0
    surname = 2 if candidate[:2] in CHINESE_DOUBLE_SURNAMES else 1
    given = candidate[surname:]
    common = len(given) - len(given.lstrip("".join(CHINESE_GIVEN)))
    if sure in {":", "："} and not _is_han(following):
        return len(candidate)
    return surname + common if common else 0


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _latin_and_lists(reading: Reading) -> Iterator[Found]:
    found = [*_latin(reading)]
    yield from found
    alone = {start: end for start, end, _score, rule in found if rule == _ALONE}
    yield from listed_names(reading.text, alone)


def _latin(reading: Reading) -> Iterator[Found]:
    text = reading.text
    for match in _RUN.finditer(text):
        start, words = _name_in(match.start(), match[0].split(" "))
        # Alone at the start of all, with nothing before it, a word is a name only if known as one.
        if not words or (start == 0 and len(words) == 1 and _place_of_given(words) is None):
            continue
        skipped, score, rule = _scored(text, start, words)
        if score:
            start += sum(len(word) + 1 for word in words[:skipped])
            yield start, start + len(" ".join(words[skipped:])), score, rule


def _name_in(start: int, words: list[str]) -> tuple[int, list[str]]:
    """Return the words that could be a name, up to the next that could not, and where they stand."""
    if len(words) == 1:
        return start, [] if words[0].lower() in _NOT_NAMES else words
    while words and words[0].lower() in _NOT_NAMES:
        start += len(words[0]) + 1
        words = words[1:]
    for place, word in enumerate(words):
        if word.lower() in _NOT_NAMES:
            return start, words[:place]
    return start, words


def _scored(text: str, start: int, words: list[str]) -> tuple[int, float, str]:
    """Return how many words to leave out before the name, how sure it is, and why."""
    before = person_cues.before(text, start)
    cue = person_cues.cue(before)
    if cue is Cue.TITLE:
        return 0, 0.85, "name with a title"
    if cue is Cue.SURE:
        return 0, 0.75, "name after its cue"
    known = _place_of_given(words)
    if cue is Cue.WEAK and (
        known == 0 or (len(words) > 1 and person_cues.is_said_of_oneself(before))
    ):
        return 0, 0.75, "name after its cue"
    if known is None:
        is_family = len(words) > 1 and unaccented(words[-1]) in SURNAMES
        return 0, 0.65 if is_family else 0.0, "name before a common family name"
    return known, *_of_known(text, start, words, known)


def _of_known(text: str, start: int, words: list[str], known: int) -> tuple[float, str]:
    """Judge words of which one is a given name."""
    end = start + len(" ".join(words))
    is_town = len(words) == 1 and is_place(words[0])
    is_described = text.startswith(" is ", end)
    if person_cues.does_what_people_do(text, end) and not (is_town and is_described):
        return 0.75, "name of someone who does something"
    if known + 1 < len(words):
        if _begins_line(text, start) and _BLOCK.match(text, end):
            return 0.75, "name above an address"
        return 0.7, "given name and family name"
    if len(words) > 1 and unaccented(words[-1]) in SURNAMES:
        return 0.65, "name before a common family name"
    if text[end : end + 1] in _SPEAKS and is_name_only(words[known]) and _begins_line(text, start):
        return 0.75, "name of who speaks"
    return 0.4, _ALONE


def _begins_line(text: str, start: int) -> bool:
    return _LINE_OF_NAME.search(text, max(0, start - 8), start) is not None


def _place_of_given(words: list[str]) -> int | None:
    for place, word in enumerate(words):
        if unaccented(word) in GIVEN_NAMES:
            return place
    return None
