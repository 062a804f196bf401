"""The parts of the boundary's bench; each returns a section of `docs/boundary-figures.md`."""
