"""How search time and index size grow: `python -m tests.bench.retrieval [--sizes 1000 40000]`.

Passages are synthetic: words by Zipf's law, random vectors of 384 numbers. What is timed is
the whole `search`, fused, with the scripted embedder, on a fresh PostgreSQL.
"""

import argparse
from importlib import import_module

from tests.bench.fresh import fresh_database, print_figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 40_000])
    sizes = sorted(parser.parse_args().sizes)
    with fresh_database():
        # It names models, which there are only now.
        figures = import_module("tests.bench.retrieval_sizes").measure(sizes)
    print_figures("tests.bench.retrieval", {"sizes": figures})


if __name__ == "__main__":
    main()
