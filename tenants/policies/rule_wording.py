"""The contract's own words for why something was found, in the reader's language.

A rule of the contract is a few stable English words, several joined by commas. What stands not
here (a name an owner gave, an encoding that was undone) is said as it is.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_PIECES: dict[str, str | Promise] = {
    # Numbers.
    "checksum holds": _("checksum holds"),
    "checksum fails": _("checksum fails"),
    "form holds": _("form holds"),
    "groups unusual": _("groups unusual"),
    "groups of a card": _("groups of a card"),
    "digits only": _("digits only"),
    "issuer known": _("issuer known"),
    "issuer unknown": _("issuer unknown"),
    "words say card": _("words say card"),
    "words say bank account": _("words say bank account"),
    "words say telephone": _("words say telephone"),
    "form of a national number": _("form of a national number"),
    "form of an international number": _("form of an international number"),
    "valid international number": _("valid international number"),
    "not an international number": _("not an international number"),
    "area code in brackets": _("area code in brackets"),
    "old form with region and date": _("old form with region and date"),
    "passport named beside it": _("passport named beside it"),
    "date beside birth": _("date beside birth"),
    "form of a licence plate": _("form of a licence plate"),
    "form of a special plate": _("form of a special plate"),
    "form of a mail address": _("form of a mail address"),
    "form of an IPv4 address": _("form of an IPv4 address"),
    "form of an IPv6 address": _("form of an IPv6 address"),
    "address of no particular machine": _("address of no particular machine"),
    "reads as a version or section": _("reads as a version or section"),
    # What opens doors.
    "prefix of a service": _("prefix of a service"),
    "value after the name of a key": _("value after the name of a key"),
    "private key block": _("private key block"),
    "header of a signed token": _("header of a signed token"),
    "value after password": _("value after password"),
    "code after its name": _("code after its name"),
    "secret in a query": _("secret in a query"),
    "user and secret in an address": _("user and secret in an address"),
    "placeholder for a secret": _("placeholder for a secret"),
    # Words.
    "name with a title": _("name with a title"),
    "name after its cue": _("name after its cue"),
    "name in a record": _("name in a record"),
    "name above an address": _("name above an address"),
    "name before a common family name": _("name before a common family name"),
    "name of someone who does something": _("name of someone who does something"),
    "given name and family name": _("given name and family name"),
    "given name alone": _("given name alone"),
    "address after its cue": _("address after its cue"),
    "street and number": _("street and number"),
    "road and number": _("road and number"),
    "number and street": _("number and street"),
    "town and postal code": _("town and postal code"),
    "post office box": _("post office box"),
    "term of the kind": _("term of the kind"),
    "a long run that cannot be read": _("a long run that cannot be read"),
    "text that took too long": _("text that took too long"),
    "text that could not be judged": _("text that could not be judged"),
    "longer than is judged at once": _("longer than is judged at once"),
    # How it was written.
    "groups put together": _("groups put together"),
    "letters for digits": _("letters for digits"),
    "over a line end": _("over a line end"),
    "pulled apart": _("pulled apart"),
    "spoken digits": _("spoken digits"),
    "without marks": _("without marks"),
}


def rule_label(rule: str) -> str:
    """Return a rule of the contract in the language of the reader."""
    return ", ".join(str(_PIECES.get(piece, piece)) for piece in rule.split(", "))
