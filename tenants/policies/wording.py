"""What the boundary says to people: kinds, levels, destinations and reasons in their language."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Judgement, Reason
from edge_agent.contract.levels import Destination, Level, Passage

KIND_LABELS: dict[str, str | Promise] = {
    Kind.RESIDENT_ID: _("an identity card number"),
    Kind.SOCIAL_CREDIT_CODE: _("a company's social credit code"),
    Kind.PHONE: _("a phone number"),
    Kind.BANK_CARD: _("a bank card number"),
    Kind.PASSPORT: _("a passport number"),
    Kind.LICENSE_PLATE: _("a number plate"),
    Kind.IBAN: _("a bank account number"),
    Kind.EMAIL: _("an e-mail address"),
    Kind.IP_ADDRESS: _("an IP address"),
    Kind.NATIONAL_ID: _("a national identity number"),
    Kind.TAX_ID: _("a tax number"),
    Kind.DATE_OF_BIRTH: _("a date of birth"),
    Kind.URL_CREDENTIALS: _("an address with a password in it"),
    Kind.API_KEY: _("an API key"),
    Kind.PRIVATE_KEY: _("a private key"),
    Kind.JWT: _("an access token"),
    Kind.PASSWORD: _("a password"),
    Kind.PERSON: _("a person's name"),
    Kind.ADDRESS: _("a postal address"),
    Kind.MEDICAL: _("medical information"),
    Kind.SALARY: _("a salary"),
    Kind.CONTRACT: _("terms of a contract"),
    Kind.TENANT_WORD: _("a word on your list"),
    Kind.OPAQUE: _("text that cannot be read"),
}
LEVEL_LABELS: dict[Level, str | Promise] = {
    Level.L0: _("public"),
    Level.L1: _("restricted"),
    Level.L2: _("secret"),
}
DESTINATION_LABELS: dict[Destination, str | Promise] = {
    Destination.NODE: _("the node in your building"),
    Destination.PREMISES: _("a model in the house"),
    Destination.CLOUD: _("this platform"),
    Destination.PROVIDER: _("a third party’s model"),
}
PASSAGE_LABELS: dict[Passage, str | Promise] = {
    Passage.YES: _("as it is"),
    Passage.MASKED: _("masked"),
    Passage.NO: _("not at all"),
}
_OTHER_REASONS: dict[str, str | Promise] = {
    "POLICY": _("no policy is in force"),
    "FLOOR": _("raised by a person or an earlier judgement"),
    "LABEL": _("the label of a document"),
    "COLLECTION": _("the collection it is in"),
    "PATH": _("the place it comes from"),
    "SIZE": _("more text than is judged at once"),
}


def reason_label(reason: Reason) -> str | Promise:
    """Say in a few words what a reason is about; its rule tells the rest."""
    return _OTHER_REASONS.get(reason.what) or KIND_LABELS.get(reason.what, reason.what)


def named(judgement: Judgement) -> str | Promise:
    """Name what made the judgement as strict as it is, without repeating it."""
    whats = {each.what: each for each in judgement.reasons if each.level is judgement.level}
    labels = [reason_label(each) for each in whats.values()]
    if not labels:
        return _("something the policy does not allow")
    return format_lazy("{}" + ", {}" * (len(labels) - 1), *labels)
