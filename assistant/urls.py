"""Addresses of the chat pages."""

from django.urls import path

from assistant import views

urlpatterns = [
    path("", views.chat, name="chat"),
    path("c/<uuid:conversation_id>", views.conversation, name="conversation"),
    path("c/<uuid:conversation_id>/rename", views.rename, name="conversation_rename"),
    path("c/<uuid:conversation_id>/delete", views.delete, name="conversation_delete"),
    path("conversations", views.conversations, name="conversations"),
    path("ask", views.ask_question, name="ask"),
    path("runs/<uuid:run_id>/turn", views.turn, name="run_turn"),
    path("runs/<uuid:run_id>/stop", views.stop, name="run_stop"),
    path("runs/<uuid:run_id>/retry", views.retry, name="run_retry"),
    path("language", views.choose_language, name="language"),
]
