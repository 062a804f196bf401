"""What the tests of passwords share."""

from edge_agent.contract.detectors import passwords
from edge_agent.contract.flattening import flat


def lines(texts: str) -> list[str]:
    """Return a text for each line; what stands for the end of a line is one."""
    return [text.replace(r"\n", "\n").replace(r"\t", "\t") for text in texts.strip().splitlines()]


def passwords_in(text: str) -> list[str]:
    """Return what counts."""
    found = passwords.find(flat(text))
    return [text[each.start : each.end] for each in found if each.score >= 0.5]
