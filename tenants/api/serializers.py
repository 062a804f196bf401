"""Serializers and fields that take what they name, of the type they name, and nothing else."""

from typing import Any
from uuid import UUID

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
                    {name: [_("This field is not known here.")] for name in unknown},
                    code="unknown",
                )
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """A string; the framework's own field would write down the number 7 as well."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class IdField(serializers.UUIDField):
    """A UUID written as a string, not as any number below 2**128."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class NumberField(serializers.IntegerField):
    """A whole number: no string, no fraction, no boolean."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class FlagField(serializers.BooleanField):
    """True or false; not a word or a number that might mean it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data
