"""Which groups of digits make a telephone number, by their form and the words beside them."""

import re
from dataclasses import dataclass
from itertools import pairwise

from edge_agent.contract.detectors.phone_words import Words

_MOBILE_FORM = r"(?:0086|86|0)?1[3-9][0-9]{9}"
_LANDLINE_FORM = r"0(?:10|2[0-57-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}"
_HOTLINE_FORM = r"[48]00[0-9]{7}"
_NEIGHBOUR_FORM = r"(?:00)?(?:85[23][2-9][0-9]{7}|886[2-9][0-9]{7,8})"
_MOBILE, _LANDLINE = re.compile(_MOBILE_FORM), re.compile(_LANDLINE_FORM)
_HOTLINE, _NEIGHBOUR = re.compile(_HOTLINE_FORM), re.compile(_NEIGHBOUR_FORM)
# What has a form without a plus or words; a landline may have its extension after it.
_OWN_FORM = re.compile(
    rf"(?=[0148])(?:{_MOBILE_FORM}|{_LANDLINE_FORM}[0-9]{{0,12}}|{_HOTLINE_FORM}|{_NEIGHBOUR_FORM}|00[1-9][0-9]{{7,14}})"
)
_OWN_BEGIN = re.compile(
    r"(?:0086|86|0)?1[3-9]|0(?:10|2[0-57-9]|[3-9][0-9]{2})[2-9]|[48]00|(?:00)?(?:85[23]|886)|00[1-9]"
)
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
_MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (4, 3, 4), (3, 8), (7, 4), (3, 3, 5), (5, 6)})

_AMOUNT_AFTER = re.compile(r"\s?(?:元|万元|亿元|美元|欧元|[%％¥￥$€])")
HOTLINE_SCORE = 0.4
_BYTES_OF_ADDRESS = 4
_QUANTITY_AFTER = re.compile(
    r"\s?(?:元|%|％|万|亿|个|件|台|人|次|股|吨|美元|欧元|°|usd|eur|rmb|cny|kg|km|mb|gb|units|pcs|"
    r"people|users|customers|dollars|euros|yuan|shares|€|\$)",
    re.IGNORECASE,
)
_CERTAIN = 0.9


@dataclass(slots=True)
class Number:
    """`groups` are its runs of digits, `parts` what stands between them.

    The words that stand before it are those before `run_start`, where it may be a piece of a run.
    """

    text: str
    start: int
    end: int
    groups: tuple[str, ...]
    parts: tuple[str, ...]
    digits: str
    sizes: tuple[int, ...]
    words: Words
    run_start: int
    is_plus: bool
    is_extended: bool
    is_whole: bool

    @property
    def is_bracketed(self) -> bool:
        return self.text[self.start] == "("


def by_form(number: Number) -> tuple[float, str]:
    """Return how sure it is one, in 0 … 1, and why; 0 says that it is none."""
    for judge in (_toll_free, _chinese, _neighbouring, _international):
        score, rule = judge(number)
        if score:
            is_weak = (
                score < _CERTAIN and not number.is_plus and number.words.say_other(number.run_start)
            )
            return (0.0, "") if is_weak else (score, rule)
    # A piece of something longer needs more than groups that look like a number.
    form = _national(number) if number.is_whole else (0.0, "")
    named = _named(number) if is_named(number) else (0.0, "")
    return (0.0, "") if max(form, named)[0] and _is_something_else(number) else max(form, named)


def is_named(number: Number) -> bool:
    """Say whether the words beside it call it a telephone number."""
    words = number.words
    return words.say_telephone_after(number.end) or words.say_telephone(number.run_start)


def may_begin(digits: str, start: int) -> bool:
    """Say whether a number that has a form of its own may begin with these digits."""
    return _OWN_BEGIN.match(digits, start) is not None


def may_be_piece(digits: str, start: int, end: int) -> bool:
    """Say whether digits start … end-1, a piece of something longer, have a form of their own."""
    return _OWN_FORM.fullmatch(digits, start, end) is not None


def is_landline(digits: str) -> bool:
    """Say whether these are area code and number of a Chinese landline."""
    return _LANDLINE.fullmatch(digits) is not None


def _toll_free(number: Number) -> tuple[float, str]:
    """Judge a firm's number of North America; with an extension it is somebody's there."""
    is_american = number.sizes == (1, 3, 3, 4) and number.groups[0] == "1"
    if is_american and number.groups[1] in _TOLL_FREE and not number.is_extended:
        return HOTLINE_SCORE, "hotline of North America"
    return 0.0, ""


