"""The node's own code."""
