"""A row of a table says little without its header."""

from rag.sentences import Span


def with_table_header(text: str, span: Span) -> str:
    """Return the span's text; if it is a row of a Markdown table, under that table's header."""
    row = text[span.start : span.end]
    if not row.startswith("|"):
        return row
    lines = text[: span.start].rstrip("\n").split("\n")
    above: list[str] = []
    while lines and lines[-1].startswith("|"):
        above.insert(0, lines.pop())
    return "\n".join([*above[:2], row])


def is_table_header(text: str, span: Span) -> bool:
    """Tell whether the span is a table's first row or the line under it: names, no facts."""
    row = text[span.start : span.end]
    if not row.startswith("|"):
        return False
    is_rule = not row.rstrip().rsplit("\n", 1)[-1].strip("|-: ")
    following = text[span.end :].lstrip("\n").split("\n", 1)[0]
    return is_rule or (following.startswith("|") and not following.strip("|-: "))
