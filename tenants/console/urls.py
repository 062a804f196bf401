"""Addresses of the console."""

from django.urls import path

from tenants.console.views import status

urlpatterns = [path("", status, name="status")]
