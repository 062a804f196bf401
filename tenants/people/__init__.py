"""People of one tenant: accounts, sign-in, personal API keys."""
