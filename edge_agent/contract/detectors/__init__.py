"""One family of secrets a file; each offers `find(reading)` and knows nothing of the others."""
