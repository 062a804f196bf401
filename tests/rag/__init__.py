"""Documents: loading, cutting, indexing, finding, quoting."""
