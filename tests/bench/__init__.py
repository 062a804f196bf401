"""Figures of the project: each module prints its own, with command, machine and date."""
