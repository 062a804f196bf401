"""Masking: stable in a session, unlike in two, and undone exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.contract.errors import ContractError
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.masking import (
    EMPTY_BOOK,
    MaskBook,
    book_from_json,
    book_to_json,
    mask,
)
from edge_agent.contract.restoring import restore

ENTROPY = bytes(range(32))
OTHER_ENTROPY = bytes(range(1, 33))
PHONE = "13800138000"

# Letters of placeholders, brackets and what models put into them, more often than chance would.
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("[]\\_- 【】PHONEphoneEMAIL27QKX")), max_size=60
)


def found(text: str, value: str, kind: Kind = Kind.PHONE) -> list[Finding]:
    starts = [at for at in range(len(text)) if text.startswith(value, at)]
    return [Finding(at, at + len(value), kind, 0.9, "test") for at in starts]


def masked(text: str, value: str, book: MaskBook = EMPTY_BOOK) -> tuple[str, MaskBook]:
    return mask(text, found(text, value), book, entropy=ENTROPY)


@st.composite
def texts_with_findings(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    kinds = st.sampled_from(Kind)
    return text, [Finding(start, end, draw(kinds), 0.9, "test") for start, end in spans]


@given(texts_with_findings(), st.binary(min_size=32, max_size=32))
def test_masking_is_undone_exactly(case: tuple[str, list[Finding]], entropy: bytes) -> None:
    text, findings = case

    hidden, book = mask(text, findings, EMPTY_BOOK, entropy=entropy)

    assert restore(hidden, book) == text


@given(texts_with_findings())
def test_masking_does_not_depend_on_the_order_of_findings(
    case: tuple[str, list[Finding]],
) -> None:
    text, findings = case

    forwards = mask(text, findings, EMPTY_BOOK, entropy=ENTROPY)
    backwards = mask(text, findings[::-1], EMPTY_BOOK, entropy=ENTROPY)

    assert forwards == backwards


def test_masking_hides_the_value_and_shows_its_kind() -> None:
    hidden, _ = masked(f"call {PHONE} now", PHONE)

    assert PHONE not in hidden
    assert hidden.startswith("call [PHONE_")
    assert len(hidden) == len("call [PHONE_7Q2KX] now")


def test_masking_gives_the_same_value_the_same_placeholder_all_session() -> None:
    first, book = masked(f"{PHONE} and {PHONE}", PHONE)
    second, later = mask(PHONE, found(PHONE, PHONE), book, entropy=OTHER_ENTROPY)

    assert first == f"{second} and {second}"
    assert later == book


def test_masking_tells_kinds_of_the_same_value_apart() -> None:
    first, book = masked(PHONE, PHONE)
    second, book = mask(PHONE, found(PHONE, PHONE, Kind.TAX_ID), book, entropy=ENTROPY)

    assert second.startswith("[TAX_ID_")
    assert first[-6:] != second[-6:]


def test_masking_in_two_sessions_gives_different_placeholders() -> None:
    here, book = masked(PHONE, PHONE)
    there, other = mask(PHONE, found(PHONE, PHONE), EMPTY_BOOK, entropy=OTHER_ENTROPY)

    assert here != there
    assert restore(here, other) == here
    assert restore(there, book) == there


def test_masking_does_not_derive_the_placeholder_from_the_value() -> None:
    one, _ = masked(PHONE, PHONE)
    another, _ = masked("13900139000", "13900139000")

    assert one == another


@pytest.mark.parametrize("written", ["[{}]", "{}", "\\_{}", "x{}y"])
def test_masking_draws_again_where_the_text_holds_the_code(written: str) -> None:
    drawn, _ = masked(PHONE, PHONE)
    code = drawn[-6:-1]
    text = f"{written.format(code.lower())} {PHONE}"

    hidden, book = masked(text, PHONE)

    assert code not in hidden
    assert restore(hidden, book) == text


def test_masking_takes_a_value_that_looks_like_a_placeholder() -> None:
    first, book = masked(PHONE, PHONE)
    text = f"value {first} and {PHONE}"

    findings = [*found(text, first, Kind.PASSWORD), *found(text, PHONE)]
    hidden, book = mask(text, findings, book, entropy=ENTROPY)

    assert restore(hidden, book) == text


def test_masking_never_repeats_a_code_over_a_long_session() -> None:
    book = EMPTY_BOOK
    for number in range(300):
        _, book = masked(value := f"{number:011}", value, book)

    assert len({each.code for each in book.masks}) == 300


@pytest.mark.parametrize("spans", [[(0, 3), (2, 5)], [(0, 9)], [(2, 2)], [(-1, 2)], [(3, 1)]])
def test_masking_refuses_spans_that_cannot_be(spans: list[tuple[int, int]]) -> None:
    findings = [Finding(start, end, Kind.PHONE, 0.9, "test") for start, end in spans]

    with pytest.raises(ContractError):
        mask("abcdef", findings, EMPTY_BOOK, entropy=ENTROPY)


def test_masking_refuses_little_entropy() -> None:
    with pytest.raises(ContractError):
        mask("abc", [], EMPTY_BOOK, entropy=b"short")


def test_masking_never_shows_values_in_a_repr() -> None:
    _, book = masked(PHONE, PHONE)

    assert PHONE not in repr(book) + str(book) + repr(book.masks)


@given(texts_with_findings())
def test_masking_book_survives_being_kept(case: tuple[str, list[Finding]]) -> None:
    _, book = mask(*case, EMPTY_BOOK, entropy=ENTROPY)

    assert book_from_json(book_to_json(book)) == book


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"masks"', b'"masques"'),
        (b"masks/1", b"masks/2"),
        (b"PHONE", b"TELEPHONE"),
        (b'"PHONE"', b'"EMAIL" '),
        (b"[[", b'[["PHONE"],['),
        (b'"13800138000"', b'""'),
        (b'"13800138000"', b"13800138000"),
        (b"}", b',"more":1}'),
        (b"}", b""),
        (b"{", b"\xff{"),
    ],
)
def test_masking_book_is_refused_when_anything_is_odd(old: bytes, new: bytes) -> None:
    _, book = masked(PHONE, PHONE)
    data = book_to_json(book)

    with pytest.raises(ContractError) as refused:
        book_from_json(data.replace(old, new))

    assert PHONE not in str(refused.value)


def test_masking_book_is_refused_when_it_names_something_twice() -> None:
    _, book = masked(PHONE, PHONE)

    with pytest.raises(ContractError):
        book_from_json(book_to_json(MaskBook(book.masks * 2)))
