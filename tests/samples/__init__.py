"""The demo's documents: what they hold, and whether questions about them are answered."""
