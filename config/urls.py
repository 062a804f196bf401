"""Every address that Django answers; what stays open or is large is in config.routes."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView

from assistant.openai_api.unknown import unknown_path
from config.schema_page import SchemaPage
from tenants.api.views import unknown_endpoint

api_urls: list[URLPattern | URLResolver] = [
    path("v1/", include("assistant.api.urls")),
    path("v1/", include("rag.api_urls")),
    path("schema/", SchemaPage.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/docs.html"),
        name="api-docs",
    ),
    re_path(r"^(?P<rest>(?s:.*))\Z", unknown_endpoint),
]

urlpatterns = [
    path("account/", include("tenants.people.urls")),
    path("api/", include(api_urls)),
    re_path(r"^v1/(?P<rest>(?s:.*))\Z", unknown_path),
    path("policy/", include("tenants.policies.urls")),
    path("status/", include("tenants.console.urls")),
    path("", include("assistant.urls")),
    path("", include("rag.urls")),
]

handler500 = "config.outages.server_error"
