"""The part `disguises`: secrets of every kind written in every disguise; none may pass.

A secret has passed if nothing that was found touches it but words such as names. Beside that it
is counted how often a mask would leave a letter or a digit of it standing.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from random import Random

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.levels import Level
from tests.bench.boundary_bench.ours import judged
from tests.bench.boundary_bench.page import Row, figures, table
from tests.boundary_sets.carriers import place
from tests.boundary_sets.disguises import TRANSFORMS
from tests.boundary_sets.drawing import Secret
from tests.boundary_sets.labelled import Labelled
from tests.boundary_sets.secrets import secrets

SECRETS = 500
SEED = 20261121
CHUNK = 5
AS_WRITTEN = "as written"
HALVES = {False: "seen", True: "held out"}
# Words alone must not excuse a number that nobody saw.
_WORD_KINDS = frozenset(
    {Kind.PERSON, Kind.ADDRESS, Kind.MEDICAL, Kind.SALARY, Kind.CONTRACT, Kind.TENANT_WORD}
)
_ABOUT = f"""\
{SECRETS} made-up secrets of each half, as they are written and in each of {len(TRANSFORMS)} disguises that changes
them, every one in a sentence of its half. The held-out half shares no form, cue word, vendor and sentence with the
other, and is not there to write detectors against. A secret passes if nothing that was found touches it, names and
other words not counted. "Left" were noticed, but a letter or a digit of what was written would stay beside the mask; the
head of a data URI counts, too. What is not listed below neither passed nor was left."""

# The transform, the kind, and what became of it.
_Outcome = tuple[str, Kind, str]


@dataclass(slots=True)
class _Tally:
    judged: Counter[tuple[str, Kind]] = field(default_factory=Counter)
    passed: Counter[tuple[str, Kind]] = field(default_factory=Counter)
    left: Counter[tuple[str, Kind]] = field(default_factory=Counter)

    def add(self, outcomes: Iterable[_Outcome]) -> None:
        for name, kind, outcome in outcomes:
            self.judged[name, kind] += 1
            self.passed[name, kind] += outcome == "passed"
            self.left[name, kind] += outcome == "left"


def measure() -> tuple[str, ...]:
    """Return the blocks of the section."""
    tallies = {name: _tally(is_held_out) for is_held_out, name in HALVES.items()}
    blocks = [_ABOUT, figures(row for name, tally in tallies.items() for row in _rows(name, tally))]
    for place_in_key, what in ((1, "kind"), (0, "disguise")):
        blocks.append(_passed_by(place_in_key, what, tallies))
    return tuple(blocks)


def _tally(is_held_out: bool) -> _Tally:
    tally = _Tally()
    tasks = [(is_held_out, start) for start in range(0, SECRETS, CHUNK)]
    with ProcessPoolExecutor() as pool:
        for number, outcomes in enumerate(pool.map(_outcomes, tasks), 1):
            tally.add(outcomes)
            if number * CHUNK % 50 == 0:
                sys.stderr.write(
                    f"{HALVES[is_held_out]}: {number * CHUNK} of {SECRETS} secrets,"
                    f" {tally.judged.total()} texts, {tally.passed.total()} passed\n"
                )
    return tally


def _outcomes(task: tuple[bool, int]) -> list[_Outcome]:
    is_held_out, start = task
    drawn = secrets(SECRETS, SEED, held_out=is_held_out)[start : start + CHUNK]
    found = []
    for number, secret in enumerate(drawn, start):
        random = Random(f"{SEED} {number}")
        for name, hinted, written in _ways(secret):
            labelled = place(hinted, written, random, held_out=is_held_out)
            found.append((name, secret.kind, _outcome(labelled)))
    return found


def _ways(secret: Secret) -> Iterator[tuple[str, Secret, str]]:
    """Yield each disguise that changes it, the secret with a hint in front, and how it is written."""
    yield AS_WRITTEN, secret, secret.text
    for name, disguise in TRANSFORMS.items():
        if disguise.applies(secret.kind, secret.text):
            yield name, replace(secret, lead=disguise.hint + secret.lead), disguise(secret.text)


def _outcome(labelled: Labelled) -> str:
    [span] = labelled.spans
    judgement = judged(labelled.text)
    [findings] = judgement.findings
    met = [each for each in findings if each.start < span.end and span.start < each.end]
    if not any(each.kind not in _WORD_KINDS for each in met):
        return "passed"
    if judgement.level is Level.L2 or _covers(met, labelled.text, span.start, span.end):
        return "held"
    return "left"


def _covers(findings: list[Finding], text: str, start: int, end: int) -> bool:
    covered = {at for each in findings for at in range(each.start, each.end)}
    return all(at in covered for at in range(start, end) if text[at].isalnum())


def _rows(name: str, tally: _Tally) -> Iterator[Row]:
    plain = sum(count for (way, _), count in tally.passed.items() if way == AS_WRITTEN)
    written = sum(count for (way, _), count in tally.judged.items() if way == AS_WRITTEN)
    passed, total = tally.passed.total() - plain, tally.judged.total() - written
    yield Row(f"{name}, as written: passed", f"{plain} of {written}", "0", plain == 0)
    yield Row(f"{name}, disguised: passed", _share(passed, total), "0", passed == 0)
    yield Row(f"{name}: left", _share(tally.left.total(), tally.judged.total()))


def _share(count: int, total: int) -> str:
    return f"{count} of {total} ({100 * count / max(1, total):.2f} %)"


def _passed_by(place_in_key: int, what: str, tallies: dict[str, _Tally]) -> str:
    """Return a table of what passed or was left, by kind or by disguise; nothing else is listed."""
    rows: dict[str, list[str]] = {}
    names = dict.fromkeys(
        str(key[place_in_key]) for tally in tallies.values() for key in tally.judged
    )
    for name in names:
        cells = [
            sum(count for key, count in counter.items() if str(key[place_in_key]) == name)
            for tally in tallies.values()
            for counter in (tally.judged, tally.passed, tally.left)
        ]
        if cells[1] or cells[2] or cells[4] or cells[5]:
            rows[name] = [*map(str, cells)]
    if not rows:
        return f"By {what}: nothing passed, nothing is left."
    head = [f"{half}: {count}" for half in tallies for count in ("judged", "passed", "left")]
    return table((f"{what} ({len(names)} in all)", *head), ((n, *rows[n]) for n in rows))
