"""What can go wrong with documents and search.

AppError
├── DocumentMissing (404)
├── DocumentBusy (409)
├── LabelUnknown (400)            the policy in force knows no such label
├── LabelLowered (403)            a label may be raised, never lowered
├── UploadMalformed (400)
├── UploadTooLarge (413)
├── StorageFull (507)
├── DocumentUnreadable (422)      parsing: carries the named reason
├── WorkInterrupted (503)         a child process was ended from outside: nobody's fault, to be tried again
├── EmbeddingsUnavailable (503)   the embedder does not answer
└── TicketInvalid (401)           an upload ticket is forged, old or another's
"""

from django.utils.translation import gettext_lazy as _

from rag.enums import Reason
from tenants.base.errors import (
    AppError,
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    TooLarge,
    Unauthorized,
    Unavailable,
    Unprocessable,
)


class DocumentMissing(NotFound):
    code = "document_missing"
    message = _("There is no such document.")


class DocumentBusy(Conflict):
    code = "document_busy"
    message = _("The document is being worked on.")


class LabelUnknown(BadRequest):
    code = "label_unknown"
    message = _("The policy knows no label “%(label)s”. It knows: %(known)s.")


class LabelLowered(Forbidden):
    code = "label_lowered"
    message = _("A label may be raised, never lowered. Delete the document and upload it anew.")


class UploadMalformed(BadRequest):
    code = "upload_malformed"
    message = _("The upload is not a form with one file.")


class UploadTooLarge(TooLarge):
    code = "upload_too_large"
    message = _("The file is larger than %(megabytes)s MB.")


class StorageFull(AppError):
    code = "storage_full"
    status = 507
    message = _("There is no room for the file. Nothing was stored.")


class DocumentUnreadable(Unprocessable):
    code = "document_unreadable"
    message = _("The document could not be read.")

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__()
        self.reason = reason
        self.detail = detail


class WorkInterrupted(Unavailable):
    code = "work_interrupted"
    message = _("The work was interrupted. Please try again.")


class EmbeddingsUnavailable(Unavailable):
    code = "embeddings_unavailable"
    message = _("Passages cannot be embedded right now.")


class TicketInvalid(Unauthorized):
    code = "upload_ticket_invalid"
    message = _("The upload ticket is no longer valid. Please reload the page.")
