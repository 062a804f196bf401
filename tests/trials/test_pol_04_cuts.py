"""POL-04: nothing passes the boundary because a long text is judged in pieces.

Every kind of secret, in every disguise, is laid across a cut: the piece ends before it, in its
midst or with it. `POL_04_SECRETS` says how many are drawn.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from random import Random

from edge_agent.contract.excerpts import size_of
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.pieces import OVERLAP_CHARS, PIECE_BYTES_MAX, pieces_of
from tests.boundary_sets.carriers import place
from tests.boundary_sets.drawing import Secret
from tests.boundary_sets.labelled import Labelled
from tests.boundary_sets.secrets import secrets
from tests.trials.test_pol_01_disguises import NOW, POLICY, SEED, WORD_KINDS, Passed, ways_to_write
from tests.trials.test_pol_01_disguises import report as told

SECRETS = int(os.environ.get("POL_04_SECRETS", "16"))
# With words and lines near the cut it is made there, without them in the midst of whatever it is.
WORDS = "The library opens at nine and closes when the last reader has gone home.\n"
NO_WORDS = "图书馆九点开门，最后一位读者离开以后才关门。"
FILLERS = (WORDS, NO_WORDS)
# How much of the secret is before the end of the piece.
SHARES = (0.02, 0.35, 0.5, 0.65, 0.98)
# Cheaper than the overlap of long texts; beside a secret stand the words that say what it is.
OVERLAP_CHARS_MIN, AROUND_CHARS = 300, 120


def test_pol_04_the_overlap_is_longer_than_any_secret_in_any_disguise() -> None:
    lengths = {
        name: len(secret.lead) + len(written) for secret, name, written in _written(SECRETS * 8)
    }

    assert max(lengths.values()) * 2 <= OVERLAP_CHARS, max(lengths, key=lengths.__getitem__)


def test_pol_04_a_secret_across_a_cut_does_not_pass() -> None:
    rng, shares, fillers = Random(SEED), cycle(SHARES), cycle(FILLERS)
    passed = []
    for secret, name, written in _written(SECRETS):
        labelled = place(secret, written, rng, held_out=False)
        if not _is_seen(labelled, next(fillers), next(shares)):
            passed.append(Passed(name, secret.kind, secret.format, labelled.text))

    assert not passed, told(passed, SECRETS)


def test_pol_04_a_secret_across_a_cut_of_full_size_does_not_pass() -> None:
    rng, shares = Random(SEED), cycle(SHARES)
    filler = NO_WORDS * (PIECE_BYTES_MAX // size_of(NO_WORDS) + 1)
    passed = []
    for secret in secrets(SECRETS, SEED, held_out=True):
        labelled = place(secret, secret.text, rng, held_out=False)
        [span] = labelled.spans
        inside = size_of(labelled.text[: span.start + int(len(secret.text) * next(shares))])
        before = filler.encode()[: PIECE_BYTES_MAX - inside].decode("utf-8", "ignore")
        text = f"{before}{labelled.text} {filler}"
        assert len([*pieces_of([text])]) > 1
        if not _is_found([Part(text)], 0, len(before) + span.start, len(before) + span.end, {}):
            passed.append(Passed("as written", secret.kind, secret.format, labelled.text))

    assert not passed, told(passed, SECRETS)


def _written(count: int) -> Iterator[tuple[Secret, str, str]]:
    """Yield secrets with the hint of their disguise, its name, and how they are written."""
    for held_out in (False, True):
        for secret in secrets(count // 2, SEED, held_out=held_out):
            yield secret, "as written", secret.text
            for name, hint, written in ways_to_write(secret.kind, secret.text, disguised=True):
                yield replace(secret, lead=hint + secret.lead), name, written


def _is_seen(labelled: Labelled, filler: str, share: float) -> bool:
    """Cut a text so that this share of the secret stands before the cut, and look for it."""
    [span] = labelled.spans
    overlap = max(OVERLAP_CHARS_MIN, 2 * (span.end - span.start + AROUND_CHARS))
    # A piece is at least twice as long as the overlap, as it is outside this trial.
    around = (filler * (2 * overlap // len(filler) + 1))[: 2 * overlap] + " "
    text = f"{around}{labelled.text} {around}"
    start, end = len(around) + span.start, len(around) + span.end
    cut = start + max(1, int((end - start) * share))
    sizes = {"piece_bytes_max": size_of(text[:cut]), "overlap_chars": overlap}
    return _is_found([Part(WORDS), Part(text), Part(WORDS)], 1, start, end, sizes)


def _is_found(parts: list[Part], index: int, start: int, end: int, sizes: dict[str, int]) -> bool:
    findings = judge(parts, POLICY, now=NOW, **sizes).findings[index]
    return any(
        finding.start < end and start < finding.end and finding.kind not in WORD_KINDS
        for finding in findings
    )
