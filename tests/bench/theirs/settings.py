"""Our settings, with django-tenants in the place of what we wrote instead of it."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES as OUR_DATABASES
from config.settings import INSTALLED_APPS as OUR_APPS
from config.settings import TENANT_APPS as OUR_TENANT_APPS

TENANT_MODEL = "theirs.Customer"
TENANT_DOMAIN_MODEL = "theirs.Place"
SHARED_APPS = [
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.sites",
    "tenants",
    "tests.bench.theirs",
]
TENANT_APPS = OUR_TENANT_APPS
INSTALLED_APPS = [*SHARED_APPS, *(app for app in OUR_APPS if app not in SHARED_APPS)]
DATABASES = {
    "default": {
        name: value
        for name, value in OUR_DATABASES["default"].items()
        if name not in {"LOGIN", "TEST"}
    }
    | {"ENGINE": "django_tenants.postgresql_backend", "CONN_MAX_AGE": 60}
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
