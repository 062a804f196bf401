"""Addresses of documents, collections and search under /api/v1/."""

from django.urls import path

from rag import api

urlpatterns = [
    path("documents", api.DocumentList.as_view()),
    path("documents/<uuid:document_id>", api.DocumentDetail.as_view()),
    path("documents/<uuid:document_id>/retry", api.DocumentRetry.as_view()),
    path("collections", api.CollectionList.as_view()),
    path("collections/<int:collection_id>", api.CollectionDetail.as_view()),
    path("search", api.Search.as_view()),
]
