"""What text from outside must be before anything is done with it."""

import re

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import BadRequest

# NUL, which neither PostgreSQL nor a file name takes, and halves of surrogate pairs, which are
# no characters and have no bytes.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Unstorable(BadRequest):
    code = "unstorable_text"
    message = _("The text holds characters that cannot be stored.")


def is_storable(text: str) -> bool:
    """Return whether every store that the text may reach can keep it."""
    return _UNSTORABLE.search(text) is None


def clean_text(
    value: object, *, max_chars: int, allow_newlines: bool = True, field: str = ""
) -> str:
    """Return the text trimmed of outer blanks.

    Raises:
        BadRequest: it is no text, blank, too long, or holds what no store can keep.
    """
    if not isinstance(value, str):
        raise BadRequest(_("Text is expected here."), field=field)
    if len(value) > max_chars:
        raise BadRequest(
            _("The text is too long: at most %(max_chars)s characters."),
            field=field,
            max_chars=max_chars,
        )
    if not is_storable(value):
        raise Unstorable(field=field)
    text = value.strip()
    if not text:
        raise BadRequest(_("The text is empty."), field=field)
    if not allow_newlines and ("\n" in text or "\r" in text):
        raise BadRequest(_("The text must be a single line."), field=field)
    return text
