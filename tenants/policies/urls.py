"""Addresses under /policy/: the owner's page and what it posts."""

from django.urls import path

from tenants.policies import views

urlpatterns = [
    path("", views.policy, name="policy"),
    path("try", views.attempt, name="policy_try"),
    path("yaml", views.replace, name="policy_replace"),
    path("policy.yaml", views.download, name="policy_yaml"),
]
