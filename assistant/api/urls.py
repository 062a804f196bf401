"""Addresses of conversations and runs under /api/v1/."""

from django.urls import path

from assistant.api import views

urlpatterns = [
    path("conversations", views.ConversationList.as_view()),
    path("conversations/<uuid:conversation_id>", views.ConversationDetail.as_view()),
    path("runs", views.RunList.as_view()),
    path("runs/<uuid:run_id>", views.RunDetail.as_view()),
    path("runs/<uuid:run_id>/stop", views.RunStop.as_view()),
    path("runs/<uuid:run_id>/retry", views.RunRetry.as_view()),
]
