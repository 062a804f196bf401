"""The daemon on the root node; it knows its own contract and nothing else of the house."""
