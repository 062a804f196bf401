"""Addresses of the documents page and of passages."""

from django.urls import path

from rag import views

urlpatterns = [
    path("documents/", views.documents, name="documents"),
    path("documents/ticket", views.ticket, name="upload_ticket"),
    path("documents/<uuid:document_id>/delete", views.delete, name="document_delete"),
    path("documents/<uuid:document_id>/label", views.label, name="document_label"),
    path("documents/<uuid:document_id>/retry", views.retry, name="document_retry"),
    path("policy/try-file", views.try_policy, name="policy_try_file"),
    path("passages/<int:chunk_id>", views.passage, name="passage"),
]
