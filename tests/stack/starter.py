"""A process of its own that runs a stack until it is told or made to stop.

    python -m tests.stack.starter STATE_DIR

It prints one line of JSON when everything answers: the pids and the environment.
"""

import json
import signal
import sys
from pathlib import Path

from config.stack.errors import StackError
from config.stack.stack import Stack


def main() -> int:
    state = Path(sys.argv[1])
    stack = Stack(state, state_dir=state, want_model=False)
    try:
        address = stack.start()
    except StackError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    pids = [server.child.pid for server in stack._running if server.child]
    print(json.dumps({"pids": pids, "environ": dict(address.environ)}), flush=True)
    signal.sigwait({signal.SIGTERM})
    stack.stop()
    return 0


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    sys.exit(main())
