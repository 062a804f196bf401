"""Other code in the place of a child's own: how it dies, or what it says of itself."""

import sys
from pathlib import Path

import pytest

from rag import confined


def run_instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    """Let the child run this code."""
    script = tmp_path / "python"
    body = tmp_path / "code.py"
    body.write_text(code)
    script.write_text(f"#!/bin/sh\nPYTHONPATH={confined._PROJECT} exec {sys.executable} {body}\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
