"""Passages on their way from cutting to embedding: on the disk, so that length takes no memory."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from itertools import islice
from typing import BinaryIO

from rag.chunking import Piece


class Spool:
    """A file that passages are added to, and then read from."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.count = 0

    def add(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            self._file.write(json.dumps(astuple(piece)).encode() + b"\n")
            self.count += 1

    def batches(self, size: int) -> Iterator[list[Piece]]:
        self._file.seek(0)
        pieces = (Piece(*json.loads(line)) for line in self._file)
        while batch := [*islice(pieces, size)]:
            yield batch


@contextmanager
def new_spool() -> Iterator[Spool]:
    """Offer a spool whose file has no name and goes with the block."""
    with tempfile.TemporaryFile() as file:
        yield Spool(file)
