"""Trials of the ground that everything else stands on."""
