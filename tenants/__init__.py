"""Tenants, people and rights; `tenants.base` is what every app stands on."""
