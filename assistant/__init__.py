"""Conversations, runs, model routing and the streams of answers."""
