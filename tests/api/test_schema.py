"""The description of the API: complete, valid, served locally."""

import json
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from config.routes import ROUTES
from config.schema import PUBLIC_PREFIXES
from tests.api.calling import Program, document_of


@pytest.fixture(scope="module")
def schema() -> Any:
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        generator: Any = SchemaGenerator
        made = generator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, "the generator warns or fails"
    return json.loads(json.dumps(made, default=str))


def operations(schema: Any) -> dict[tuple[str, str], Any]:
    return {
        (method.upper(), path): operation
        for path, found in schema["paths"].items()
        for method, operation in found.items()
    }


def test_schema_is_valid(schema: Any) -> None:
    validate: Any = validate_schema
    validate(schema)


def test_schema_names_every_plain_route_of_the_api(schema: Any) -> None:
    wanted = {
        (route.method, route.template)
        for route in ROUTES
        if route.template.startswith(PUBLIC_PREFIXES)
    }

    assert wanted
    assert wanted <= set(operations(schema))


def test_schema_names_everything_the_issue_asks_for(schema: Any) -> None:
    assert set(operations(schema)) == {
        ("GET", "/api/v1/collections"),
        ("POST", "/api/v1/collections"),
        ("GET", "/api/v1/collections/{collection_id}"),
        ("DELETE", "/api/v1/collections/{collection_id}"),
        ("GET", "/api/v1/conversations"),
        ("GET", "/api/v1/conversations/{conversation_id}"),
        ("PATCH", "/api/v1/conversations/{conversation_id}"),
        ("DELETE", "/api/v1/conversations/{conversation_id}"),
        ("GET", "/api/v1/documents"),
        ("POST", "/api/v1/documents"),
        ("GET", "/api/v1/documents/{document_id}"),
        ("PATCH", "/api/v1/documents/{document_id}"),
        ("DELETE", "/api/v1/documents/{document_id}"),
        ("POST", "/api/v1/documents/{document_id}/retry"),
        ("POST", "/api/v1/runs"),
        ("GET", "/api/v1/runs/{run_id}"),
        ("GET", "/api/v1/runs/{run_id}/events"),
        ("POST", "/api/v1/runs/{run_id}/retry"),
        ("POST", "/api/v1/runs/{run_id}/stop"),
        ("POST", "/api/v1/search"),
        ("POST", "/v1/chat/completions"),
        ("GET", "/v1/models"),
    }


def test_schema_says_how_every_operation_fails_and_who_may_call(schema: Any) -> None:
    for name, operation in operations(schema).items():
        assert "4XX" in operation["responses"], name
        assert {"key": []} in operation["security"], name
        assert operation["operationId"], name
        assert operation.get("description"), name


def test_schema_closes_every_json_body(schema: Any) -> None:
    for (_method, path), operation in operations(schema).items():
        content = operation.get("requestBody", {}).get("content", {})
        body = content.get("application/json", {}).get("schema", {})
        if path.startswith("/api/v1/") and body:
            name = body["$ref"].rpartition("/")[2]
            assert schema["components"]["schemas"][name]["additionalProperties"] is False, path


def test_docs_page_loads_nothing_from_elsewhere(program: Program) -> None:
    page = program.call("GET", "/api/docs/").content.decode()
    script = program.call("GET", "/api/docs/?script=")
    described = program.call("GET", "/api/schema/?format=json")

    assert "http://" not in page
    assert "https://" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css" in page
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/schema/" in script.content.decode()
    assert document_of(described)["info"]["title"] == "Drawbridge"
