"""Restoring: exact wherever a stream is cut, and whatever a model did to a placeholder."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.contract.errors import ContractError, MaskUnknown
from edge_agent.contract.findings import Kind
from edge_agent.contract.masking import EMPTY_BOOK, Mask, MaskBook
from edge_agent.contract.restoring import Restorer, restore, restore_arguments

BOOK = MaskBook(
    (
        Mask(Kind.PHONE, "7Q2KX", "13800138000"),
        Mask(Kind.RESIDENT_ID, "A4B5C", "11010519491231002X"),
        Mask(Kind.PERSON, "9ZZ2P", "王小明"),
        Mask(Kind.PASSWORD, "K3K3K", "[PHONE_7Q2KX]"),
    )
)
# As a model may have written it, beside what the reader shall see.
WRITTEN = [
    ("[PHONE_7Q2KX]", "13800138000"),
    ("[phone_7q2kx]", "13800138000"),
    ("[Phone_7q2KX]", "13800138000"),
    ("[PHONE\\_7Q2KX]", "13800138000"),
    ("\\[PHONE\\_7Q2KX\\]", "13800138000"),
    ("[PHONE _ 7Q2KX]", "13800138000"),
    ("[PHONE 7Q2KX]", "13800138000"),
    ("[ PHONE_7Q2KX ]", "13800138000"),
    ("【PHONE_7Q2KX】", "13800138000"),
    ("PHONE_7Q2KX", "13800138000"),
    ("phone\\_7q2kx", "13800138000"),
    ("请打PHONE_7Q2KX找他", "请打13800138000找他"),
    ("[resident\\_id\\_a4b5c]", "11010519491231002X"),
    ("[PHONE_7Q2KX][PERSON_9ZZ2P]", "13800138000王小明"),
    ("PHONE_7Q2KXPERSON_9ZZ2P", "13800138000王小明"),
    ("[[PHONE_7Q2KX]]", "[13800138000]"),
    ("[see PHONE_7Q2KX]", "[see 13800138000]"),
    ("[PHONE_7Q2KX, PERSON_9ZZ2P]", "[13800138000, 王小明]"),
    ("[PHONE_7Q2KX", "[13800138000"),
    ("PHONE_7Q2KX]", "13800138000]"),
    ("\\[PHONE_7Q2KX]", "\\13800138000"),
    ("**[PERSON_9ZZ2P]**", "**王小明**"),
    ("PHONE_PHONE_7Q2KX", "PHONE_13800138000"),
    ("ppPHONE_7Q2KX", "pp13800138000"),
    # A value is never read again.
    ("[PASSWORD_K3K3K]", "[PHONE_7Q2KX]"),
    # Not of this book, or not a placeholder at all.
    ("[PHONE_22222]", "[PHONE_22222]"),
    ("[EMAIL_7Q2KX]", "[EMAIL_7Q2KX]"),
    ("[PHONE_7Q2K]", "[PHONE_7Q2K]"),
    ("[PHONE_7Q2K\nX]", "[PHONE_7Q2K\nX]"),
    ("[PHONE_____7Q2KX]", "[PHONE_____7Q2KX]"),
    ("a phone, a person [and] \\", "a phone, a person [and] \\"),
    ("", ""),
]
ANSWER = " ".join(written for written, _ in WRITTEN)
PLAIN = " ".join(plain for _, plain in WRITTEN)
PIECES = st.sampled_from(
    [*(written for written, _ in WRITTEN), *"[]\\_ P【】pP7", "PHONE", "phone_", "7Q2KX", "id"]
)


def restored_in_pieces(pieces: Iterable[str], book: MaskBook = BOOK) -> str:
    restorer = Restorer(book)
    return "".join([*(restorer.feed(piece) for piece in pieces), restorer.close()])


@pytest.mark.parametrize(("written", "plain"), WRITTEN)
def test_restoring_undoes_what_models_do(written: str, plain: str) -> None:
    assert restore(written, BOOK) == plain


def test_llm_05_masks_cut_at_every_character() -> None:
    assert restore(ANSWER, BOOK) == PLAIN
    assert restored_in_pieces(ANSWER) == PLAIN
    for cut in range(len(ANSWER) + 1):
        assert restored_in_pieces([ANSWER[:cut], ANSWER[cut:]]) == PLAIN


@pytest.mark.parametrize(("written", "plain"), WRITTEN)
def test_llm_05_masks_cut_at_every_two_characters(written: str, plain: str) -> None:
    for first in range(len(written) + 1):
        for second in range(first, len(written) + 1):
            pieces = [written[:first], written[first:second], written[second:]]
            assert restored_in_pieces(pieces) == plain


@given(st.lists(PIECES, max_size=12), st.data())
def test_restoring_does_not_depend_on_the_cuts(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))

    chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    assert restored_in_pieces(chunks) == restored_in_pieces(text) == restore(text, BOOK)


@given(st.lists(PIECES, max_size=12))
def test_restoring_keeps_back_no_more_than_it_says(pieces: list[str]) -> None:
    restorer = Restorer(BOOK)

    for letter in "".join(pieces):
        restorer.feed(letter)
        assert len(restorer._held) <= restorer.held_chars_max


@pytest.mark.parametrize(
    "text",
    ["done.", "the ", "[x", "PHONE_7Q2KY", "[PHONE_7Q2KX]", "PHONE_7Q2KX", "[EMAIL_", "phones"],
)
def test_restoring_gives_out_at_once_what_is_certain(text: str) -> None:
    restorer = Restorer(BOOK)

    restorer_gave = restorer.feed(text)

    assert restorer_gave == restore(text, BOOK)


def test_restoring_keeps_nothing_back_without_masks() -> None:
    restorer = Restorer(EMPTY_BOOK)

    assert restorer.feed("[PHONE_7Q2") == "[PHONE_7Q2"
    assert restorer.held_chars_max == 0


def test_restoring_arguments_reaches_every_text() -> None:
    arguments = {
        "to": ["[PHONE_7Q2KX]", {"[PERSON_9ZZ2P]": "tel [phone_7q2kx]"}],
        "count": 3,
        "none": None,
        "sure": True,
        "secret": "[PASSWORD_K3K3K]",
    }

    assert restore_arguments(arguments, BOOK) == {
        "to": ["13800138000", {"王小明": "tel 13800138000"}],
        "count": 3,
        "none": None,
        "sure": True,
        "secret": "[PHONE_7Q2KX]",
    }


def test_restoring_arguments_refuses_masks_of_another_session() -> None:
    with pytest.raises(MaskUnknown):
        restore_arguments({"to": ["call [PHONE_22222]"]}, BOOK)


def test_restoring_arguments_refuses_keys_that_become_one() -> None:
    with pytest.raises(ContractError):
        restore_arguments({"王小明": 1, "[PERSON_9ZZ2P]": 2}, BOOK)
