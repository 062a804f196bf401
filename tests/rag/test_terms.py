"""Terms: the same for a passage and a question, in both languages."""

import time

from hypothesis import given
from hypothesis import strategies as st

from rag.terms import is_mostly_chinese, term_counts, term_number, terms_of


def test_words_are_folded_runs_of_letters_and_digits() -> None:
    assert terms_of("The A4-sheet costs １２.50 €, STRASSE or Straße") == [
        "the",
        "a4",
        "sheet",
        "costs",
        "12",
        "50",
        "strasse",
        "or",
        "strasse",
    ]


def test_chinese_runs_become_characters_and_pairs() -> None:
    assert terms_of("年假15天") == ["年", "假", "年假", "15", "天"]


def test_full_width_and_compatibility_forms_are_one() -> None:
    assert terms_of("ＰＤＦ①") == terms_of("pdf1")


def test_number_of_a_term_never_changes() -> None:
    # Kept in every tenant's index: another number would lose all of them.
    assert term_number("leave") == -5200386029869526419
    assert term_number("年假") == 6994638934603783805


@given(st.text())
def test_any_text_has_terms_that_fit_a_bigint(text: str) -> None:
    counts = term_counts(text)

    assert all(-(2**63) <= number < 2**63 for number in counts)
    assert sum(counts.values()) == len(terms_of(text))


def test_language_is_told_by_the_majority() -> None:
    assert is_mostly_chinese("员工可以使用 Drawbridge 吗？")
    assert not is_mostly_chinese("What does 年假 mean in this handbook?")
    assert not is_mostly_chinese("")


def test_time_grows_with_the_marks_on_one_letter() -> None:
    """Putting 200,000 marks in order took half a minute."""
    started = time.process_time()

    terms = terms_of("a" + "\u0315\u0300" * 100_000 + " then")

    assert terms[-1] == "then"
    assert time.process_time() - started < 5
