"""The contract imports what it says, and asks nobody for time, chance or files."""

import ast
import subprocess
import sys
from pathlib import Path

import edge_agent.contract

FOLDER = Path(edge_agent.contract.__file__).parent
SOURCES = sorted(FOLDER.rglob("*.py"))
# What python-stdnum, phonenumbers and cryptography bring along.
BROUGHT = ("stdnum", "phonenumbers", "cryptography", "cffi", "_cffi_backend", "_openssl")
ALLOWED = ("edge_agent", *BROUGHT)
IMPURE = {"os", "io", "pathlib", "random", "secrets", "socket", "subprocess", "threading", "time"}

LOAD_ALL = """
import importlib, sys
allowed = set(sys.argv[1].split(",")) | set(sys.stdlib_module_names)
before = set(sys.modules)
sysconfig = importlib.import_module("sysconfig")
allowed.add(sysconfig._get_sysconfigdata_name())
for name in sys.argv[2].split(","):
    importlib.import_module(name)
print(sorted({name.partition(".")[0] for name in set(sys.modules) - before} - allowed))
"""


def modules() -> list[str]:
    root = FOLDER.parents[1]
    return [".".join(path.relative_to(root).with_suffix("").parts) for path in SOURCES]


def test_contract_loads_nothing_but_what_it_names() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD_ALL, ",".join(ALLOWED), ",".join(modules())],
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.strip() == "[]"


def test_contract_imports_nothing_impure() -> None:
    found = {
        f"{path.name}: {name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        for name in _imported(node)
        if name.partition(".")[0] in IMPURE
    }

    assert found == set()


def test_contract_never_asks_for_the_time() -> None:
    found = {
        path.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today", "urandom"}
    }

    assert found == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
