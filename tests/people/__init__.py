"""Tests of people: accounts, keys, gates and their pages."""
