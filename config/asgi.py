"""The way in: streams, uploads and sockets are plain ASGI, everything else is Django."""

import os

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()

# The table names handlers, and those name models, which exist only from here on.
from config.dispatching import Dispatcher  # noqa: E402

PAGE_THREADS_DEFAULT = 8

application = Dispatcher(
    WSGIMiddleware(pages, workers=getattr(settings, "PAGE_THREADS", PAGE_THREADS_DEFAULT))
)
