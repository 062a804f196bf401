"""Read an upload form whose body already lies on the disk: fields, and exactly one file."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from rag.errors import UploadMalformed
from tenants.base.text import Unstorable, is_storable

FILE_FIELD = "file"
COLLECTION_FIELD = "collection"
LABEL_FIELD = "label"
_ID_MAX = 2**31


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What was sent: the file's bytes are at `path`, which the reader of the form removes."""

    path: Path
    name: str
    media_type: str
    collection_id: int | None
    label: str


def read_form(
    body: BinaryIO, *, content_type: str, size_bytes: int, new_path: Callable[[], Path]
) -> UploadForm:
    """Take the form apart.

    Raises:
        UploadMalformed: not multipart, cut off, or without exactly one file.
        Unstorable: a name, a media type or a field holds what no store can keep.
    """
    handler = _OneFile(new_path)
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(size_bytes)}
    try:
        # The parser asks for no more than `read`, which every binary file has.
        fields, sent = MultiPartParser(meta, cast("Any", body), [handler]).parse()
        return _form(handler, len(sent.getlist(FILE_FIELD)), fields)
    except (UploadMalformed, Unstorable):
        handler.discard()
        raise
    except (MultiPartParserError, SuspiciousOperation, ValueError) as error:
        handler.discard()
        raise UploadMalformed from error


def _form(handler: "_OneFile", files: int, fields: QueryDict) -> UploadForm:
    if files != 1 or handler.path is None:
        raise UploadMalformed
    told = chain(*((name, *values) for name, values in fields.lists()))
    if not all(map(is_storable, (handler.shown_name, handler.shown_type, *told))):
        raise Unstorable
    return UploadForm(
        path=handler.path,
        name=handler.shown_name,
        media_type=handler.shown_type,
        collection_id=_number(str(fields.get(COLLECTION_FIELD, ""))),
        label=str(fields.get(LABEL_FIELD, "")),
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:11]) < _ID_MAX:
        raise UploadMalformed
    return int(text)


class _OneFile(FileUploadHandler):
    """Writes the one file to a path of ours; a second one is refused."""

    def __init__(self, new_path: Callable[[], Path]) -> None:
        super().__init__(HttpRequest())
        self._new_path = new_path
        self._output: BinaryIO | None = None
        self.path: Path | None = None
        self.shown_name = ""
        self.shown_type = ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.path is not None:
            raise UploadMalformed
        self.path = self._new_path()
        self._output = self.path.open("wb")
        self.shown_name = self.file_name or ""
        self.shown_type = self.content_type or ""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._output is not None:
            self._output.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        self._close()
        return UploadedFile(file=io.BytesIO(), name=self.shown_name, size=file_size)

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        self._close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._output is not None:
            self._output.close()
            self._output = None
