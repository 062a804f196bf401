"""Trials of what an owner says is secret."""
