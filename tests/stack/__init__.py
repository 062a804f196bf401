"""Trials of the embedded servers, each with real processes."""
