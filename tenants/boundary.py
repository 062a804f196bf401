"""The policy of the tenant at work, as the second gate asks it before a text leaves the house.

Until an owner can write another, every tenant has the default policy of the contract.
"""

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.findings import Kind
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of
from tenants.base.context import current_scope

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


def policy_in_force() -> Policy:
    """Return the policy of the current scope's tenant.

    Raises: ScopeMissing.
    """
    return _default_policy(current_scope().schema)


@lru_cache(maxsize=1024)
def _default_policy(schema: str) -> Policy:
    return policy_of(default_document(schema))
