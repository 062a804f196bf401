"""The documents page and the passage beside an answer."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from rag.choosing import collection_choices, level_choices
from rag.documents import delete_document, label_document, retry_document
from rag.forms import collection_id_in, level_in
from rag.passages import passage_page
from rag.portal import documents_shown, labels_shown
from rag.selectors import document
from rag.tickets import issue_ticket, upload_context
from rag.trying import try_upload
from tenants.base.errors import BadRequest, Forbidden
from tenants.base.pages import is_fragment, tells_errors
from tenants.people.models import Person


@login_required
@require_safe
@tells_errors
def documents(request: HttpRequest) -> HttpResponse:
    """Draw the portal; a script gets the list alone."""
    if is_fragment(request):
        return _list(request)
    context = {
        **_list_context(request),
        "collections": collection_choices(),
        "labels": labels_shown(),
        **upload_context(request),
    }
    return render(request, "rag/documents.html", context)


@login_required
@require_safe
def ticket(request: HttpRequest) -> HttpResponse:
    """Give a page that stood open for long a fresh upload ticket."""
    return HttpResponse(issue_ticket(str(request.user.pk)), content_type="text/plain")


@login_required
@require_POST
@tells_errors
def delete(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Delete a document whose name was typed to confirm it."""
    if request.POST.get("name", "").strip() != document(str(document_id)).name:
        raise BadRequest(_("This is not the name of the document."), field="name")
    delete_document(str(document_id))
    return _list_or_back(request)


@login_required
@require_POST
@tells_errors
def label(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Say how secret a document is, by a name of the policy."""
    label_document(str(document_id), request.POST.get("label", ""))
    return _list_or_back(request)


@login_required
@require_POST
@tells_errors
def retry(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    retry_document(str(document_id))
    return _list_or_back(request)


@login_required
@require_safe
@tells_errors
def passage(request: HttpRequest, chunk_id: int) -> HttpResponse:
    """Draw a passage with the quote marked, as a sheet or, without scripts, as a page."""
    shown = passage_page(chunk_id, quote=request.GET.get("quote", ""))
    template = "rag/_passage.html" if is_fragment(request) else "rag/passage.html"
    return render(request, template, {"passage": shown})


@login_required
@require_POST
@tells_errors
def try_policy(request: HttpRequest) -> HttpResponse:
    """Judge a file by the form beside it, for owners; nothing of it is kept."""
    if not isinstance(request.user, Person):
        raise Forbidden
    tried = try_upload(request.FILES.get("file"), dict(request.POST.lists()), by=request.user)
    template = "policies/_trial.html" if is_fragment(request) else "policies/file.html"
    return render(request, template, {"tried": tried})


def _list_or_back(request: HttpRequest) -> HttpResponse:
    return _list(request) if is_fragment(request) else redirect("documents")


def _list(request: HttpRequest) -> HttpResponse:
    return render(request, "rag/_documents.html", _list_context(request))


def _list_context(request: HttpRequest) -> dict[str, Any]:
    chosen = collection_id_in(request.GET.get("collection", ""))
    level = level_in(request.GET.get("level", ""))
    shown = documents_shown(chosen, level)
    asked = {"collection": chosen or "", "level": "" if level is None else level.name}
    query = urlencode({name: value for name, value in asked.items() if value})
    return {
        "chosen": chosen,
        "level": asked["level"],
        "levels": level_choices(level),
        "documents": shown,
        "is_busy": any(row.is_busy for row in shown),
        "list_address": f"{reverse('documents')}?{query}" if query else reverse("documents"),
    }
