"""Reading a page as a person does."""

from typing import Any

from lxml import html as parser

FRAGMENT = {"x-fragment": "1"}


def text_of(response: Any) -> str:
    """Return the words of a page or a fragment, without its markup."""
    tree = parser.fragment_fromstring(response.content.decode(), create_parent="div")
    return " ".join(tree.text_content().split())
