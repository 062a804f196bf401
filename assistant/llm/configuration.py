"""What the operator wishes for, read from the settings in one place."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from assistant.llm.embedded import EMBEDDED, SMALL, EmbeddedModel
from assistant.llm.enums import LocalModel
from edge_agent.contract.levels import Destination
from tenants.base.addresses import destination_of, peer_of


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place that speaks the OpenAI protocol; `models` may be empty when it was not told."""

    base_url: str
    models: tuple[str, ...]
    context_tokens: int
    api_key: str = field(default="", repr=False)
    declared: str = ""

    @property
    def destination(self) -> Destination:
        """Return what the operator says; else PREMISES only when the address itself says so."""
        return destination_of("OPENAI_DESTINATION", self.declared, self.base_url)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    wish: LocalModel
    configured: Endpoint | None
    embedded: Endpoint | None
    embedded_model: EmbeddedModel | None
    ollama_url: str


def model_settings() -> ModelSettings:
    """Raises: ImproperlyConfigured."""
    return ModelSettings(
        wish=read_wish(settings.LOCAL_MODEL),
        configured=read_configured(),
        embedded=read_embedded(),
        embedded_model=read_embedded_model(),
        ollama_url=settings.OLLAMA_URL.rstrip("/"),
    )


def read_wish(value: str) -> LocalModel:
    try:
        return LocalModel(value.strip().lower())
    except ValueError as error:
        choices = ", ".join(LocalModel)
        raise ImproperlyConfigured(f"LOCAL_MODEL must be one of {choices}") from error


def read_configured() -> Endpoint | None:
    if not settings.OPENAI_BASE_URL:
        return None
    base_url = checked_url("OPENAI_BASE_URL", settings.OPENAI_BASE_URL)
    # Wrong words are told when the settings are read, not when somebody asks.
    destination_of("OPENAI_DESTINATION", settings.OPENAI_DESTINATION, base_url)
    return Endpoint(
        base_url=base_url,
        api_key=checked_key("OPENAI_API_KEY", settings.OPENAI_API_KEY),
        models=tuple(name.strip() for name in settings.OPENAI_MODEL.split(",") if name.strip()),
        context_tokens=settings.OPENAI_CONTEXT_TOKENS,
        declared=settings.OPENAI_DESTINATION,
    )


def read_embedded() -> Endpoint | None:
    model = read_embedded_model()
    if model is None:
        return None
    base_url = checked_url("LOCAL_MODEL_URL", settings.LOCAL_MODEL_URL)
    if not base_url.endswith("/v1"):
        base_url += "/v1"
    return Endpoint(
        base_url=base_url,
        api_key=settings.LOCAL_MODEL_KEY,
        models=(model.name,),
        context_tokens=model.context_tokens,
    )


def read_embedded_model() -> EmbeddedModel | None:
    if not settings.LOCAL_MODEL_URL:
        return None
    return EMBEDDED.get(settings.LOCAL_MODEL_NAME, SMALL)


def checked_url(name: str, url: str) -> str:
    try:
        peer_of(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error
    return url.rstrip("/")


def checked_key(name: str, key: str) -> str:
    """Refuse what no header can carry; the message must not repeat the key."""
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ImproperlyConfigured(f"{name} holds characters that no key can have")
    return key
