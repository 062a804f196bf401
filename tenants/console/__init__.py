"""Pages for those who look after a tenant."""
