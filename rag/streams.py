"""Files in and out as plain ASGI: a slow sender or reader holds no thread and no database.

An upload is written to the disk as it comes, its size watched; only the complete body is
taken apart, in one short trip to a thread.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from django.conf import settings

from rag import documents, files, selectors
from rag.errors import DocumentMissing, UploadMalformed
from rag.models import Document
from rag.multipart import read_form
from rag.tickets import redeem_ticket
from tenants.base.bodies import body_parts
from tenants.base.context import Scope, person_scope
from tenants.base.lanes import in_tenant
from tenants.base.shares import STREAMS
from tenants.people.gatekeeping import authenticate_asgi
from tenants.people.models import KeyScope

AsgiScope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

TICKET_HEADER = b"x-upload-ticket"
# Besides the file a form holds boundaries, headers and one small field.
FORM_BYTES_MAX = 64 * 1024
_WRITE_BYTES = 1024 * 1024
_SEND_BYTES = 256 * 1024


async def upload_document(
    scope: AsgiScope, receive: Receive, send: Send, params: Mapping[str, str]
) -> None:
    """Take one file of a form, with a key that may write or with a page's ticket."""
    uploader = await _uploader(scope)
    announced = _announced_bytes(scope)
    path = await in_tenant(uploader.scope, documents.begin_upload, announced)
    try:
        size_bytes = await _write_body(receive, path)
        content_type = _header(scope, b"content-type")
        document = await in_tenant(
            uploader.scope, _accept, path, content_type, size_bytes, uploader.person_id
        )
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)
    answer = {"id": str(document.pk), "name": document.name, "state": document.state}
    headers = [
        (b"content-type", b"application/json"),
        (b"location", f"/api/v1/documents/{document.pk}".encode()),
    ]
    await send({"type": "http.response.start", "status": 202, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


async def download_document(
    scope: AsgiScope, receive: Receive, send: Send, params: Mapping[str, str]
) -> None:
    """Send the file as it was uploaded: always as a download, never as a page."""
    principal = await authenticate_asgi(scope, "COOKIE_OR_KEY")
    principal.require(KeyScope.READ)
    async with STREAMS.place(principal.scope):
        stored = await in_tenant(principal.scope, _opened, params["document_id"])
        await _send_file(stored, send)


async def _send_file(stored: "_Stored", send: Send) -> None:
    try:
        headers = [
            (b"content-type", b"application/octet-stream"),
            (b"content-length", str(stored.size_bytes).encode()),
            (b"content-disposition", _attachment(stored.name).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'; sandbox"),
            (b"cache-control", b"private, no-store"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while part := await asyncio.to_thread(stored.file.read, _SEND_BYTES):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        stored.file.close()


@dataclass(frozen=True, slots=True)
class _Uploader:
    scope: Scope
    person_id: str


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file open for reading: deleting the document meanwhile does not cut the download."""

    file: BinaryIO
    name: str
    size_bytes: int


async def _uploader(scope: AsgiScope) -> _Uploader:
    ticket = _header(scope, TICKET_HEADER)
    if not ticket:
        principal = await authenticate_asgi(scope, "KEY")
        principal.require(KeyScope.WRITE)
        return _Uploader(principal.scope, principal.person_id)
    visitor = await authenticate_asgi(scope, "NONE")
    person_id = await in_tenant(visitor.scope, redeem_ticket, ticket)
    return _Uploader(person_scope(visitor.tenant.schema, person_id), person_id)


def _announced_bytes(scope: AsgiScope) -> int:
    """Return how large the file may become: nothing to say means as large as allowed.

    Raises:
        UploadTooLarge, UploadMalformed
    """
    length = _header(scope, b"content-length")
    if not length:
        return settings.UPLOAD_BYTES_MAX
    if not length.isascii() or not length.isdigit():
        raise UploadMalformed
    return max(0, int(length[:19]) - FORM_BYTES_MAX)


async def _write_body(receive: Receive, path: Path) -> int:
    """Write the body to the file and return its size.

    Raises:
        UploadTooLarge: more came than any form may hold.
        SenderTooSlow, SenderLeft
    """
    written = 0
    buffer = bytearray()
    bytes_max = settings.UPLOAD_BYTES_MAX + FORM_BYTES_MAX
    file = await asyncio.to_thread(path.open, "wb")
    try:
        async for part in body_parts(receive):
            buffer += part
            if written + len(buffer) > bytes_max:
                documents.check_size(written + len(buffer))
            if len(buffer) >= _WRITE_BYTES:
                written += await _flush(buffer, file)
        written += await _flush(buffer, file)
    finally:
        await asyncio.to_thread(file.close)
    return written


async def _flush(buffer: bytearray, file: BinaryIO) -> int:
    size_bytes = len(buffer)
    await asyncio.to_thread(file.write, bytes(buffer))
    buffer.clear()
    return size_bytes


def _accept(path: Path, content_type: str, size_bytes: int, person_id: str) -> Document:
    with path.open("rb") as body:
        form = read_form(
            body, content_type=content_type, size_bytes=size_bytes, new_path=files.new_temp_path
        )
    try:
        return documents.accept_upload(
            form.name,
            form.media_type,
            form.path,
            collection=form.collection_id,
            uploaded_by=person_id,
            label=form.label,
        )
    finally:
        form.path.unlink(missing_ok=True)


def _opened(document_id: str) -> _Stored:
    document = selectors.document(document_id)
    try:
        file = files.path_of(document.storage_key).open("rb")
    except FileNotFoundError as error:
        raise DocumentMissing from error
    return _Stored(file, document.name, document.size_bytes)


def _attachment(name: str) -> str:
    plain = "".join(
        character if character.isascii() and (character.isalnum() or character in "._- ") else "_"
        for character in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _header(scope: AsgiScope, name: bytes) -> str:
    """Return a header that was sent exactly once, else nothing."""
    found = [value for key, value in scope["headers"] if key.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""
