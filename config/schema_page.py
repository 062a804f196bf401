"""The API's description as a document, made by one thread at a time."""

import threading

from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

# The generator loads its extensions on first use and is not safe to enter twice then.
_generating = threading.Lock()


class SchemaPage(SpectacularAPIView):
    def _get_schema_response(self, request: Request) -> Response:
        with _generating:
            answer: Response = super()._get_schema_response(request)  # type: ignore[no-untyped-call]
        return answer
