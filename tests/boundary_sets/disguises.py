"""Ways to write a secret so that a person still reads it and a simple pattern does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from edge_agent.contract.findings import Kind
from tests.boundary_sets import disguises_encoded, disguises_scripts, disguises_woven

_ALL = frozenset(Kind)
# Chinese digits spell numbers only.
_DIGITS_ONLY = frozenset({Kind.RESIDENT_ID, Kind.PHONE, Kind.BANK_CARD, Kind.NATIONAL_ID})
# Signs between all digits leave these readable; in addresses and dates a dot means something.
_NUMBERS = _DIGITS_ONLY | {Kind.SOCIAL_CREDIT_CODE, Kind.PASSPORT, Kind.IBAN, Kind.TAX_ID}
# Backwards, an address or a date is another address or date.
_BACKWARDS = _ALL - {Kind.IP_ADDRESS, Kind.DATE_OF_BIRTH}
# Without letters there is nothing to turn.
_LETTERED = frozenset(
    {Kind.EMAIL, Kind.IBAN, Kind.API_KEY, Kind.JWT, Kind.URL_CREDENTIALS, Kind.PRIVATE_KEY}
)


@dataclass(frozen=True, slots=True)
class Disguise:
    """`layers` is how many times a reader has to undo something; `hint` tells a reader what.

    Called with a secret it returns the disguised secret; `applies` says to which kinds.
    """

    write: Callable[[str], str]
    layers: int = 1
    kinds: frozenset[Kind] = _ALL
    hint: str = ""

    def __call__(self, text: str) -> str:
        return self.write(text)

    def applies(self, kind: Kind, text: str) -> bool:
        """Tell whether it may be used on a secret of this kind and changes this one."""
        return kind in self.kinds and self.write(text) != text


def _entries() -> Iterator[tuple[str, Disguise]]:
    for name, write in chain(disguises_scripts.SCRIPTS.items(), disguises_woven.WOVEN.items()):
        yield name, Disguise(write)
    for name, write in disguises_scripts.CHINESE_DIGITS.items():
        yield name, Disguise(write, kinds=_DIGITS_ONLY)
    for name, write in disguises_woven.BETWEEN_DIGITS.items():
        yield name, Disguise(write, kinds=_NUMBERS)
    yield "letters for digits", Disguise(disguises_scripts.LETTERS_FOR_DIGITS, kinds=_NUMBERS)
    stops = disguises_scripts.FULL_STOP_DIGITS
    yield "digit with full stop", Disguise(stops, kinds=_ALL - {Kind.IP_ADDRESS})
    for name, write in disguises_encoded.ENCODED.items():
        yield name, Disguise(write)
    yield "reversed", Disguise(disguises_woven.backwards, kinds=_BACKWARDS, hint="(backwards) ")
    yield "rot13", Disguise(disguises_encoded.rot13, kinds=_LETTERED, hint="(rot13) ")
    twice_back = disguises_encoded.REVERSED_BASE64
    yield "reversed, base64", Disguise(twice_back, 2, _BACKWARDS, "(backwards) ")
    for name, write in disguises_encoded.TWICE.items():
        yield name, Disguise(write, layers=2)


TRANSFORMS: dict[str, Disguise] = dict(_entries())
