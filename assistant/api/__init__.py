"""REST over conversations and runs."""
