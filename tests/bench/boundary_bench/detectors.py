"""Ours and the peers as processes that are asked in turns; peers are installed on demand."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.bench.boundary_bench.scoring import Span
from tests.harness.servers import ROOT

ENVIRONMENTS = ROOT / ".run" / "bench-peers"
INSTALL_SECONDS_MAX = 600
_STAMP = "installed.json"
# Some of them would send home that they were used.
_QUIET = {"DO_NOT_TRACK": "1", "DATAFOG_NO_TELEMETRY": "1"}


class PeerMissing(Exception):
    """A peer could not be installed or does not start."""


@dataclass(frozen=True, slots=True)
class Detector:
    """`pins` are empty for ours, which runs in the environment of the bench."""

    name: str
    module: str
    pins: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found in one text, and the microseconds that took."""

    spans: tuple[Span, ...]
    microseconds: float


PRESIDIO_PINS = ("presidio-analyzer==2.2.366", "spacy==3.8.18", "phonenumbers==9.0.43")
OURS = Detector("ours", "tests.bench.boundary_bench.ours")
PRESIDIO = Detector("presidio", "tests.bench.peers.presidio", PRESIDIO_PINS)
PRESIDIO_ALL = Detector("presidio, every country", PRESIDIO.module, PRESIDIO_PINS, ("all",))
PRESIDIO_SHIPPED = Detector("presidio with a network", PRESIDIO.module, PRESIDIO_PINS, ("network",))
JIONLP = Detector("jionlp", "tests.bench.peers.jionlp", ("jionlp==1.5.31",))
DATAFOG = Detector("datafog", "tests.bench.peers.datafog", ("datafog==4.9.0",))
PEERS = (PRESIDIO, PRESIDIO_ALL, JIONLP, DATAFOG)


class Asked:
    """A detector that runs; one question at a time."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self._child = child

    def answer(self, texts: Sequence[str], language: str) -> list[Answer]:
        """Return an answer for each text; raises PeerMissing where the process has ended."""
        if self._child.stdin is None:
            raise PeerMissing("no way to ask")
        try:
            self._child.stdin.write(json.dumps({"language": language, "texts": [*texts]}) + "\n")
            self._child.stdin.flush()
        except BrokenPipeError as error:
            raise PeerMissing("its process ended") from error
        return [
            Answer(tuple(Span(*row) for row in each["spans"]), each["us"]) for each in self.read()
        ]

    def read(self) -> Any:
        line = self._child.stdout.readline() if self._child.stdout else ""
        if not line:
            raise PeerMissing("its process ended")
        # What an import prints comes before it is ready, and is no answer.
        return json.loads(line) if line[0] in "[{" else self.read()


@contextmanager
def running(detectors: Sequence[Detector]) -> Iterator[tuple[dict[Detector, Asked], list[str]]]:
    """Start all that can be had; yield them, and a line for each that cannot."""
    with ExitStack() as stack:
        asked: dict[Detector, Asked] = {}
        missing: list[str] = []
        for each in detectors:
            try:
                asked[each] = stack.enter_context(_started(each))
            except PeerMissing as error:
                missing.append(f"{each.name} could not be measured: {error}")
        yield asked, missing


@contextmanager
def _started(detector: Detector) -> Iterator[Asked]:
    child = subprocess.Popen(
        [_python(detector), "-m", detector.module, *detector.arguments],
        cwd=ROOT,
        env=os.environ | _QUIET,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        try:
            asked = Asked(child)
            asked.read()
            yield asked
        finally:
            child.kill()


def _python(detector: Detector) -> str:
    """Return the interpreter that has what the detector needs; install it if that was not done."""
    if not detector.pins:
        return sys.executable
    folder = ENVIRONMENTS / detector.module.rpartition(".")[2]
    python, stamp = folder / "bin" / "python", folder / _STAMP
    if not stamp.is_file() or json.loads(stamp.read_text()) != [*detector.pins]:
        sys.stderr.write(f"installing {', '.join(detector.pins)} in {folder}\n")
        _run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)])
        _run(
            [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", *detector.pins]
        )
        stamp.write_text(json.dumps(detector.pins))
    return str(python)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(
            command, check=True, timeout=INSTALL_SECONDS_MAX, capture_output=True, text=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or type(error).__name__).strip()
        raise PeerMissing(f"not installable ({said.splitlines()[-1]})") from error
