"""How soon an asker hears something: `python -m tests.bench.first_event`.

Real web server and worker, real embedder, real HTTP. The model is a scripted server on the same
machine that answers at once, so what is measured is our share: from sending the question to the
worker's first event, and to the first word.
"""

from importlib import import_module

from tests.bench.fresh import fresh_database, print_figures
from tests.harness.scripted_provider import ScriptedProvider


def main() -> None:
    with ScriptedProvider() as provider, fresh_database(EMBEDDINGS="auto"):
        # It names models, which there are only now.
        figures = import_module("tests.bench.first_event_rounds").measure(provider)
    print_figures("tests.bench.first_event", {"concurrent": figures})


if __name__ == "__main__":
    main()
