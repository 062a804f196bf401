"""What one person, one tenant and one connection may take, so that nobody can stop another."""

from config.settings.env import integer

# --- Held for a while: more than this at once is told to come back --------------------------------
STREAMS_PER_PERSON = integer("DRAWBRIDGE_STREAMS_PER_PERSON", default=20)
STREAMS_PER_TENANT = integer("DRAWBRIDGE_STREAMS_PER_TENANT", default=200)
COMPLETIONS_PER_PERSON = integer("DRAWBRIDGE_COMPLETIONS_PER_PERSON", default=4)
COMPLETIONS_PER_TENANT = integer("DRAWBRIDGE_COMPLETIONS_PER_TENANT", default=12)
# What a process held when it died is free again after this long.
SHARE_LEASE_SECONDS = integer("DRAWBRIDGE_SHARE_LEASE_SECONDS", default=30)
