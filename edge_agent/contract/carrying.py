"""What a piece of a long text brings along from before it, to say there what it says in the whole.

A heading holds for all the rows under it, however far down; a number may go on in the next text.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from edge_agent.contract.detectors.birth_words import names_birth
from edge_agent.contract.detectors.name_columns import heading_of_names
from edge_agent.contract.detectors.national_ids import names_number
from edge_agent.contract.detectors.passports import names_passport
from edge_agent.contract.detectors.password_columns import heading_of_passwords
from edge_agent.contract.detectors.password_words import cues
from edge_agent.contract.detectors.phone_words import name_telephone
from edge_agent.contract.detectors.table_cells import heading_over, names_over
from edge_agent.contract.flattening import LEFT_TO_RIGHT_AGAIN, SHOWN_BACKWARDS, flat
from edge_agent.contract.readings import Reading, plain_reading
from edge_agent.contract.rewriting import AROUND_CHARS, token_end, token_start
from edge_agent.contract.windows import GAP_CHARS_MAX, PIECES_MAX, groups_of

Span = tuple[int, int]
_HEADINGS: tuple[Callable[[str], bool], ...] = (
    name_telephone,
    names_birth,
    names_number,
    names_passport,
)
# Wider rows than this no reader would compare with their heading, and no piece could hold.
HEADINGS_CHARS_MAX = 20_000


def brought(text: str, place: int) -> tuple[list[Span], int]:
    """Return what must stand before what follows this place, and where that begins.

    It begins a little earlier where only whole rows can be read.
    """
    reading = plain_reading(text) if SHOWN_BACKWARDS in text else flat(text)
    at = bisect_left(reading.starts, place)
    spans = {heading for heading in _headings(reading, at) if heading is not None}
    inserted = _inserted(reading.text, at)
    if inserted is not None:
        names, at = inserted
        spans.add(names)
        place = reading.starts[at]
    # With the end of its line.
    found = [_with_line_end(text, reading.span(*span)) for span in sorted(spans)]
    return [*_few(found), *_turn(text, place)], place


def row_before(texts: Sequence[str]) -> list[Span | None]:
    """Return where in the last texts groups of digits stand that a number may begin with.

    None stands for a text that has none of them; from the first that has one, all are there.
    """
    spans: list[Span | None] = []
    count = away = 0
    for text in reversed(texts):
        row, is_all = _last_row(text, PIECES_MAX - 1 - count)
        away = 0 if row else away + 1
        if away > PIECES_MAX or count >= PIECES_MAX - 1:
            break
        spans.append(_with_words(text, row) if row else None)
        count += len(row)
        if not is_all:
            break
    while spans and spans[-1] is None:
        spans.pop()
    return spans[::-1]


def _headings(reading: Reading, place: int) -> Iterator[Span | None]:
    if "\n" not in reading.text:
        return
    for is_heading in _HEADINGS:
        yield heading_over(reading.text, place, is_heading)
    yield heading_of_names(reading, place)
    named = cues(reading)
    if named:
        yield heading_of_passwords(reading, named, place)


def _inserted(text: str, place: int) -> tuple[Span, int] | None:
    found = (names_over(text, place, is_heading) for is_heading in _HEADINGS)
    return next((each for each in found if each is not None), None)


def _with_line_end(text: str, span: Span) -> Span:
    return span[0], span[1] + (text[span[1] : span[1] + 1] == "\n")


def _few(spans: Sequence[Span]) -> list[Span]:
    """Return the first of them, as many as a piece has room for."""
    kept: list[Span] = []
    room = HEADINGS_CHARS_MAX
    for start, end in spans:
        room -= end - start
        if room >= 0:
            kept.append((start, end))
    return kept


def _turn(text: str, place: int) -> list[Span]:
    """Return the sign since which text is shown from right to left, if it still is here."""
    at = text.rfind(SHOWN_BACKWARDS, 0, place)
    is_on = at >= 0 and text.find(LEFT_TO_RIGHT_AGAIN, at, place) < 0
    return [(at, at + 1)] if is_on else []


def _last_row(text: str, count: int) -> tuple[list[Span], bool]:
    """Return so many groups of digits at most that stand last and near each other.

    Then whether these are all of the text, so that the row may have begun before it.
    """
    reading = flat(text)
    groups = groups_of(reading)
    row: list[Span] = []
    for start, end in reversed(groups):
        if len(row) >= count or (row and row[-1][0] - end > GAP_CHARS_MAX):
            break
        row.append((start, end))
    return [reading.span(*span) for span in reversed(row)], len(row) == len(groups)


def _with_words(text: str, row: Sequence[Span]) -> Span:
    start = token_start(text, row[0][0] - AROUND_CHARS)
    return start, token_end(text, min(len(text), row[-1][1] + AROUND_CHARS))
