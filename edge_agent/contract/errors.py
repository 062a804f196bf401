"""What the contract refuses.

ContractError
├── PolicyInvalid       the document does not say what a policy must say
├── SignatureInvalid    not signed by whom it should be, or changed on the way
├── Expired             too old, not yet valid, or the clock cannot be trusted
├── Replayed            seen before
└── MaskUnknown         a placeholder that this session did not give out
"""


class ContractError(Exception):
    """`code` is for programs, the message for people; neither repeats what was judged."""

    code = "contract_error"


class PolicyInvalid(ContractError):
    code = "policy_invalid"


class SignatureInvalid(ContractError):
    code = "signature_invalid"


class Expired(ContractError):
    code = "expired"


class Replayed(ContractError):
    code = "replayed"


class MaskUnknown(ContractError):
    code = "mask_unknown"
