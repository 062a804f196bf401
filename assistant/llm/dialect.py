"""The small ways in which compatible endpoints differ, learned from their refusals.

Newer models want `max_completion_tokens` and no temperature, older servers know no
`stream_options`. The first refusal that names a parameter teaches the dialect.
"""

from dataclasses import dataclass, replace

from assistant.llm.protocol import ChatRequest


@dataclass(frozen=True, slots=True)
class Dialect:
    length_field: str = "max_tokens"
    has_temperature: bool = True
    has_stop: bool = True
    has_usage: bool = True

    def fields(self, request: ChatRequest) -> dict[str, object]:
        """Return the optional fields of the request's body."""
        fields: dict[str, object] = {self.length_field: request.max_tokens}
        if self.has_temperature:
            fields["temperature"] = request.temperature
        if self.has_stop and request.stop:
            fields["stop"] = list(request.stop)
        if self.has_usage:
            fields["stream_options"] = {"include_usage": True}
        return fields


def simpler_dialect(dialect: Dialect, complaint: str) -> Dialect | None:
    """Return the dialect without what the complaint names, None when it names nothing of ours."""
    if "stream_options" in complaint and dialect.has_usage:
        return replace(dialect, has_usage=False)
    if "max_tokens" in complaint and dialect.length_field == "max_tokens":
        return replace(dialect, length_field="max_completion_tokens")
    if "temperature" in complaint and dialect.has_temperature:
        return replace(dialect, has_temperature=False)
    if "stop" in complaint and dialect.has_stop:
        return replace(dialect, has_stop=False)
    return None
