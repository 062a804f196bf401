"""The two models that django-tenants asks for."""

from django_tenants.models import DomainMixin, TenantMixin


class Customer(TenantMixin):  # type: ignore[misc]
    # With data, its clone function does not find the types of extensions in their own schema.
    clone_mode = "NODATA"

    class Meta:
        app_label = "theirs"

    def __str__(self) -> str:
        return str(self.schema_name)


class Place(DomainMixin):  # type: ignore[misc]
    class Meta:
        app_label = "theirs"

    def __str__(self) -> str:
        return str(self.domain)
