"""Serializers that take what they name and nothing else."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses a body with a field it does not know.

    A field that is silently dropped looks, to the one who sent it, as if it had worked.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: [_("This field is not known here.")] for name in unknown}, code="unknown"
                )
        return super().to_internal_value(data)
