"""Documents, ingestion, retrieval and citations."""
