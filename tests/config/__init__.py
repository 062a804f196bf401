"""Tests of what wires the house together."""
