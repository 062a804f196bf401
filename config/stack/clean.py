"""`make clean`: forget the data of a stack that does not run; needs nothing installed."""

import sys
from pathlib import Path

from config.stack.errors import StackError
from config.stack.places import default_state_dir, remove
from config.stack.records import is_held


def main() -> int:
    root = Path.cwd()
    if is_held(default_state_dir(root) / "lock"):
        sys.stderr.write("error: the stack is running; stop it first\n")
        return 1
    try:
        remove(root)
    except StackError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
