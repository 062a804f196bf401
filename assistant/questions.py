"""What can be told from the words of a question alone."""

import re

TITLE_CHARS_MAX = 60
_SHORT_CHARS = 24
_SHORT_CJK_CHARS = 8
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_PRONOUNS = re.compile(
    r"\b(it|its|they|them|their|this|that|these|those|he|she|him|her|there|one|same)\b"
    r"|[它他她]|这个|那个|这些|那些|这种|那种|上面|前面|刚才|同样",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(
    r"^\s*(and|but|so|then|why|how so|what about|how about|also|or)\b|^\s*(那|为什么|还有|然后|呢)|呢[？?]?\s*$",
    re.IGNORECASE,
)
_OPEN_TALK = re.compile(
    r"^\W*(hi|hello|hey|good (morning|afternoon|evening)|thanks?|thank you|bye|goodbye|"
    r"how are you|who are you|what can you do|你好|您好|嗨|早上好|下午好|晚上好|谢谢|再见|"
    r"你是谁|你能做什么|你会什么)(?![a-z]).{0,16}$"
    r"|^\W*((please |can you |could you )*(write|compose|draft|translate|rewrite|rephrase)\b"
    r"|请?(帮我)?(写一?[首篇封段]|翻译|改写))",
    re.IGNORECASE,
)


def is_chinese(text: str) -> bool:
    """Say whether the asker writes Chinese: a quarter of the letters are Han characters."""
    han = len(_CJK.findall(text))
    letters = sum(character.isalpha() for character in text)
    return han > 0 and han * 4 >= letters


def title_of(question: str) -> str:
    """Return the question's first words, cut where a word ends."""
    line = " ".join(question.split())
    if len(line) <= TITLE_CHARS_MAX:
        return line
    cut = line[:TITLE_CHARS_MAX]
    if " " in cut[TITLE_CHARS_MAX // 2 :]:
        cut = cut[: cut.rindex(" ")]
    return f"{cut.rstrip(' ,.;:，。；：、')}…"


def retrieval_query(question: str, previous_question: str) -> str:
    """Return what to search for: a short or pronominal question leans on the one before it."""
    if not previous_question:
        return question
    short = len(question) <= (_SHORT_CJK_CHARS if is_chinese(question) else _SHORT_CHARS)
    if short or _PRONOUNS.search(question) or _FOLLOW_UP.search(question):
        return f"{previous_question}\n{question}"
    return question


def is_open_talk(question: str) -> bool:
    """Tell a greeting or a wish for free writing from a question about the documents."""
    return _OPEN_TALK.search(question) is not None


def not_found_text(question: str, document_names: tuple[str, ...]) -> str:
    """Say plainly, in the asker's own language, that the documents do not answer this."""
    if is_chinese(question):
        nearest = "、".join(f"「{name}」" for name in document_names)
        return f"文档里没有找到。\n\n最接近的文档：{nearest}。" if nearest else "文档里没有找到。"
    nearest = ", ".join(f"“{name}”" for name in document_names)
    said = "This is not in the documents."
    return f"{said}\n\nNearest documents: {nearest}." if nearest else said
