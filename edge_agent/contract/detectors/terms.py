"""Words that make a text secret: medical, pay and contract terms, and a tenant's own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.policy import WordRule
from edge_agent.contract.readings import Reading, in_small

# An illness alone is a subject; somebody who has it is a person's own case.
_WHOSE = ("has", "have", "had", "my", "his", "her", "suffers from", "treated for")
_ILLNESSES = (
    *("cancer", "breast cancer", "lung cancer", "bipolar disorder", "schizophrenia", "epilepsy"),
    *("major depression", "depression", "hepatitis B", "hepatitis C", "diabetes", "HIV"),
)
_ILLNESSES_ZH = (
    *("艾滋病", "抑郁症", "精神分裂", "双相情感障碍", "焦虑症", "乙肝", "丙肝", "梅毒", "肺癌"),
    *("乳腺癌", "胃癌", "肝癌", "白血病", "恶性肿瘤", "糖尿病", "癫痫"),
)
# Terms of a person's own case, not of the subject: a handbook may speak of salaries and health.
# "<amount>" stands for a number a few characters on.
DEFAULT_TERMS: Mapping[Kind, tuple[str, ...]] = {
    Kind.MEDICAL: (
        *("HIV positive", "HIV-positive", "tested positive for", "diagnosed with", "diagnosis of"),
        *(f"{whose} {illness}" for illness in _ILLNESSES for whose in _WHOSE),
        *("stage I cancer", "stage II cancer", "stage III cancer", "stage IV cancer"),
        *("stage 1 cancer", "stage 2 cancer", "stage 3 cancer", "stage 4 cancer"),
        *("my chemotherapy", "his chemotherapy", "her chemotherapy", "medical record number"),
        *("medical history of", "patient record", "prescribed <amount> mg"),
        *(f"{how}{illness}" for illness in _ILLNESSES_ZH for how in ("患", "患有", "得了", "有")),
        *("HIV阳性", "HIV 阳性", "确诊为", "确诊患", "诊断为", "病历号", "住院号", "门诊号"),
        *("既往病史", "他的病历", "她的病历", "我的病历"),
    ),
    Kind.SALARY: (
        *("salary of <amount>", "salary is <amount>", "salary: <amount>", "salary to <amount>"),
        *("earns <amount>", "base pay <amount>", "bonus of <amount>", "compensation of <amount>"),
        *("gross pay <amount>", "net pay <amount>", "payslip of", "payslip for", "my payslip"),
        *("his salary", "her salary", "my salary", "salary increase to", "paid <amount> per year"),
        *("月薪<amount>", "年薪<amount>", "工资<amount>元", "薪资<amount>元", "底薪<amount>"),
        *("奖金<amount>元", "年终奖<amount>", "薪酬<amount>元", "薪水<amount>", "他的工资"),
        *(
            "她的工资",
            "我的工资",
            "工资条<amount>",
            "的工资条",
            "实发工资<amount>",
            "税前<amount>元",
        ),
    ),
    Kind.CONTRACT: (
        *("contract price", "contract value of", "contract amount", "confidential agreement"),
        *("non-disclosure agreement", "bottom price", "floor price", "our bid of", "bid price"),
        *("term sheet", "letter of intent", "purchase price of <amount>", "trade secret"),
        *("合同金额", "合同总价", "合同价款", "保密协议", "报价底线", "投标报价", "标底", "底价"),
        *("商业机密", "商业秘密", "并购意向", "收购价", "违约金<amount>", "最低报价"),
    ),
}
_AMOUNT = "<amount>"
_AMOUNT_PATTERN = r"[^\d\n.。;；]{0,8}\d[\d,.]{0,15}"
_WORD = "[0-9A-Za-z_\u00c0-\u024f\u0370-\u052f]"


# What a word is of that is looked for among the words of a text, and not in all of it.
_PLAIN = re.compile("[a-z][a-z]+")
_ByPiece = Mapping[str, Sequence[tuple[int, re.Pattern[str]]]]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """By the longest piece of each word, the words it is of: many share theirs.

    `plain` pieces are words of their own, `odd` and `wide` ones may stand in another.
    """

    plain: _ByPiece
    odd: _ByPiece
    wide: _ByPiece
    any_wide: re.Pattern[str]


def find_terms(reading: Reading, terms: Mapping[Kind, tuple[str, ...]]) -> Iterator[Finding]:
    for kind, words in terms.items():
        for pattern in _likely(words, reading):
            for match in pattern.finditer(reading.text):
                yield Finding(*reading.span(*match.span()), kind, 0.8, "term of the kind")


def find_words(reading: Reading, words: tuple[WordRule, ...]) -> Iterator[tuple[WordRule, Finding]]:
    """Yield what a tenant's own words match; the finding's rule is the word's name."""
    for word in words:
        places = _own(word.pattern).finditer(reading.text) if word.is_regex else None
        for match in places or _places(word.pattern, reading):
            if match.end() > match.start():
                span = reading.span(*match.span())
                yield word, Finding(*span, Kind.TENANT_WORD, 1.0, word.name)


