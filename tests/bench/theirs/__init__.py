"""The same apps under django-tenants alone, to compare with."""
