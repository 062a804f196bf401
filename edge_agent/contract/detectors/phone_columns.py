"""Telephone numbers in the columns of a table whose headings say so."""

import re
from collections.abc import Iterator

from edge_agent.contract.detectors.phone_words import Words, name_telephone
from edge_agent.contract.detectors.table_cells import cells_under
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_NUMBER = re.compile(r"[+(]?[0-9][0-9() ./-]{5,22}")
# What everybody may know, and days.
_NONE = re.compile(
    r"1?-?[48]00-?[0-9]{3,4}-?[0-9]{3,4}|(?:19|20)[0-9]{2}([-./ ]?)[0-9]{2}\1[0-9]{2}"
)
_DIGITS = range(7, 16)


def phones_in_columns(reading: Reading, words: Words) -> Iterator[Finding]:
    if not words.may_name_columns():
        return
    text = reading.text
    for start, end, _ in cells_under(text, name_telephone):
        number = text[start:end]
        is_number = _NUMBER.fullmatch(number) and not _NONE.fullmatch(number)
        if is_number and sum(map(str.isdigit, number)) in _DIGITS:
            span = reading.span(start, end)
            yield Finding(*span, Kind.PHONE, 0.7, "number in a column of telephones")
