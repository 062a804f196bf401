"""Words that make a text secret: medical, pay and contract terms, and a tenant's own."""

import re
from collections.abc import Iterator, Mapping
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
# By piece the words it is of: their place among all, their kind and their pattern.
_ByPiece = dict[str, list[tuple[int, Kind, re.Pattern[str]]]]


@dataclass(frozen=True, slots=True)
class _Index:
    """The words of all kinds by their longest piece, which many share.

    `plain` pieces are words of their own, `odd` and `wide` ones may stand in another.
    """

    plain: _ByPiece
    odd: _ByPiece
    wide: _ByPiece
    any_wide: re.Pattern[str]


# By the identity of the terms, which stand beside their index, so that none other can have it.
_INDEXES: dict[int, tuple[Mapping[Kind, tuple[str, ...]], _Index]] = {}
_INDEXES_MAX = 64


def find_terms(reading: Reading, terms: Mapping[Kind, tuple[str, ...]]) -> Iterator[Finding]:
    kept = _INDEXES.get(id(terms))
    index = _indexed(terms) if kept is None or kept[0] is not terms else kept[1]
    for _, kind, pattern in sorted(_likely(index, reading), key=itemgetter(0)):
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


def _likely(index: _Index, reading: Reading) -> list[tuple[int, Kind, re.Pattern[str]]]:
    """Return the words whose longest piece is there."""
    plain = index.plain
    found = []
    if not plain.keys().isdisjoint(reading.words):
        found += [each for piece in plain if piece in reading.words for each in plain[piece]]
    if index.odd:
        found += _of_pieces(index.odd, reading.lowered)
    # In text of wide characters one search for all is much faster than one for each.
    if index.wide and not reading.text.isascii() and index.any_wide.search(reading.lowered):
        found += _of_pieces(index.wide, reading.lowered)
    return found


def _of_pieces(pieces: _ByPiece, lowered: str) -> list[tuple[int, Kind, re.Pattern[str]]]:
    return [each for piece in pieces if piece in lowered for each in pieces[piece]]


def _indexed(terms: Mapping[Kind, tuple[str, ...]]) -> _Index:
    plain, odd, wide = _ByPiece(), _ByPiece(), _ByPiece()
    named = ((kind, word) for kind, words in terms.items() for word in words)
    for place, (kind, word) in enumerate(named):
        piece, pattern = _literal(word)
        is_glued = f"{_AMOUNT}{piece}" in word.lower() or f"{piece}{_AMOUNT}" in word.lower()
        sort = odd if is_glued or not _PLAIN.fullmatch(piece) else plain
        (sort if piece.isascii() else wide).setdefault(piece, []).append((place, kind, pattern))
    if len(_INDEXES) >= _INDEXES_MAX:
        _INDEXES.clear()
    index = _Index(plain, odd, wide, re.compile("|".join(map(re.escape, wide))))
    _INDEXES[id(terms)] = terms, index
    return index


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
