"""What the generator of the API's description cannot see: problems, streams and uploads."""

import re
from collections.abc import Iterator
from typing import Any

from config.asgi_schema import DESCRIPTIONS
from config.routes import ROUTES
from tenants.api.problems import PROBLEM_TYPE
from tenants.api.serializers import StrictSerializer

Schema = dict[str, Any]

PUBLIC_PREFIXES = ("/api/v1/", "/v1/")
_SLOT = re.compile(r"\{([a-z_]+)\}")
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, `detail` is for people.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "retry_after_seconds": {
            "type": "integer",
            "description": "When it is worth trying again; also in the header Retry-After.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def describe_api(result: Schema, generator: object, request: object, public: bool) -> Schema:
    """Complete the generated description: errors everywhere, plain ASGI routes, strict bodies."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for name in _strict_names():
        if name in schemas:
            schemas[name]["additionalProperties"] = False
    for operation in _operations(result["paths"]):
        operation["responses"].setdefault("4XX", _problem_response("The request was refused."))
        operation["responses"].setdefault("503", _problem_response("Try again in a moment."))
    for route in ROUTES:
        if route.template.startswith(PUBLIC_PREFIXES):
            path = result["paths"].setdefault(route.template, {})
            path[route.method.lower()] = _asgi_operation(route.method, route.template)
    result["paths"] = dict(sorted(result["paths"].items()))
    return result


def _asgi_operation(method: str, template: str) -> Schema:
    """Describe a row of the ASGI table; one without words stops the build of the description."""
    operation: Schema = {"security": [{"key": []}], **DESCRIPTIONS[method, template]}
    slots = [
        {
            "in": "path",
            "name": slot,
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        }
        for slot in _SLOT.findall(template)
    ]
    operation["parameters"] = [*slots, *operation.get("parameters", [])]
    if template.startswith("/api/"):
        operation["responses"] = {
            **operation["responses"],
            "4XX": _problem_response("The request was refused."),
            "503": _problem_response("Try again in a moment."),
        }
    return operation


def _problem_response(description: str) -> Schema:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {PROBLEM_TYPE: {"schema": schema}}}


def _operations(paths: Schema) -> Iterator[Schema]:
    for path in paths.values():
        yield from path.values()


def _strict_names() -> Iterator[str]:
    for serializer in StrictSerializer.__subclasses__():
        yield f"{serializer.__name__.removesuffix('Serializer')}Request"
