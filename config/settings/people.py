"""Sign-in, sessions, mail, headers and the REST framework."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from config import environment as env

_IS_PRODUCTION = env.text("DRAWBRIDGE_ENV", "development") == "production"

# --- Accounts -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["tenants.people.passwords.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "tenants.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
# Codes, never links: a signed link holds only a row's id, which another tenant has as well.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "tenants.people.adapter.ResetTokenGenerator"  # noqa: S105
# A first factor like the password, for an owner whose account strangers guess at.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "request_login_code": "tenants.people.forms.SignInCodeForm",
    "reset_password": "tenants.people.forms.ResetForm",
}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Answering for unknown addresses as well keeps known and unknown alike in time and words.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("DRAWBRIDGE_PROXIES", default=0)
# By account and address strangers would lock others out; these are counted by tenants.people.attempts.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": None,
    "request_login_code": "20/m/ip",
    "reset_password": "20/m/ip",
}
# One peer (an address, or an IPv6 network) on all accounts; one peer on one account, slower the
# longer it goes on; all peers together on one account.
ATTEMPT_RATES = {
    "PASSWORD": {
        "peer": "30/m/key,300/h/key",
        "pair": "5/5m/key,10/h/key,20/d/key",
        "account": "50/h/key",
    },
    "MAILED_CODE": {"pair": "3/m/key,6/h/key", "account": "30/h/key"},
    "CODE_GUESS": {"pair": "12/h/key"},
}

# --- Cookies: `__Host-` binds each to the one host that set it -----------------------------------
SESSION_ENGINE = "tenants.people.sessions"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tenants.people.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Mail: without a server, development reads its codes in the log `mail` -------------------------
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.integer("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Drawbridge <no-reply@localhost>")
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
elif _IS_PRODUCTION:
    EMAIL_BACKEND = "tenants.people.mail.UnsentMail"
else:
    EMAIL_BACKEND = "tenants.people.mail.LoggedMail"

# --- REST -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tenants.api.authentication.KeyAuthentication",
        "tenants.api.authentication.CookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["tenants.api.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["tenants.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "tenants.api.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Drawbridge",
    "DESCRIPTION": _("Ask questions and get answers from your own documents, with their sources."),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # The description is the same for every tenant and names nothing of theirs.
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "RunState": "assistant.models.RunState",
        "RunMode": "assistant.models.RunMode",
        "MessageRole": "assistant.models.MessageRole",
        "DocumentState": "rag.models.DocumentState",
        "SearchMode": "rag.serializers.MODES",
        "Level": "assistant.api.serializers.LEVELS",
        "Destination": "assistant.api.serializers.DESTINATIONS",
        "Passing": "assistant.api.serializers.PASSAGES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.schema.describe_api",
    ],
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "deepLinking": True},
}
