"""What one person, one tenant and one connection may take, so that nobody can stop another."""

from config.environment import integer

# --- Threads of the web process: taken in turns, each tenant and person at most so many -------------
PAGE_THREADS = integer("DRAWBRIDGE_PAGE_THREADS", default=8)
PAGE_THREADS_PER_TENANT = integer("DRAWBRIDGE_PAGE_THREADS_PER_TENANT", default=4)
PAGE_THREADS_PER_PERSON = integer("DRAWBRIDGE_PAGE_THREADS_PER_PERSON", default=2)
PAGES_WAITING_MAX = integer("DRAWBRIDGE_PAGES_WAITING_MAX", default=256)
PAGES_WAITING_PER_TENANT = integer("DRAWBRIDGE_PAGES_WAITING_PER_TENANT", default=64)
PAGE_WAIT_SECONDS_MAX = integer("DRAWBRIDGE_PAGE_WAIT_SECONDS_MAX", default=10)
# From streams, uploads and `/v1` into the database, a moment each.
LANE_THREADS = integer("DRAWBRIDGE_LANE_THREADS", default=8)
LANE_THREADS_PER_TENANT = integer("DRAWBRIDGE_LANE_THREADS_PER_TENANT", default=6)
LANE_THREADS_PER_PERSON = integer("DRAWBRIDGE_LANE_THREADS_PER_PERSON", default=4)
# Answers of `/v1` that one process writes at once; more than one tenant may have.
COMPLETION_THREADS = integer("DRAWBRIDGE_COMPLETION_THREADS", default=24)

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
