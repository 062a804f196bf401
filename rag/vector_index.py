"""Large tenants get an index over their vectors; small ones are faster without.

Built by a maintenance command under the owner's login, beside running searches. The
template has none: this index is the one thing in which a tenant may differ from it.
"""

from django.db import connections

from rag.models import ChunkVector, EmbeddingModel
from tenants.base.roles import OWNER_ALIAS

INDEX_FROM_PASSAGES = 8_000
NAME_PREFIX = "rag_chunkvector_hnsw_"


def index_name(model: int) -> str:
    return f"{NAME_PREFIX}{model}"


def build_vector_indexes() -> list[str]:
    """Build what is missing in the current tenant; return the names of the indexes it has now."""
    names = []
    for model in EmbeddingModel.objects.order_by("pk"):
        if ChunkVector.objects.filter(model=model).count() >= INDEX_FROM_PASSAGES:
            _build(model)
            names.append(index_name(model.pk))
    return names


def _build(model: EmbeddingModel) -> None:
    name = index_name(model.pk)
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        found = cursor.fetchone()
        if found == (True,):
            return
        if found is not None:
            # A build that was interrupted leaves an index nobody may use.
            cursor.execute(f"DROP INDEX CONCURRENTLY {name}")
        cursor.execute(
            f"CREATE INDEX CONCURRENTLY {name} ON rag_chunkvector"
            f" USING hnsw ((vector::halfvec({int(model.dimension)})) halfvec_ip_ops)"
            f" WHERE model_id = {int(model.pk)}"
        )
