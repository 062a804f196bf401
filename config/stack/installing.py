"""Run pip and say every few seconds what it is at, instead of nothing for minutes.

    python -m config.stack.installing -r requirements.txt

It needs nothing but Python, for nothing else is there yet.
"""

import subprocess
import sys
import threading

from config.stack.errors import StackError
from config.stack.progress import Wait, Work, say_aloud, wait_for_end

_LINES_SHOWN = 15
_ADVICE = "what was downloaded is kept, so try again"
_LINE_CHARS_MAX = 100


def main(arguments: list[str]) -> int:
    """Return pip's status; what it printed is shown when it fails."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    child = subprocess.Popen(
        [*command, "--progress-bar", "off", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    heard: list[str] = []
    reader = threading.Thread(target=_listen, args=[child, heard], daemon=True)
    reader.start()
    work = Work(lambda: [child.pid])
    wait = Wait("packages to be installed", lambda: (work(), len(heard)), advice=_ADVICE)
    try:
        status = wait_for_end(child, wait, lambda: _last(heard))
    except StackError as error:
        say_aloud(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        say_aloud(f"stopped; {_ADVICE}")
        return 1
    reader.join()
    if status:
        say_aloud("".join(heard[-_LINES_SHOWN:]))
        say_aloud(f"error: pip failed; {_ADVICE}")
    return status


def _listen(child: subprocess.Popen[str], heard: list[str]) -> None:
    heard.extend(child.stdout or ())


def _last(heard: list[str]) -> str:
    """Return what pip is at; a warning says nothing of that."""
    doing = (line for line in reversed(heard) if not line.startswith("WARNING"))
    return next(doing, "").strip()[:_LINE_CHARS_MAX]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
