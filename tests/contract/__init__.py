"""The contract, as cloud and node both run it."""
