"""All settings, by topic; every value that differs between places comes from the environment."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config import environment as env
from config.settings.limits import *  # noqa: F403
from config.settings.people import *  # noqa: F403
from config.settings.production import refuse_weak_settings
from config.settings.work import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[2]
ENVIRONMENT = env.text("DRAWBRIDGE_ENV", "development")
IS_PRODUCTION = ENVIRONMENT == "production"
DEBUG = False

# Without a stack (linting, schema making) nothing is signed and no database is reached.
SECRET_KEY = env.text("DRAWBRIDGE_SECRET_KEY", None if IS_PRODUCTION else "no-stack-no-secret")
STATE_DIR = Path(env.text("DRAWBRIDGE_STATE", str(BASE_DIR / ".run")))
FILES_ROOT = Path(env.text("DRAWBRIDGE_FILES", str(STATE_DIR / "files")))
WEB_PORT = env.integer("DRAWBRIDGE_PORT", default=8000)

# --- Applications -------------------------------------------------------------------------------
SHARED_APPS = ["django.contrib.contenttypes", "tenants"]
TENANT_APPS = [
    "django.contrib.auth",
    "django.contrib.sessions",
    "tenants.people",
    "tenants.policies",
    "allauth",
    "allauth.account",
    "rag",
    "assistant",
]
INSTALLED_APPS = [
    "config",
    *SHARED_APPS,
    *TENANT_APPS,
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

MIDDLEWARE = [
    "tenants.middleware.TenantMiddleware",
    "config.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.storable.StorableTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database: two logins, one scope (see tenants.base.postgresql) ---------------------------------
_NO_STACK = "postgresql://nobody:nothing@127.0.0.1:1/none"
DATABASES = {
    "default": env.database(env.text("DATABASE_URL", _NO_STACK), login="APP"),
    "owner": env.database(env.text("DATABASE_OWNER_URL", _NO_STACK), login="OWNER"),
}
DATABASE_ROUTERS = ["tenants.base.router.SchemaRouter"]
PG_EXTRA_SEARCH_PATHS = ["extensions"]
SKIP_PG_EXTRA_VALIDATION = True
PUBLIC_SCHEMA_NAME = "public"

# --- Hosts: the registry decides which host is known, before any view ---------------------------
PUBLIC_HOST = env.text("DRAWBRIDGE_PUBLIC_HOST", "localhost")
TENANT_BASE_DOMAIN = env.text("DRAWBRIDGE_BASE_DOMAIN", PUBLIC_HOST)
ALLOWED_HOSTS = [PUBLIC_HOST, f".{TENANT_BASE_DOMAIN}", *env.words("DRAWBRIDGE_HOSTS")]
USE_X_FORWARDED_HOST = False
IS_BEHIND_PROXY = env.flag("DRAWBRIDGE_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_PROXY else None
# How an address of ours begins and ends where nobody asked for it: in a mail, in a citation.
SITE_SCHEME = "https" if IS_PRODUCTION or IS_BEHIND_PROXY else "http"
SITE_PORT = "" if SITE_SCHEME == "https" else str(WEB_PORT)

# --- Valkey and Celery: both may vanish at any instant; PostgreSQL remembers --------------------
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:1/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "tenants.base.valkey.cache_key",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    }
}

# --- Models -----------------------------------------------------------------------------------------
OPENAI_BASE_URL = env.text("OPENAI_BASE_URL", "")
OPENAI_API_KEY = env.text("OPENAI_API_KEY", "")
OPENAI_MODEL = env.text("OPENAI_MODEL", "")
OPENAI_CONTEXT_TOKENS = env.integer("OPENAI_CONTEXT_TOKENS", default=16384)
# PREMISES or PROVIDER; without it the address decides, and a public one is a third party's.
OPENAI_DESTINATION = env.text("OPENAI_DESTINATION", "")
OLLAMA_URL = env.text("OLLAMA_URL", "http://localhost:11434")
LOCAL_MODEL = env.text("LOCAL_MODEL", "auto")
LOCAL_MODEL_URL = env.text("LOCAL_MODEL_URL", "")
LOCAL_MODEL_KEY = env.text("LOCAL_MODEL_KEY", "")
LOCAL_MODEL_NAME = env.text("LOCAL_MODEL_NAME", "")
MODEL_DEADLINE_SECONDS = env.integer("DRAWBRIDGE_MODEL_DEADLINE_SECONDS", default=120)
# A run whose writer died is taken by another after this long; its writer renews it every 2 s.
RUN_LEASE_SECONDS = env.integer("DRAWBRIDGE_RUN_LEASE_SECONDS", default=15)
# A document whose worker died or hangs is taken by another after this long; it is renewed all along.
INGEST_LEASE_SECONDS = env.integer("DRAWBRIDGE_INGEST_LEASE_SECONDS", default=30)
EMBEDDINGS = env.text("EMBEDDINGS", "auto")
EMBEDDINGS_BASE_URL = env.text("EMBEDDINGS_BASE_URL", "")
# PREMISES or PROVIDER; without it the address decides.
EMBEDDINGS_DESTINATION = env.text("EMBEDDINGS_DESTINATION", "")
EMBEDDINGS_API_KEY = env.text("EMBEDDINGS_API_KEY", "")
EMBEDDINGS_MODEL = env.text("EMBEDDINGS_MODEL", "")
UPLOAD_BYTES_MAX = env.integer("DRAWBRIDGE_UPLOAD_BYTES_MAX", default=100 * 1024 * 1024)

# --- Language and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Chinese"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Files of the pages -----------------------------------------------------------------------------
STATIC_URL = "/static/"
# Served from where they lie: nothing is collected, so nothing can be stale or missing.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Transport ----------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_HSTS_SECONDS = 31536000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_HSTS_PRELOAD = IS_PRODUCTION

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {
        "sampled": {
            "()": "config.log_sampling.SampledLines",
            "lines_per_minute": env.integer("DRAWBRIDGE_LOG_REPEATS_PER_MINUTE", default=20),
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["sampled"]}
    },
    "root": {"handlers": ["stderr"], "level": env.text("DRAWBRIDGE_LOG_LEVEL", "INFO")},
    "loggers": {
        "httpx2": {"level": "WARNING"},
        "openai": {"level": "WARNING"},
        # Its own handlers, set before ours, would write past the sampling.
        "uvicorn": {"handlers": [], "propagate": True},
        "uvicorn.access": {"handlers": [], "propagate": False},
    },
}

if IS_PRODUCTION:
    refuse_weak_settings(
        secret_key=SECRET_KEY,
        database_urls=(env.text("DATABASE_URL"), env.text("DATABASE_OWNER_URL")),
        redis_url=env.text("REDIS_URL"),
        hosts=ALLOWED_HOSTS,
    )
