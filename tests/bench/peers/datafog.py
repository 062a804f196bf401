"""DataFog's patterns, which need no model: `python -m tests.bench.peers.datafog`."""

from typing import Any

from datafog.engine import scan  # type: ignore[import-not-found]

from tests.bench.peers.answering import Row, serve


def main() -> None:
    serve(lambda text, _language: scan(text, engine="regex"), _rows)


def _rows(found: Any) -> list[Row]:
    return [(each.start, each.end, each.type, each.confidence) for each in found.entities]


if __name__ == "__main__":
    main()
