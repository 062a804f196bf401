"""The blocks of code in our documents, as they stand."""

import re

from tests.harness.servers import ROOT

_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)


def blocks_of(document: str, language: str) -> list[str]:
    text = (ROOT / document).read_text()
    return [found["code"] for found in _BLOCK.finditer(text) if found["language"] == language]
