"""POL-08: what reaches an embedding service of a third party, and what never does."""

import pytest
from django.test import override_settings

from edge_agent.contract.judging import Part
from rag.embeddings import NO_WORDS, GuardedEmbedder, RemoteEmbedder, embedder_for
from rag.errors import EmbeddingsUnavailable
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef

MAIL = "canary.lee@secret-clinic.example"
PASSWORD = "the password is canary-7!hunter2"


class Recorder(RemoteEmbedder):
    """Remembers what it was sent."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9/v1", "key", "recorder")
        self.seen: list[str] = []

    def _asked(self, texts: object) -> list[list[float]]:
        self.seen += list(texts)  # type: ignore[call-overload]
        return [[1.0, 0.0] for _text in self.seen[-len(list(texts)) :]]  # type: ignore[call-overload]


def test_pol_08_passages_are_masked_or_left_out(tenant: TenantRef) -> None:
    recorder = Recorder()
    texts = ["Lockers open at seven.", f"Ask {MAIL} for a key.", f"By the way, {PASSWORD}."]

    with scope(platform_scope(tenant.schema, "tests")):
        vectors = GuardedEmbedder(recorder, Part("")).embed_passages(texts)

    assert len(vectors) == 3
    assert recorder.seen[0] == texts[0]
    assert recorder.seen[1].startswith("Ask [EMAIL_")
    assert recorder.seen[2] == NO_WORDS
    assert "canary" not in " ".join(recorder.seen)


def test_pol_08_a_label_keeps_all_passages_in_the_house(tenant: TenantRef) -> None:
    recorder = Recorder()

    with scope(platform_scope(tenant.schema, "tests")):
        origin = Part("", label="confidential")
        GuardedEmbedder(recorder, origin).embed_passages(["Lockers open at seven."])

    assert recorder.seen == [NO_WORDS]


def test_pol_08_a_secret_question_is_searched_by_its_words_alone(tenant: TenantRef) -> None:
    recorder = Recorder()

    with (
        scope(platform_scope(tenant.schema, "tests")),
        pytest.raises(EmbeddingsUnavailable),
    ):
        GuardedEmbedder(recorder, Part("")).embed_query(PASSWORD)

    assert recorder.seen == []


@pytest.mark.parametrize(
    ("url", "declared", "is_guarded"),
    [
        ("https://api.vendor.example/v1", "", True),
        ("http://127.0.0.1:9/v1", "", False),
        ("http://127.0.0.1:9/v1", "PROVIDER", True),
        ("https://ours.example/v1", "PREMISES", False),
    ],
)
def test_the_address_or_the_operator_says_who_is_guarded(
    url: str, declared: str, is_guarded: bool
) -> None:
    told = {"EMBEDDINGS_BASE_URL": url, "EMBEDDINGS_DESTINATION": declared}

    with override_settings(EMBEDDINGS="auto", **told):
        chosen = embedder_for(Part(""))

    assert isinstance(chosen, GuardedEmbedder) is is_guarded
