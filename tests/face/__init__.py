"""Trials of the pages without a browser."""
