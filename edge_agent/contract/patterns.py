"""Which regular expressions a policy may hold: none that a text could keep busy for ever.

Python's engine tries every way to repeat what repeats, so what may be tried is bounded here:
nothing that repeats holds a repeat or a choice, one repeat may be long, and the others multiply
to little.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from edge_agent.contract.errors import PolicyInvalid

LONG_REPEATS_MAX = 1
# A repeat of at most so many is no long one; the product of them all is bounded as well.
SHORT_REPEAT_MAX = 200
TRIES_MAX = 10_000
_PIECE = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!>]|<[=!]|P?<\w+>|P=\w+|[aiLmsux-]+:?|#[^)]*)|[()|]|[*+?]|\{[0-9]*,?[0-9]*\}|.",
    re.DOTALL,
)
_COUNTS = re.compile(r"\{([0-9]*)(,?)([0-9]*)\}")
_CHOICE, _OPEN, _CLOSE = "|", "(", ")"


@dataclass(slots=True)
class _Group:
    is_choice: bool = False
    is_repeating: bool = False


def check_pattern(at: str, pattern: str) -> None:
    """Raises: PolicyInvalid, saying what to write instead."""
    try:
        matches_nothing = re.compile(pattern).match("") is not None
    except (re.error, OverflowError, RecursionError) as error:
        raise PolicyInvalid(f"{at}: not a regular expression: {error}") from error
    if matches_nothing:
        raise PolicyInvalid(f"{at}: also matches where there is nothing")
    repeats = [*_repeats(at, pattern)]
    long_ones = [most for most in repeats if most > SHORT_REPEAT_MAX]
    tries = 1
    for most in repeats:
        tries *= max(1, most) if most <= SHORT_REPEAT_MAX else 1
    if len(long_ones) > LONG_REPEATS_MAX or tries > TRIES_MAX:
        raise PolicyInvalid(f"{at}: repeats too much; write {{1,20}} instead of + or *")


def _repeats(at: str, pattern: str) -> Iterator[int]:
    """Yield how often each repeat may repeat; a possible one is no repeat."""
    groups = [_Group()]
    last: _Group | None = None
    for piece in (match[0] for match in _PIECE.finditer(pattern)):
        most = _most(piece)
        if piece[0] == _OPEN and not piece.startswith("(?#"):
            groups.append(_Group())
            last = None
        elif piece == _CLOSE and len(groups) > 1:
            last = groups.pop()
            groups[-1].is_repeating |= last.is_repeating
            groups[-1].is_choice |= last.is_choice
        elif piece == _CHOICE:
            groups[-1].is_choice = True
        elif most is None:
            last = None
        elif most > 1:
            if last is not None and (last.is_choice or last.is_repeating):
                raise PolicyInvalid(f"{at}: repeats what already repeats or has a choice in it")
            groups[-1].is_repeating = True
            yield most


def _most(piece: str) -> int | None:
    """Return how often a quantifier repeats at most; None for anything else."""
    if piece in {"*", "+"}:
        return SHORT_REPEAT_MAX + 1
    if piece == "?":
        return 1
    counts = _COUNTS.fullmatch(piece)
    if counts is None or counts[0] in {"{}", "{,}"}:
        return None
    least, comma, most = counts.groups()
    if comma and not most:
        return SHORT_REPEAT_MAX + 1
    return int(most or least)
