"""Tests of the REST and OpenAI-shaped doors."""
