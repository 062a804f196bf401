"""Addresses under /account/: the parts of django-allauth in use, and the keys page."""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import RedirectView

from tenants.people import code_views, views

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("login/code/", code_views.RequestCode.as_view(), name="account_request_login_code"),
    path(
        "login/code/confirm/",
        code_views.ConfirmCode.as_view(),
        name="account_confirm_login_code",
    ),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    # Closed by the adapter; other pages and mails point to it by name.
    path("signup/", allauth_views.signup, name="account_signup"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path(
        "confirm-email/",
        code_views.ConfirmAddress.as_view(),
        name="account_email_verification_sent",
    ),
    # Where django-allauth sends who has nothing left to confirm.
    path("email/", RedirectView.as_view(pattern_name="chat"), name="account_email"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/set/", allauth_views.password_set, name="account_set_password"),
    path("password/reset/", code_views.ResetPassword.as_view(), name="account_reset_password"),
    path(
        "password/reset/confirm/",
        code_views.ConfirmReset.as_view(),
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/complete/",
        allauth_views.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "password/reset/done/",
        allauth_views.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("keys/", views.keys, name="account_keys"),
    path("keys/<uuid:key_id>/revoke", views.revoke, name="account_key_revoke"),
]
