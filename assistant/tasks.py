"""Jobs that a worker does for this app."""

from assistant import turns
from tenants.base.jobs import RUN_TURN, does


@does(RUN_TURN)
def run_turn(object_id: str) -> None:
    turns.run_turn(object_id)