@lru_cache(maxsize=256)
def _own(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _likely(words: tuple[str, ...], reading: Reading) -> list[re.Pattern[str]]:
    """Return the patterns of the words whose longest piece is there, in the order of the words."""
    pieces = _pieces(words)
    found: list[tuple[int, re.Pattern[str]]] = []
    if not pieces.plain.keys().isdisjoint(reading.words):
        found += [
            each for piece in pieces.plain if piece in reading.words for each in pieces.plain[piece]
        ]
    if pieces.odd:
        found += _of_pieces(pieces.odd, reading.lowered)
    # In text of wide characters one search for all is much faster than one for each.
    if pieces.wide and not reading.text.isascii() and pieces.any_wide.search(reading.lowered):
        found += _of_pieces(pieces.wide, reading.lowered)
    return [pattern for _, pattern in sorted(found, key=itemgetter(0))]


def _of_pieces(pieces: _ByPiece, lowered: str) -> list[tuple[int, re.Pattern[str]]]:
    return [each for piece in pieces if piece in lowered for each in pieces[piece]]


@lru_cache(maxsize=256)
def _pieces(words: tuple[str, ...]) -> _Pieces:
    sorts: tuple[dict[str, list[tuple[int, re.Pattern[str]]]], ...] = ({}, {}, {})
    plain, odd, wide = sorts
    for place, word in enumerate(words):
        piece, pattern = _literal(word)
        is_glued = f"{_AMOUNT}{piece}" in word.lower() or f"{piece}{_AMOUNT}" in word.lower()
        sort = odd if is_glued or not _PLAIN.fullmatch(piece) else plain
        (sort if piece.isascii() else wide).setdefault(piece, []).append((place, pattern))
    return _Pieces(plain, odd, wide, re.compile("|".join(map(re.escape, wide))))


def _places(word: str, reading: Reading) -> Iterator[re.Match[str]]:
    """Yield where the word stands; its longest piece is looked for first, which is much faster."""
    piece, pattern = _literal(word)
    return pattern.finditer(reading.text) if piece in reading.lowered else iter(())


@lru_cache(maxsize=4096)
def _literal(word: str) -> tuple[str, re.Pattern[str]]:
    """Return the longest piece of the word, and a pattern for it all.

    The pattern takes whole words only where they are of letters that have spaces between words.
    """
    bare = " ".join(word.split())
    if not bare:
        # An empty word is nowhere.
        return "", re.compile(r"(?!)")
    piece = max(in_small(bare).replace(_AMOUNT, " ").split() or [""], key=len)
    escaped = _AMOUNT_PATTERN.join(map(re.escape, bare.split(_AMOUNT)))
    before = f"(?<!{_WORD})" if re.match(_WORD, bare[0]) else ""
    after = f"(?!{_WORD})" if re.match(_WORD, bare[-1]) else ""
    spaced = escaped.replace(r"\ ", r"\s{1,3}")
    return piece, re.compile(before + spaced + after, re.IGNORECASE)
