"""Answers batches of texts with spans and times, the same way for us and for every peer.

Each line of input is `{"language": "en", "texts": [...]}`; each line of output is a list with
`{"spans": [[start, end, name, score], ...], "us": microseconds}` for each text. A line that says
`{"ready": ...}` comes first; what an import prints before that is not an answer.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from typing import Any

Row = tuple[int, int, str, float]


def serve(find: Callable[[str, str], Any], rows_of: Callable[[Any], list[Row]]) -> None:
    """Answer until the input ends; only `find(text, language)` is timed.

    The first line is the warm-up: after it, what was allocated so far is out of the collector's
    sight, as in a server that has started.
    """
    _write({"ready": sys.version.split()[0]})
    for number, line in enumerate(sys.stdin):
        request = json.loads(line)
        _write([_answer(find, rows_of, text, request["language"]) for text in request["texts"]])
        if number == 0:
            gc.collect()
            gc.freeze()


def _answer(
    find: Callable[[str, str], Any],
    rows_of: Callable[[Any], list[Row]],
    text: str,
    language: str,
) -> dict[str, Any]:
    started = time.perf_counter_ns()
    found = find(text, language)
    microseconds = (time.perf_counter_ns() - started) / 1000
    return {"spans": rows_of(found), "us": microseconds}


def _write(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()
