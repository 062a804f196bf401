#!/usr/bin/env python3
"""Run a command against the stack that runs, or start one for the command's own duration."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from config.stack.errors import StackError
from config.stack.given import load_given
from config.stack.records import attached, guest_of, wait_for_guests
from config.stack.stack import Stack

ROOT = Path(__file__).resolve().parent
# These bring their own stack, or need none.
WITHOUT_STACK = {
    "check",
    "demo",
    "diffsettings",
    "help",
    "makemigrations",
    "spectacular",
    "up",
    "version",
}
# Whose answers need the language model; the others would wait for its weights in vain.
WITH_MODEL = {"ask", "shell"}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    load_given(ROOT)
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    is_whole = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"} <= os.environ.keys()
    if is_whole or command in WITHOUT_STACK or command.startswith("-"):
        execute_from_command_line(sys.argv)
        return 0
    environ = attached(ROOT)
    if environ is not None:
        os.environ.update(environ)
        with guest_of(Path(environ["DRAWBRIDGE_STATE"])):
            execute_from_command_line(sys.argv)
        return 0
    with Stack(ROOT, want_model=command in WITH_MODEL) as address:
        os.environ.update(address.environ)
        try:
            execute_from_command_line(sys.argv)
        finally:
            wait_for_guests(Path(address.environ["DRAWBRIDGE_STATE"]))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StackError as error:
        sys.exit(f"error: {error}")
