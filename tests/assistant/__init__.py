"""Trials of conversations, runs, their events and their relays."""
