"""Ask over HTTP and note when the worker's first event and the first word arrive."""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.bench.asking import Asker, ask, asker_of_new_tenant, spread
from tests.harness.processes import LiveServer, LiveWorker
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import model_environment

WARM_UP = 5
# How many ask at once, and how many questions each of them has.
ROUNDS = {1: 100, 16: 12}


def measure(provider: ScriptedProvider) -> dict[str, Any]:
    environment = model_environment(provider)
    server, worker = LiveServer(**environment), LiveWorker()
    worker.environment |= environment
    with server, worker:
        asker = asker_of_new_tenant(server)
        return {
            str(concurrent): _asked(asker, concurrent, rounds)
            for concurrent, rounds in ROUNDS.items()
        }


def _asked(asker: Asker, concurrent: int, rounds: int) -> dict[str, Any]:
    for _ in range(WARM_UP):
        ask(asker)
    with ThreadPoolExecutor(concurrent) as pool:
        heard = list(pool.map(lambda _number: ask(asker), range(concurrent * rounds)))
    figures = {
        "questions": len(heard),
        "first_event_ms": spread([each.first_event_ms for each in heard]),
        "first_word_ms": spread([each.first_word_ms for each in heard]),
        "end_ms": spread([each.end_ms for each in heard]),
    }
    sys.stderr.write(f"{concurrent} at once: {figures}\n")
    return figures
