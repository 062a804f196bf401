"""Which name means the same: the one table of types, in the sets, in our contract and in peers.

Types of the sets without a row here (people, places, dates, domains) are told apart or not at all:
they are no secrets of a form, or nobody claims them. `None`: it does not claim to know the type.
"""

from dataclasses import dataclass

from tests.bench.boundary_bench.detectors import (
    DATAFOG,
    JIONLP,
    OURS,
    PRESIDIO,
    PRESIDIO_ALL,
    Detector,
)


@dataclass(frozen=True, slots=True)
class Type:
    """`label` as in the set; then the name each finder gives it."""

    label: str
    ours: str
    presidio: str | None = None
    datafog: str | None = None
    jionlp: str | None = None

    def name_of(self, detector: Detector) -> str | None:
        """Return what the detector calls it, None where it does not claim to know it."""
        names = {
            OURS: self.ours,
            PRESIDIO: self.presidio,
            PRESIDIO_ALL: self.presidio,
            DATAFOG: self.datafog,
            JIONLP: self.jionlp,
        }
        return names.get(detector)


# In the English set; JioNLP's telephone numbers are those of China.
ENGLISH = (
    Type("CREDIT_CARD", "BANK_CARD", "CREDIT_CARD", "CREDIT_CARD"),
    Type("PHONE_NUMBER", "PHONE", "PHONE_NUMBER", "PHONE"),
    Type("EMAIL_ADDRESS", "EMAIL", "EMAIL_ADDRESS", "EMAIL", "email"),
    Type("US_SSN", "NATIONAL_ID", "US_SSN", "SSN"),
    Type("US_DRIVER_LICENSE", "NATIONAL_ID", "US_DRIVER_LICENSE"),
    Type("IBAN_CODE", "IBAN", "IBAN_CODE"),
    Type("IP_ADDRESS", "IP_ADDRESS", "IP_ADDRESS", "IP_ADDRESS", "ip_address"),
)
# In the Chinese set labels are our kinds; those not named here nobody else claims.
CHINESE = (
    Type("RESIDENT_ID", "RESIDENT_ID", jionlp="id_card"),
    Type("PHONE", "PHONE", "PHONE_NUMBER", "PHONE", "phone_number"),
    Type("LICENSE_PLATE", "LICENSE_PLATE", jionlp="motor_vehicle_licence_plate"),
    Type("BANK_CARD", "BANK_CARD", "CREDIT_CARD", "CREDIT_CARD"),
    Type("EMAIL", "EMAIL", "EMAIL_ADDRESS", "EMAIL", "email"),
    Type("IP_ADDRESS", "IP_ADDRESS", "IP_ADDRESS", "IP_ADDRESS", "ip_address"),
    Type("IBAN", "IBAN", "IBAN_CODE"),
)


def chinese_types(labels: set[str]) -> tuple[Type, ...]:
    """Return a row for each label of the Chinese set."""
    known = {each.label: each for each in CHINESE}
    return tuple(known.get(label, Type(label, label)) for label in sorted(labels))
