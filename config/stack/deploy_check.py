"""Run Django's deploy checks under production settings with secrets made for the occasion."""

import os
import secrets
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Return the exit status of `manage.py check --deploy`."""
    password = secrets.token_urlsafe(32)
    environ = os.environ | {
        "DRAWBRIDGE_ENV": "production",
        "DRAWBRIDGE_SECRET_KEY": secrets.token_urlsafe(64),
        "DATABASE_URL": f"postgresql://app:{password}@127.0.0.1:1/none",
        "DATABASE_OWNER_URL": f"postgresql://owner:{password}@127.0.0.1:1/none",
        "REDIS_URL": f"redis://:{password}@127.0.0.1:1/0",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, env=environ, cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