def _chinese(number: Number) -> tuple[float, str]:
    digits = number.digits
    sizes = number.sizes
    if _MOBILE.fullmatch(digits) and (sizes != (12,) or is_named(number)):
        if _AMOUNT_AFTER.match(number.text, number.end) and not is_named(number):
            return 0.0, ""
        if len(sizes) == _BYTES_OF_ADDRESS and set(number.parts) == {"."}:
            return 0.0, ""
        local = sizes[1:] if len(sizes) > 1 and number.groups[0] in {"86", "0086", "0"} else sizes
        is_usual = local in _MOBILE_GROUPS or (sum(local) > 11 and len(local) in {1, 3})
        return (0.9 if is_usual else 0.7), "Chinese mobile"
    if _LANDLINE.fullmatch(digits.removeprefix("86") if number.is_plus else digits):
        is_parted = 2 <= len(sizes) <= 4 and (number.is_plus or sizes[0] in {3, 4})
        is_likely = is_parted or is_named(number)
        # As one run it is any number; pulled apart by somebody, it is more than that.
        if is_likely or len(sizes) == 1:
            return (0.8 if is_likely else 0.4), "Chinese landline"
    if sizes[0] in {3, 4} and len(sizes) == 3 and _LANDLINE.fullmatch("".join(number.groups[:2])):
        return 0.8, "Chinese landline"
    if _HOTLINE.fullmatch(digits) and sizes in {(3, 3, 4), (3, 7), (3, 4, 3)}:
        # A firm's number that everybody may know; it counts as found only where rules say so.
        return HOTLINE_SCORE, "Chinese hotline"
    return 0.0, ""


def _neighbouring(number: Number) -> tuple[float, str]:
    if _NEIGHBOUR.fullmatch(number.digits) and (number.is_plus or _is_coded(number)):
        return 0.85, "Hong Kong, Macau or Taiwan"
    return 0.0, ""


def _is_coded(number: Number) -> bool:
    return len(number.groups) > 1 and number.groups[0].removeprefix("00") in {"852", "853", "886"}


def _international(number: Number) -> tuple[float, str]:
    length = len(number.digits)
    if number.is_plus and 8 <= length <= 15:
        return (0.85 if number.parts else 0.45), "form of an international number"
    is_parted = len(number.groups) >= 3
    is_coded = number.digits.startswith("00") and number.digits[2] != "0"
    if is_coded and is_parted and 10 <= length <= 17:
        return 0.75, "form of an international number"
    return 0.0, ""


def _is_something_else(number: Number) -> bool:
    """Say whether it is rather a date, a price, a version, a code or an address of a machine."""
    is_book = len(number.digits) == 13 and number.digits.startswith(("978", "979"))
    is_social_security = number.sizes == (3, 2, 4)
    return (
        is_book
        or is_social_security
        or _is_date(number)
        or _is_dotted(number)
        or number.words.say_other(number.run_start)
        or _QUANTITY_AFTER.match(number.text, number.end) is not None
    )


def _is_dotted(number: Number) -> bool:
    """Say whether points part it as they do a decimal, a version or four bytes."""
    if set(number.parts) != {"."}:
        return False
    count, longest = len(number.sizes), max(number.sizes)
    return count == 2 or (count < 5 and longest < 3) or (count == 4 and longest == 3)


def _is_date(number: Number) -> bool:
    groups = number.groups
    years = [each for each in groups if len(each) == 4 and each[:2] in {"19", "20"}]
    if number.sizes in {(4, 4), (4, 2), (6, 6), (8, 6), (8,), (8, 4)} and years:
        return True
    if number.sizes[:1] in {(8,), (4,)} and groups[0][:2] in {"19", "20"}:
        return len(groups) < 3 or all(len(each) <= 2 for each in groups[1:3])
    small = [int(each) for each in groups[:2]]
    return len(groups) >= 3 and groups[2] in years and max(small) <= 31


def _named(number: Number) -> tuple[float, str]:
    """Judge what words say is a telephone number."""
    length = len(number.digits)
    shortest = 6 if len(number.groups) > 1 else 7
    longest = 13 if number.parts else 15 if number.digits.startswith("00") else 11
    if not shortest <= length <= longest or len(number.groups) > 6:
        return 0.0, ""
    return (0.75 if number.parts else 0.65), "words say telephone"


def _national(number: Number) -> tuple[float, str]:
    """Judge what only its groups make a telephone number."""
    sizes = number.sizes
    if sizes[-3:] == (3, 3, 4) and sizes[:-3] in {(), (1,), (3,)}:
        return (0.8 if number.is_extended or number.is_bracketed else 0.7), "North American form"
    if number.is_bracketed and 2 <= sizes[0] <= 5 and 8 <= len(number.digits) <= 12:
        return 0.7, "area code in brackets"
    if number.digits[0] == "0" and len(sizes) > 1 and _is_with_trunk(number):
        return 0.65, "form of a national number"
    return 0.0, ""


def _is_with_trunk(number: Number) -> bool:
    """Say whether a leading zero and even groups make it the number of some country."""
    sizes = number.sizes
    is_one_kind = all(first == second for first, second in pairwise(number.parts))
    return 9 <= len(number.digits) <= 11 and 2 <= sizes[0] <= 5 and min(sizes) >= 2 and is_one_kind
