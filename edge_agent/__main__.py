"""The node's command: `python -m edge_agent classify --json -`."""

import argparse
import sys

from edge_agent.classifying import classify_lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m edge_agent", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    classify = commands.add_parser("classify", help="say how secret each text is, and why")
    classify.add_argument("--json", required=True, choices=["-"], help="lines of JSON on stdin")
    parser.parse_args()
    for line in classify_lines(sys.stdin):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
