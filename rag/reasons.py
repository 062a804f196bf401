"""What a reader is told about each named reason."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rag.enums import Reason

REASON_SENTENCES: dict[str, Promise] = {
    Reason.EMPTY: _("The file is empty."),
    Reason.ENCRYPTED: _("The file is protected by a password."),
    Reason.CORRUPT: _("The file is damaged."),
    Reason.MISLABELLED: _("The file is not what its name says."),
    Reason.TOO_LARGE: _("The file holds more text than can be read."),
    Reason.BOMB: _("The file unpacks to far more than it weighs."),
    Reason.UNSUPPORTED: _("Files of this kind cannot be read yet."),
    Reason.NO_TEXT: _("The file holds no text; scanned pages cannot be read yet."),
    Reason.TIMEOUT: _("Reading the file took too long."),
    Reason.OUT_OF_MEMORY: _("Reading the file took too much memory."),
    Reason.FILE_MISSING: _("The stored file is gone. Please upload it again."),
    Reason.EMBEDDINGS_UNAVAILABLE: _(
        "The embedding service did not answer for hours. Ask whoever runs this site to look at it,"
        " then retry."
    ),
    # No document ends so any more; those that did still say it.
    Reason.INTERRUPTED: _("The work on this file was interrupted too often. Please try again."),
}

WAITING_SENTENCE = _("The embedding service does not answer; it is asked again by itself.")


def reason_sentence(code: str) -> Promise | str:
    return REASON_SENTENCES.get(code, "")
