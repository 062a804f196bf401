"""The shape of the house, counted: sizes, names, imports and doors."""

import ast
import graphlib
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINES_PER_FILE_MAX = 300
LINES_PER_FUNCTION_MAX = 50
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "managers", "misc"}
TOP_LEVEL = {
    ".ci",
    ".env.example",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "assistant",
    "config",
    "docker",
    "docs",
    "edge_agent",
    "manage.py",
    "pyproject.toml",
    "quotas",
    "rag",
    "requirements-dev.txt",
    "requirements.txt",
    "templates",
    "tenants",
    "tests",
}
# The only modules that may speak to the outside, each the one door of its vendor.
DOORS = {
    "openai": {"assistant/llm/cloud.py", "rag/embeddings.py"},
    "django_tenants": {"tenants/base/postgresql/base.py", "tenants/middleware.py"},
    "httpx2": {"tenants/base/egress.py", "assistant/llm/cloud.py", "rag/embeddings.py"},
    "aiohttp": {"tenants/base/egress.py", "tenants/base/async_egress.py"},
    "requests": set(),
    "urllib.request": set(),
    "httpx": set(),
    "http.client": {"config/stack/"},
}


@cache
def tracked_files() -> tuple[str, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return tuple(name for name in listed if name and (ROOT / name).is_file())


def sources(*, with_tests: bool = True) -> Iterator[tuple[str, str, ast.Module]]:
    for name in tracked_files():
        if not name.endswith(".py") or "/migrations/" in name:
            continue
        if name.startswith("tests/") and not with_tests:
            continue
        text = (ROOT / name).read_text()
        yield name, text, ast.parse(text)


def test_files_hold_one_idea() -> None:
    long = [name for name, text, _ in sources() if text.count("\n") > LINES_PER_FILE_MAX]

    assert long == []


def test_functions_fit_a_screen() -> None:
    long = [
        f"{name}:{node.name}"
        for name, _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LINES_PER_FUNCTION_MAX
    ]

    assert long == []


def test_no_module_is_named_for_nothing() -> None:
    vague = [
        name
        for name, _, _ in sources()
        if FORBIDDEN_NAMES & set(name.removesuffix(".py").split("/"))
    ]

    assert vague == []


def test_top_level_stays() -> None:
    assert {name.split("/")[0] for name in tracked_files()} <= TOP_LEVEL


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{name}:{inner.lineno}"
        for name, _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_every_vendor_has_one_door() -> None:
    trespassers = []
    for name, _, tree in sources(with_tests=False):
        for module in _imported(tree):
            for vendor, doors in DOORS.items():
                inside = module == vendor or module.startswith(f"{vendor}.")
                if inside and not any(name.startswith(door) for door in doors):
                    trespassers.append(f"{name} imports {module}")

    assert trespassers == []


def test_orm_is_never_used_asynchronously() -> None:
    forbidden = {"aget", "afirst", "acreate", "asave", "adelete", "aupdate", "sync_to_async"}
    used = [
        f"{name}:{node.lineno} {node.attr}"
        for name, _, tree in sources(with_tests=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in forbidden
    ]

    assert used == []


def test_every_room_is_under_the_import_contract() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    rooms = {
        name.split("/")[0]
        for name in tracked_files()
        if name.count("/") == 1 and name.endswith("/__init__.py") and not name.startswith("tests/")
    }

    assert rooms == set(contract["root_packages"])


def test_no_module_imports_what_imports_it() -> None:
    """Packages count as modules here: `from package import name` runs the package first."""
    modules = {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): tree
        for name, _, tree in sources(with_tests=False)
    }
    imports = {
        module: {found for found in _imported(tree) if found in modules and found != module}
        for module, tree in modules.items()
    }
    circle: list[str] = []
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        circle = error.args[1]

    assert circle == []


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
