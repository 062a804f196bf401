"""How names are written: pieces of patterns for Chinese and Latin ones."""

from edge_agent.contract.gazetteers import (
    CHINESE_DOUBLE_SURNAMES,
    CHINESE_GIVEN,
    CHINESE_NOT_NAMES,
    CHINESE_SURNAMES,
    PLACES_AND_NAMES,
    WORDS_AND_NAMES,
    unaccented,
)

HAN = "\u4e00-\u9fff"
_DOUBLE = "|".join(f"(?<={name[0]}){name[1:]}" for name in sorted(CHINESE_DOUBLE_SURNAMES))
FIRSTS = "".join(sorted(CHINESE_SURNAMES | {name[0] for name in CHINESE_DOUBLE_SURNAMES}))
# The first character is found first and what it is looked at after, so that the search runs fast.
SECOND = f"(?:{_DOUBLE}|(?<=[{''.join(sorted(CHINESE_SURNAMES))}]))"
SURNAME = f"[{FIRSTS}]{SECOND}"
GIVEN = f"[{''.join(sorted(CHINESE_GIVEN))}]"

UPPER = "A-Z" + "".join(filter(str.isupper, map(chr, range(0xC0, 0x180))))
LETTER = "A-Za-z\u00c0-\u017f"
PART_REST = r"[a-z\u00df-\u017f]{1,20}(?:['’-][A-Za-z\u00c0-\u017f]{2,15})?"

# Where a name begins and ends, how sure it is, and why.
Found = tuple[int, int, float, str]


def is_chinese_word(candidate: str) -> bool:
    """Say whether this begins a common word, though it looks like a name."""
    return candidate[:2] in CHINESE_NOT_NAMES


def is_place(word: str) -> bool:
    """Say whether this given name is as well known as a place."""
    return unaccented(word) in PLACES_AND_NAMES


def is_name_only(word: str) -> bool:
    """Say whether this given name is neither a place nor a word of every day."""
    return not is_place(word) and unaccented(word) not in WORDS_AND_NAMES
