"""Decide who answers: the configured endpoint, an Ollama nearby, the embedded model, or nobody.

`LOCAL_MODEL=auto` takes the first that is there; `small`, `standard` and `quote` insist. A model
that was wished for and is not there is replaced by what there is, and `describe_model` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistant.llm.cloud import CloudModel
from assistant.llm.configuration import Endpoint, ModelSettings, model_settings
from assistant.llm.discovery import Discovery
from assistant.llm.embedded import SMALL, STANDARD, EmbeddedModel
from assistant.llm.enums import LocalModel
from assistant.llm.errors import ModelUnknown
from assistant.llm.gate import guarded
from assistant.llm.protocol import ChatModel
from tenants.boundary import IN_HOUSE

QuestionKindName = Literal["DOCUMENTS", "OPEN"]

QUOTE = "quote"
# What Ollama gives a conversation when nothing else was configured there.
OLLAMA_CONTEXT_TOKENS = 4096

_discovery = Discovery()

QUOTE_LIMITS = _("Quotes the best sentences of your documents word for word; it cannot converse.")
SMALL_LIMITS = _("A very small model that runs on this machine: English only, often wrong.")
STANDARD_LIMITS = _(
    "A small model that runs on this machine: good at looking things up, weak at conditions."
)
HOW_TO_IMPROVE = _(
    "Set OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL to connect a better model,"
    " or start Ollama on this machine."
)
SMALL_AND_QUOTE = _("Questions about documents are answered with quotations.")


@dataclass(frozen=True, slots=True)
class QuoteMode:
    """No model: the answer is made of the documents' own sentences."""

    name: str = QUOTE


@dataclass(frozen=True, slots=True)
class ModelInfo:
    id: str
    label: str
    limits: str | Promise


@dataclass(frozen=True, slots=True)
class ModelNotice:
    """What the page says about who answers; `how_to_improve` is empty when nothing is amiss."""

    name: str
    limits: str | Promise
    how_to_improve: str | Promise = ""
    wished_for: str = ""
    is_outside: bool = False

    @property
    def is_embedded(self) -> bool:
        return bool(self.how_to_improve)


def route(
    question_kind: QuestionKindName,
    *,
    wanted: str | None = None,
    language: str = "en",
    in_house: bool = False,
) -> ChatModel | QuoteMode:
    """Return who answers this kind of question, asked in `language` (en, zh).

    `in_house` passes over models of third parties.

    Raises: ModelUnknown when `wanted` is not one of `available_models()`.
    """
    wishes = model_settings()
    if wanted == QUOTE:
        return QuoteMode()
    if wanted:
        return model_named(wanted, wishes)
    endpoint, embedded = chosen_endpoint(wishes, in_house=in_house), wishes.embedded_model
    if endpoint is None:
        return QuoteMode()
    is_small = endpoint is wishes.embedded and embedded is SMALL
    is_beyond_it = question_kind == "DOCUMENTS" or language not in SMALL.languages
    if is_small and is_beyond_it and wishes.wish is not LocalModel.SMALL:
        return QuoteMode()
    names = models_of(endpoint)
    return model_at(endpoint, names[0]) if names else QuoteMode()


def available_models() -> tuple[ModelInfo, ...]:
    """List every model a caller may ask for by name, the one that answers by itself first."""
    wishes = model_settings()
    endpoints = [chosen_endpoint(wishes), wishes.embedded]
    found = {
        name: ModelInfo(name, label_of(name, wishes), limits_of(name, endpoint, wishes))
        for endpoint in endpoints
        if endpoint
        for name in models_of(endpoint)
    }
    quote = ModelInfo(QUOTE, QUOTE, QUOTE_LIMITS)
    return (*found.values(), quote) if found else (quote,)


def describe_model() -> ModelNotice:
    """Say which model answers, what it cannot do and how to connect a better one."""
    wishes = model_settings()
    endpoint, embedded = chosen_endpoint(wishes), wishes.embedded_model
    if endpoint is None or not models_of(endpoint):
        insists = wishes.wish in {LocalModel.SMALL, LocalModel.STANDARD}
        missed = wishes.wish.value if insists else ""
        return ModelNotice(QUOTE, QUOTE_LIMITS, HOW_TO_IMPROVE, missed)
    if endpoint is not wishes.embedded or embedded is None:
        is_outside = endpoint.destination not in IN_HOUSE
        return ModelNotice(models_of(endpoint)[0], "", is_outside=is_outside)
    missed = "standard" if wishes.wish is LocalModel.STANDARD and embedded is SMALL else ""
    return ModelNotice(embedded.label, embedded_limits(embedded), HOW_TO_IMPROVE, missed)


def chosen_endpoint(wishes: ModelSettings, *, in_house: bool = False) -> Endpoint | None:
    match wishes.wish:
        case LocalModel.QUOTE:
            return None
        case LocalModel.SMALL | LocalModel.STANDARD:
            return wishes.embedded
    found = endpoints(wishes)
    return next((each for each in found if not in_house or each.destination in IN_HOUSE), None)


def endpoints(wishes: ModelSettings) -> Iterator[Endpoint]:
    """Yield what may answer, the best first; Ollama is asked only if it is its turn."""
    if wishes.configured:
        yield wishes.configured
    nearby = ollama(wishes)
    if nearby:
        yield nearby
    if wishes.embedded:
        yield wishes.embedded


def ollama(wishes: ModelSettings) -> Endpoint | None:
    if not wishes.ollama_url:
        return None
    base_url = f"{wishes.ollama_url}/v1"
    found = _discovery.models_at(base_url)
    return Endpoint(base_url, found.models, OLLAMA_CONTEXT_TOKENS) if found.models else None


def models_of(endpoint: Endpoint) -> tuple[str, ...]:
    """Return the names the operator gave, else those the endpoint lists."""
    if endpoint.models:
        return endpoint.models
    return _discovery.models_at(endpoint.base_url, api_key=endpoint.api_key).models


def model_named(name: str, wishes: ModelSettings) -> ChatModel:
    for endpoint in (chosen_endpoint(wishes), wishes.embedded):
        if endpoint and name in models_of(endpoint):
            return model_at(endpoint, name)
    raise ModelUnknown(name=name)


def model_at(endpoint: Endpoint, name: str) -> ChatModel:
    """Return the model; one of a third party comes behind the gate, never without."""
    return guarded(
        CloudModel(
            name=name,
            base_url=endpoint.base_url,
            context_tokens=endpoint.context_tokens,
            destination=endpoint.destination,
            api_key=endpoint.api_key,
        )
    )


def label_of(name: str, wishes: ModelSettings) -> str:
    embedded = wishes.embedded_model
    return embedded.label if embedded and embedded.name == name else name


def limits_of(name: str, endpoint: Endpoint, wishes: ModelSettings) -> str | Promise:
    embedded = wishes.embedded_model
    return embedded_limits(embedded) if embedded and endpoint is wishes.embedded else ""


def embedded_limits(model: EmbeddedModel) -> str | Promise:
    return STANDARD_LIMITS if model is STANDARD else SMALL_LIMITS
