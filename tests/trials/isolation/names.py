"""Every name the code reads from a request: an unknown one is an id slot until proven plain."""

import re
from pathlib import Path
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from tests.harness.servers import ROOT
from tests.trials.isolation.table import KINDS, PROBES

# Read from requests, and none of them leads to a row.
PLAIN = {
    *("question", "title", "name", "query", "limit", "mode", "quote", "use", "lifetime"),
    *("language", "next", "file", "X-Upload-Ticket", "Authorization"),
    *("model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens"),
    *("temperature", "stop", "n", "logprobs", "response_format", "role", "content", "type"),
    # The version an owner had before her eyes, as anybody of her tenant may count it.
    *("based_on", "note", "confirmed", "yaml"),
    # A name of the tenant's own policy, and a wish about one's own question.
    *("label", "keep_in_house"),
    # One of the three levels, by which one's own documents are listed.
    "level",
    *("text", "include_usage", "HX-Request", "HX-Current-URL", "Accept-Language"),
    # Of which only what our own proxies wrote is read.
    "x-forwarded-for",
}
_READS = re.compile(
    r"\b(?:request\.(?:GET|POST|query_params|headers|META|data)|data)"
    r"(?:\.get|\.getlist|\.pop)?[\(\[]\s*\"([\w-]+)\""
)
_SERVER_OWN = re.compile(r"(HTTP_HOST|REMOTE_ADDR|CONTENT_\w+|SERVER_\w+)")
_FORM_FIELD = re.compile(r"^    (\w+) = forms\.\w+Field\(", re.MULTILINE)
_APPS = ("assistant", "rag", "tenants", "config")


def names_read() -> set[str]:
    """Return the names read by views and forms, and those the API's description promises."""
    found: set[str] = set()
    for app in _APPS:
        for path in (ROOT / app).rglob("*.py"):
            found |= _names_in(path)
    return found | _names_described()


def unclassified() -> set[str]:
    probed = {slot.name for probe in PROBES.values() for slot in probe.slots} | set(KINDS)
    return names_read() - probed - PLAIN


def _names_in(path: Path) -> set[str]:
    source = path.read_text()
    names = set(_READS.findall(source)) | set(_FORM_FIELD.findall(source))
    return {name for name in names if not _SERVER_OWN.fullmatch(name)}


def _names_described() -> set[str]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    found: set[str] = set()
    for path in schema["paths"].values():
        for operation in path.values():
            found |= {each["name"] for each in operation.get("parameters", [])}
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found |= _properties(content["schema"], schema)
    return found


def _properties(part: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return _properties(schema["components"]["schemas"][name], schema)
    found = set(part.get("properties", {}))
    for value in part.get("properties", {}).values():
        found |= _properties(value, schema)
    if isinstance(part.get("items"), dict):
        found |= _properties(part["items"], schema)
    for choice in (*part.get("oneOf", ()), *part.get("anyOf", ()), *part.get("allOf", ())):
        found |= _properties(choice, schema)
    return found
