"""What one person, one tenant and one connection may take, so that nobody can stop another."""

from config.settings.env import integer

# --- Held for a while: more than this at once is told to come back --------------------------------
STREAMS_PER_PERSON = integer("DRAWBRIDGE_STREAMS_PER_PERSON", default=20)
STREAMS_PER_TENANT = integer("DRAWBRIDGE_STREAMS_PER_TENANT", default=200)
COMPLETIONS_PER_PERSON = integer("DRAWBRIDGE_COMPLETIONS_PER_PERSON", default=4)
COMPLETIONS_PER_TENANT = integer("DRAWBRIDGE_COMPLETIONS_PER_TENANT", default=12)
# What a process held when it died is free again after this long.
SHARE_LEASE_SECONDS = integer("DRAWBRIDGE_SHARE_LEASE_SECONDS", default=30)

# --- Connections: who sends or reads too slowly makes room for others ------------------------------
# From the first byte of a request, or from the connecting, to the end of its head.
HEAD_SECONDS = integer("DRAWBRIDGE_HEAD_SECONDS", default=20)
# Connections without a whole head; of more than these the oldest is cut.
HEADLESS_CONNECTIONS_MAX = integer("DRAWBRIDGE_HEADLESS_CONNECTIONS_MAX", default=512)
# A body that comes, and an answer that goes, slower than this for so long is cut.
SLOWEST_BYTES_PER_SECOND = integer("DRAWBRIDGE_SLOWEST_BYTES_PER_SECOND", default=1000)
SLOW_SECONDS = integer("DRAWBRIDGE_SLOW_SECONDS", default=30)
