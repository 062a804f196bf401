"""What one tenant's flood costs another: `python -m tests.bench.under_load`.

Real web server and worker over real HTTP; the model is a scripted server in a process of its own.
First another tenant asks, loads pages and calls `/v1` alone, then while one tenant floods every door
fifty times from another process. At last five times as many load pages as the site has threads for.
On a machine whose cores all do the flooding as well, only the ratios mean something.
"""

from importlib import import_module

from tests.bench.fresh import fresh_database, print_figures


def main() -> None:
    with fresh_database(EMBEDDINGS="auto"):
        # It names models, which there are only now.
        figures = import_module("tests.bench.under_load_rounds").measure()
    print_figures("tests.bench.under_load", figures)


if __name__ == "__main__":
    main()
