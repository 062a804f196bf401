"""The way in: streams, uploads and sockets are plain ASGI, everything else is Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()

# The table names handlers, and those name models, which exist only from here on.
from config.bodies import framed_once, with_whole_body  # noqa: E402
from config.claiming import with_claim  # noqa: E402
from config.dispatching import Dispatcher  # noqa: E402
from config.page_threads import behind_threads  # noqa: E402

application = framed_once(with_claim(Dispatcher(with_whole_body(behind_threads(pages)))))
