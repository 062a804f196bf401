"""How well passages and sentences are found: XQuAD, 1,190 questions in each language.

    python -m tests.bench.retrieval_xquad [FOLDER]

The data are not part of the project; by default they are looked for beside it.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.bench.fresh import fresh_database, print_figures
from tests.harness.servers import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "xquad"
LANGUAGES = ("en", "zh")
MISSING = (
    "XQuAD is not here: get xquad.en.json and xquad.zh.json from"
    " https://github.com/google-deepmind/xquad and name their folder"
)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not folder.is_dir():
        sys.exit(MISSING)
    with fresh_database(EMBEDDINGS="auto"):
        call_command(
            "create_tenant",
            "bench",
            name="Bench",
            owner_email="owner@bench.example",
            stdout=sys.stderr,
        )
        figures = {language: _evaluated(folder, language) for language in LANGUAGES}
    print_figures("tests.bench.retrieval_xquad", {"languages": figures})


def _evaluated(folder: Path, language: str) -> dict[str, Any]:
    said = io.StringIO()
    path = folder / f"xquad.{language}.json"
    call_command("evaluate_retrieval", path, tenant="bench", json=True, stdout=said)
    figures: dict[str, Any] = json.loads(said.getvalue().splitlines()[-1])
    return figures


if __name__ == "__main__":
    main()
