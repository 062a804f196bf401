"""Serve one embedded model over the OpenAI protocol, in a process of its own, without Django.

    python -m assistant.llm.local --port 8123 --model PATH --key-file FILE --alias NAME

It listens on the loopback address only, prints `READY <url>` once the weights are in memory
and answers `GET /health` without a key. It ends with its parent's SIGTERM or SIGINT.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import xllamacpp

from assistant.llm.embedded import EMBEDDED

LOOPBACK = "127.0.0.1"
CONTEXT_TOKENS = 4096
PROMPT_CACHE_MIB = 256
HTTP_THREADS = 32
WARNINGS_ONLY = 2


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_options(arguments)
    if not options.model.is_file():
        sys.stderr.write(f"no model file at {options.model}\n")
        return 2
    key = options.key_file.read_text().strip()
    if not key:
        sys.stderr.write(f"the key file {options.key_file} is empty\n")
        return 2
    ending = {signal.SIGTERM, signal.SIGINT}
    # Blocked before the server starts its threads, so that only the wait below sees them.
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        server = start(options.model, port=options.port, key=key, alias=options.alias)
    except RuntimeError as error:
        sys.stderr.write(f"{options.model.name} cannot be served on {options.port}: {error}\n")
        return 1
    sys.stdout.write(f"READY {server.listening_address}\n")
    sys.stdout.flush()
    signal.sigwait(ending)
    # Nothing is kept here, and the server's own farewell would wait for every open answer.
    os._exit(0)


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="assistant.llm.local", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--key-file", type=Path, required=True)
    parser.add_argument("--alias", required=True)
    return parser.parse_args(arguments)


def start(model: Path, *, port: int, key: str, alias: str) -> xllamacpp.Server:
    """Load the model and listen.

    Raises: RuntimeError when the file is no model or the port is taken.
    """
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {alias}
    params.hostnames = [LOOPBACK]
    params.port = port
    params.api_keys = [key]
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    # Each waiting question holds one of these; the health check must find another one free.
    params.n_threads_http = HTTP_THREADS
    params.cache_ram_mib = PROMPT_CACHE_MIB
    # Repacking the weights for the processor would double the memory they take.
    params.no_extra_bufts = True
    params.cpuparams.n_threads = threads_for(alias)
    # No page of its own, no other origin, and no endpoint that shows another caller's prompt.
    params.ui = False
    params.cors_origins = ""
    params.cors_credentials = False
    params.endpoint_slots = False
    params.verbosity = WARNINGS_ONLY
    return xllamacpp.Server(params)


def threads_for(alias: str) -> int:
    cores = os.cpu_count() or 1
    known = EMBEDDED.get(alias)
    return min(cores, known.threads_max) if known else cores


if __name__ == "__main__":
    sys.exit(main())
