"""Two tenants, everyone in them, and every way from one into the other."""
