"""What the words beside a name say of it: a title, a cue, a deed that only people do."""

import re
from enum import Enum

# What may stand right before a name, in small letters, after a space.
_HONORIFICS = tuple(
    f" {each}{dot}"
    for each in ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "madam")
    for dot in ("", ".")
)
_SURE = (
    *(" my name is", " name:", " named", " patient", " patient:", " dear", " signed", " signed by"),
    *(" signed:", " regards,", " sincerely,", " cheers,", " attn", " attn:", " attn.", " contact:"),
    *(" cardholder:", " employee:", " customer:", " client:", " applicant:", " recipient:"),
    *(" tenant:", " manager:", " name is", " 's name", " partner's name", " on behalf of"),
    *(" hi", " hello", " named him", " named her", " calls me"),
    *(" in the name of", " your name?", " account? user:"),
)
_OWN = (" i am", " i'm", " i’m")
# After these, only a given name that is known counts.
_WEAK = (
    *_OWN,
    *(" this is", " employee", " customer", " client", " contact", " colleague", " manager"),
    *(" wife", " husband", " son", " daughter", " brother", " sister", " friend", " partner"),
    *(" follow up with", " speak to", " speak with", " spoke to", " spoke with", " talk to"),
    *(
        " talked to",
        " meet with",
        " met with",
        " emailed",
        " phoned",
        " assistant to",
        " it's under",
    ),
    *(" reports to", " handed to", " prepared by", " approved by", " reviewed by", " invite"),
    *(" written by", " sent by", " assigned to", " add", " cc", " shouted at", " said to"),
    *(
        " user:",
        " call me",
        " ask for",
        " had given",
        " has given",
        " gave",
        " from:",
        " to:",
        " cc:",
    ),
    *('" said', '" says', "” said", "” says", "’ said", " asked", " told", " named"),
)
_LAST_WORDS = frozenset(cue.rsplit(" ", 1)[-1] for cue in (*_HONORIFICS, *_SURE, *_WEAK))
_OWNED = (
    "address|e-?mail|phone|telephone|mobile|number|account|card|passport|salary|payslip|contract"
    "|wife|husband|daughter|son|mother|father|sister|brother|parents|boss|doctor|lawyer|birthday"
    "|password|desk|cv|resume|flat|apartment|diagnosis|illness|insurance|family|boyfriend|girlfriend"
)
# What only people do or have, right after their name.
_DEED = re.compile(
    rf"['’]s (?:new |old |own |home |work )?(?:{_OWNED})(?![a-z])"
    r"| (?:lives?|lived|resides?|works?) (?:at|in|for|on|near|with)(?![a-z])"
    r"| (?:(?:has |had )?(?:said|says|told|asked|replied|called|phoned|emailed|texted|shouted|complained"
    r"|apologi[sz]ed|resigned|explained)|points out|can be reached|is on (?:sick )?leave"
    r"|will (?:call|be (?:talking|speaking|attending|joining))|had given)(?![a-z])"
    r"| is (?:from|our|my|away|ill|sick|pregnant|very|a (?:very )?[a-z]+ person)(?![a-z])"
    r"|, (?:can|could|please|would|will|i am|i'm|are you|do you|thank)(?![a-z])"
    r"|, (?:the [A-Za-z ]{3,40}, )?(?:said|says|aged [0-9]{1,3}(?![0-9]))"
    r"|,? \(?(?:born|b\.|dob|d\.o\.b\.) ?:?"
    r"| as (?:a |an |my |our |the )?(?:beneficiary|guardian|executor|contact|witness|signatory|tenant)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_NEAR_BEFORE = 24
# A cue may stand after what begins a line, a cell or a bracket.
_AS_SPACES = str.maketrans(dict.fromkeys("\n\r\t(>|*_", " "))


class Cue(Enum):
    """What stands before a name; after a weak one only a given name that is known counts."""

    NONE = 0
    WEAK = 1
    SURE = 2
    TITLE = 3


def before(text: str, start: int) -> str:
    """Return what stands right before a name, made small, for the questions below."""
    words = text[max(0, start - _NEAR_BEFORE) : start].lower()
    return " " + words.translate(_AS_SPACES).rstrip()


def cue(words: str) -> Cue:
    """Return how far the words before a name say that it is one."""
    # One look instead of a hundred: most words before a name are none of the last ones.
    if words[words.rfind(" ") + 1 :] not in _LAST_WORDS:
        return Cue.NONE
    if words.endswith(_HONORIFICS):
        return Cue.TITLE
    if words.endswith(_SURE):
        return Cue.SURE
    return Cue.WEAK if words.endswith(_WEAK) else Cue.NONE


def is_said_of_oneself(words: str) -> bool:
    return words.endswith(_OWN)


def does_what_people_do(text: str, end: int) -> bool:
    """Say whether what follows a name is what people do, or own."""
    return _DEED.match(text, end) is not None
