"""The database backend that follows the scope."""
