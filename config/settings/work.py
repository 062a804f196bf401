"""Which work a worker process does, and how much of it at once."""

from config import environment as env

# Answers and files wait in lines of their own; a process may serve one of them, or both.
WORKER_QUEUES = env.words("DRAWBRIDGE_WORKER_QUEUES", default="ANSWERS,INGESTION")
# A tenant's cap lies below the slots: whoever else asks finds one free.
ANSWER_SLOTS = env.integer("DRAWBRIDGE_ANSWER_SLOTS", default=12)
QUESTIONS_PER_TENANT = env.integer("DRAWBRIDGE_QUESTIONS_PER_TENANT", default=8)
QUESTIONS_PER_PERSON = env.integer("DRAWBRIDGE_QUESTIONS_PER_PERSON", default=2)
INGESTION_SLOTS = env.integer("DRAWBRIDGE_INGESTION_SLOTS", default=3)
INGESTIONS_PER_TENANT = env.integer("DRAWBRIDGE_INGESTIONS_PER_TENANT", default=2)
INGESTIONS_PER_PERSON = env.integer("DRAWBRIDGE_INGESTIONS_PER_PERSON", default=2)
