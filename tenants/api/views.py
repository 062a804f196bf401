"""The ground that every REST view stands on."""

from contextlib import ExitStack
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.views import APIView

from tenants.api.permissions import person_of
from tenants.api.problems import PROBLEM_TYPE, problem_document
from tenants.base.claims import know_actor
from tenants.base.context import current_scope, person_scope, scope
from tenants.base.errors import NotFound


class PersonView(APIView):
    """Runs as the person who calls, also when a key (not the middleware) said who that is."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as self.entered:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        person_id = str(person_of(request).pk)
        entered = person_scope(current_scope().schema, person_id)
        know_actor(entered.schema, entered.actor)
        self.entered.enter_context(scope(entered))


@csrf_exempt
def unknown_endpoint(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer for addresses under /api/ that lead nowhere."""
    document = problem_document(NotFound())
    return HttpResponse(document.encode(), content_type=PROBLEM_TYPE, status=NotFound.status)
