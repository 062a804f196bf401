"""The task that knows its tenant: a signed header, or no work at all.

A message without a valid signature is refused for good. The signature covers schema,
task name, message id and object, under a key derived from the secret of this platform.
"""

import hashlib
import hmac
import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from celery import Task, current_app, current_task
from celery.exceptions import Reject
from django.conf import settings
from django.db import close_old_connections

from tenants.base.context import current_scope, platform_scope, scope, scope_or_none
from tenants.base.errors import ScopeMissing

logger = logging.getLogger(__name__)

HEADER = "drawbridge"
_PURPOSE = b"tenants.base.tasks"


class TenantTask(Task):  # type: ignore[type-arg]
    """Run the body as the platform inside the tenant that the signed header names."""

    abstract = True

    def apply_async(  # type: ignore[override]
        self,
        args: Any = None,
        kwargs: dict[str, Any] | None = None,
        task_id: str | None = None,
        **options: Any,
    ) -> Any:
        task_id = task_id or str(uuid4())
        signed = sign(_schema_to_send(), self.name, task_id, _object_id(kwargs))
        # Celery spreads `headers` over the message; a retry or a link is signed anew here.
        headers = {**(options.pop("headers", None) or {}), HEADER: signed}
        return super().apply_async(args, kwargs, task_id=task_id, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        schema = _verified_schema(self, kwargs)
        if schema is None:
            logger.error("task_refused task=%s id=%s", self.name, self.request.id)
            raise Reject("no valid tenant header", requeue=False)
        with scope(platform_scope(schema)):
            return super().__call__(*args, **kwargs)

    def run_now(self, schema: str, object_id: str) -> None:
        """Run the body in this thread, as the poller does without any message."""
        close_old_connections()
        try:
            with scope(platform_scope(schema)):
                self.run(object_id=object_id)
        finally:
            close_old_connections()


def wake(task: str, object_id: str) -> None:
    """Send a task by name for the current tenant; the sender need not know its code."""
    task_id = str(uuid4())
    header = sign(current_scope().schema, task, task_id, object_id)
    current_app.send_task(
        task, kwargs={"object_id": object_id}, task_id=task_id, headers={HEADER: header}
    )


def sign(schema: str, task: str, task_id: str, object_id: str) -> dict[str, str]:
    return {"schema": schema, "signature": _signature(schema, task, task_id, object_id)}


def _schema_to_send() -> str:
    """Return the tenant of the caller, or of the task whose chain goes on from here."""
    found = scope_or_none()
    if found is not None:
        return found.schema
    # A proxy, false where no task is running.
    if current_task and isinstance(current_task, TenantTask):
        schema = _verified_schema(current_task, current_task.request.kwargs or {})
        if schema is not None:
            return schema
    raise ScopeMissing


def _verified_schema(task: Any, kwargs: Mapping[str, Any]) -> str | None:
    header = (task.request.headers or {}).get(HEADER)
    if header is None:
        header = getattr(task.request, HEADER, None)
    if not isinstance(header, dict):
        return None
    schema, signature = header.get("schema"), header.get("signature")
    if not isinstance(schema, str) or not isinstance(signature, str):
        return None
    expected = _signature(schema, task.name, str(task.request.id), _object_id(kwargs))
    return schema if hmac.compare_digest(expected, signature) else None


def _object_id(kwargs: Mapping[str, Any] | None) -> str:
    return str((kwargs or {}).get("object_id", ""))


def _signature(*parts: str) -> str:
    derived = hmac.digest(settings.SECRET_KEY.encode(), _PURPOSE, hashlib.sha256)
    # The unit separator cannot stand in a schema, a task name or an id.
    return hmac.new(derived, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()
