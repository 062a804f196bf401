"""The policy a new tenant begins with: what opens doors never leaves, what names people is masked."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from edge_agent.contract.detectors.terms import DEFAULT_TERMS
from edge_agent.contract.policy_document import SCHEMA

_SECRET = ("PRIVATE_KEY", "JWT", "API_KEY", "PASSWORD", "URL_CREDENTIALS", "OPAQUE")
_MASKED = (
    "RESIDENT_ID",
    "SOCIAL_CREDIT_CODE",
    "PHONE",
    "BANK_CARD",
    "PASSPORT",
    "LICENSE_PLATE",
    "IBAN",
    "EMAIL",
    "IP_ADDRESS",
    "NATIONAL_ID",
    "TAX_ID",
    "DATE_OF_BIRTH",
    "ADDRESS",
    "TENANT_WORD",
)
# A diagnosis or a salary cannot be masked away: the sentence around it tells as much.
_UNMASKABLE = ("MEDICAL", "SALARY", "CONTRACT")
# A first and a last name alone may be anybody's, of whom the world reads: a title, a cue or the
# words of a record must stand beside them. An owner who wants every name lowers this to 0.7.
_PERSON = {"level": "L1", "score_min": 0.75}
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = datetime(2036, 1, 1, tzinfo=UTC)


def default_document(tenant: str) -> Mapping[str, Any]:
    """Return version 1 as plain values, ready to be written as YAML."""
    return {
        "schema": SCHEMA,
        "tenant": tenant,
        "version": 1,
        "valid_from": BEGINS.isoformat(),
        "valid_until": ENDS.isoformat(),
        "default": "L0",
        "kinds": {
            **dict.fromkeys(_SECRET, "L2"),
            **dict.fromkeys(_MASKED, "L1"),
            **dict.fromkeys(_UNMASKABLE, "L2"),
            "PERSON": _PERSON,
        },
        "words": [],
        "terms": {kind.value: list(words) for kind, words in DEFAULT_TERMS.items()},
        "paths": {},
        "labels": {"public": "L0", "internal": "L1", "confidential": "L2"},
        "collections": {},
    }
