"""The node's command: judge texts, make owner keys, sign and check policies."""

import argparse
import sys
from pathlib import Path

from edge_agent.classifying import LineTooLong, built_in_policy, classify_lines, lines_of
from edge_agent.contract.errors import PolicyInvalid
from edge_agent.contract.policy import Policy
from edge_agent.policy_files import read_policy
from edge_agent.policy_signing import add_commands, run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m edge_agent", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    classify = commands.add_parser("classify", help="say how secret each text is, and why")
    classify.add_argument(
        "--json", required=True, choices=["-"], help='lines {"text": …} on standard input'
    )
    classify.add_argument("--policy", type=Path, help="a YAML file; the built-in one without it")
    add_commands(commands)
    options = parser.parse_args()
    if options.command != "classify":
        sys.exit(run(options))
    # What a terminal or file holds is UTF-8 here, whatever the locale says.
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        for line in classify_lines(lines_of(sys.stdin), _policy(options.policy)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    except LineTooLong as error:
        sys.exit(f"{error}.")


def _policy(path: Path | None) -> Policy:
    if path is None:
        return built_in_policy()
    try:
        return read_policy(path)
    except (PolicyInvalid, OSError, UnicodeDecodeError) as error:
        sys.exit(f"{path}: {error}. Nothing was judged.")


if __name__ == "__main__":
    main()
