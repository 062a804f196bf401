"""What every app of the house stands on: scope, database, work, lanes, text, errors."""
