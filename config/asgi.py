"""The way in: streams, uploads and sockets are plain ASGI, everything else is Django."""

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()

# The table names handlers, and those name models, which exist only from here on.
from config.bodies import framed_once, with_whole_body  # noqa: E402
from config.dispatching import Dispatcher  # noqa: E402
from config.headers import AsgiApp  # noqa: E402

PAGE_THREADS_DEFAULT = 8

threads = getattr(settings, "PAGE_THREADS", PAGE_THREADS_DEFAULT)
# Each library has types of its own for one and the same protocol.
behind_threads = cast("AsgiApp", WSGIMiddleware(cast("Any", pages), workers=threads))
application = framed_once(Dispatcher(with_whole_body(behind_threads)))
