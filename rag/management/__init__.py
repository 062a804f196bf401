"""Commands of the document app."""
