"""Policies as files: YAML in, a `Policy` out."""

from pathlib import Path

import yaml

from edge_agent.contract.errors import PolicyInvalid
from edge_agent.contract.policy import Policy
from edge_agent.contract.policy_document import policy_of

SIZE_BYTES_MAX = 1_000_000


def read_policy(path: Path) -> Policy:
    """Read a policy file.

    Raises:
        PolicyInvalid: it is too large, not YAML, or does not say what a policy must say.
        OSError: it cannot be read.
    """
    if path.stat().st_size > SIZE_BYTES_MAX:
        raise PolicyInvalid(f"larger than {SIZE_BYTES_MAX} bytes")
    return policy_from_yaml(path.read_text(encoding="utf-8"))


def policy_from_yaml(text: str) -> Policy:
    """Raises: PolicyInvalid."""
    try:
        return policy_of(yaml.safe_load(text))
    except (yaml.YAMLError, RecursionError) as error:
        raise PolicyInvalid("not YAML") from error
