"""What the words of a question tell."""

import pytest

from assistant.questions import (
    TITLE_CHARS_MAX,
    is_chinese,
    is_open_talk,
    not_found_text,
    retrieval_query,
    title_of,
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("年假有几天？", True),
        ("VPN 怎么连接到公司内网？", True),
        ("How many days of leave are there?", False),
        ("Who is 王芳 in the accounting department of Berlin?", False),
        ("1234?", False),
    ],
)
def test_is_chinese_follows_most_letters(question: str, expected: bool) -> None:
    assert is_chinese(question) is expected


def test_title_of_keeps_short_questions_whole() -> None:
    assert title_of("  How many\n days? ") == "How many days?"


def test_title_of_cuts_at_a_word() -> None:
    title = title_of(
        "How many days of annual leave does a person who works half days have in June?"
    )

    assert title == "How many days of annual leave does a person who works half…"
    assert len(title) <= TITLE_CHARS_MAX + 1


def test_title_of_cuts_chinese_anywhere() -> None:
    assert title_of("年" * 200) == "年" * TITLE_CHARS_MAX + "…"


@pytest.mark.parametrize(
    "question", ["And in June?", "Why is that?", "那六月呢？", "它要多少钱才能够买到手？"]
)
def test_retrieval_query_leans_on_the_question_before(question: str) -> None:
    assert retrieval_query(question, "How long is leave?") == f"How long is leave?\n{question}"


def test_retrieval_query_of_a_whole_question_stands_alone() -> None:
    question = "Which form must be sent to accounting before travelling?"

    assert retrieval_query(question, "How long is leave?") == question
    assert retrieval_query("Why?", "") == "Why?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hello!", True),
        ("你好", True),
        ("Please write a poem about autumn in the mountains", True),
        ("帮我写一首诗", True),
        ("Hello, how many days of annual leave do I have this year?", False),
        ("Who writes the travel report?", False),
        ("年假有几天？", False),
    ],
)
def test_open_talk_is_told_from_questions(question: str, expected: bool) -> None:
    assert is_open_talk(question) is expected


def test_not_found_text_speaks_the_askers_language() -> None:
    assert not_found_text("Who won?", ("Handbook.pdf",)) == (
        "This is not in the documents.\n\nNearest documents: “Handbook.pdf”."
    )
    assert not_found_text("谁赢了？", ("手册.pdf", "规定.md")) == (
        "文档里没有找到。\n\n最接近的文档：「手册.pdf」、「规定.md」。"
    )
    assert not_found_text("Who won?", ()) == "This is not in the documents."
