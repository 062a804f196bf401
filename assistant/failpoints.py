"""Named places where a trial may kill the process, to prove that nothing is lost there."""

import os
import signal
from enum import StrEnum

from django.conf import settings

VARIABLE = "DRAWBRIDGE_FAILPOINT"


class Failpoint(StrEnum):
    CLAIMED = "claimed"
    FIRST_DELTA = "first_delta"
    CHECKPOINT = "checkpoint"
    BEFORE_FINISH = "before_finish"
    AFTER_FINISH = "after_finish"


def reach(point: Failpoint) -> None:
    """Die here, as by a power cut, when a test asked for it with `<name>:kill`."""
    if settings.ENVIRONMENT == "test" and os.environ.get(VARIABLE) == f"{point}:kill":
        os.kill(os.getpid(), signal.SIGKILL)
