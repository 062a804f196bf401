"""Every command a document names exists, with the options it is shown with."""

import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from config.stack.given import read_env_file
from tests.docs.blocks import DOCUMENTS, blocks_of
from tests.harness.servers import ROOT

_MANAGED = re.compile(r"`(?:python )?manage\.py ([a-z_]+)([^`]*)`")
_MADE = re.compile(r"\bmake ([a-z][a-z-]+)")
_RUN = re.compile(r"python -m ([\w.]+)")


def found_in(pattern: re.Pattern[str]) -> list[tuple[str, ...]]:
    """Return what stands in code, not in prose, for "make sure" is no command."""
    found = set()
    for document in DOCUMENTS:
        text = (ROOT / document).read_text()
        for code in (*re.findall(r"`[^`\n]+`", text), *blocks_of(document, "sh")):
            found |= {match.groups() for match in pattern.finditer(code)}
    return sorted(found)


@pytest.mark.parametrize(("name", "rest"), found_in(_MANAGED))
def test_a_command_of_the_documents_takes_the_options_shown(name: str, rest: str) -> None:
    command = load_command_class(get_commands()[name], name)
    parser = command.create_parser("manage.py", name)

    shown = set(re.findall(r"--[a-z-]+", rest))

    assert shown <= set(parser._option_string_actions)


def test_a_target_of_the_documents_is_in_the_makefile() -> None:
    made = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]+):", made, re.MULTILINE))

    assert {name for (name,) in found_in(_MADE)} <= targets


def test_a_module_of_the_documents_can_be_run() -> None:
    modules = {name for (name,) in found_in(_RUN)}

    assert {name for name in modules if find_spec(name) is None} == set()
    assert modules


def test_the_settings_shown_are_those_there_are(tmp_path: Path) -> None:
    [shown] = [block for block in blocks_of("docs/models.md", "sh") if "OPENAI_MODEL=" in block]
    path = tmp_path / "shown.env"
    path.write_text(shown)

    values = read_env_file(path)

    listed = (ROOT / ".env.example").read_text()
    assert {name for name in values if f"{name}=" not in listed} == set()
    assert values["OPENAI_MODEL"] == "gpt-4o-mini"


def test_the_line_of_the_boundary_runs_as_it_stands() -> None:
    [line] = blocks_of("docs/boundary.md", "sh")
    python = shlex.quote(sys.executable)

    done = subprocess.run(
        ["/bin/sh", "-c", line.replace(".venv/bin/python", python)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "PHONE" in done.stdout.upper()
