"""The answer for addresses under /v1/ that lead nowhere, or take another method."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from assistant.openai_api.replies import error_document
from tenants.base.errors import NotFound


@csrf_exempt
def unknown_path(request: HttpRequest, rest: str = "") -> JsonResponse:
    return JsonResponse(error_document(NotFound()), status=NotFound.status)
