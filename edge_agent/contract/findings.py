"""What a detector reports: a span of the original text, what it is, and how sure that is."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a policy can name. Values are the ones in policies, reasons and placeholders."""

    # Numbers and strings with a form of their own.
    RESIDENT_ID = "RESIDENT_ID"
    SOCIAL_CREDIT_CODE = "SOCIAL_CREDIT_CODE"
    PHONE = "PHONE"
    BANK_CARD = "BANK_CARD"
    PASSPORT = "PASSPORT"
    LICENSE_PLATE = "LICENSE_PLATE"
    IBAN = "IBAN"
    EMAIL = "EMAIL"
    IP_ADDRESS = "IP_ADDRESS"
    NATIONAL_ID = "NATIONAL_ID"
    TAX_ID = "TAX_ID"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    # What opens doors.
    URL_CREDENTIALS = "URL_CREDENTIALS"
    API_KEY = "API_KEY"
    PRIVATE_KEY = "PRIVATE_KEY"
    JWT = "JWT"
    PASSWORD = "PASSWORD"  # noqa: S105  the name of a kind, not a secret
    # What is recognised by its words.
    PERSON = "PERSON"
    ADDRESS = "ADDRESS"
    MEDICAL = "MEDICAL"
    SALARY = "SALARY"
    CONTRACT = "CONTRACT"
    TENANT_WORD = "TENANT_WORD"
    # What cannot be read, so nobody knows.
    OPAQUE = "OPAQUE"


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` count code points of the text as it was given; `score` lies in 0 … 1.

    `rule` says in a few stable words why, for the reasons a person reads ("checksum holds",
    "checksum fails", "decoded from base64"); it never repeats the text.
    """

    start: int
    end: int
    kind: Kind
    score: float
    rule: str
