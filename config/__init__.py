"""Everything is wired here; nobody imports it."""
