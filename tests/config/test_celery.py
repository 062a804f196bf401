"""What a worker prints when it starts is what its operator can use."""

import subprocess
import sys

from tests.harness.servers import ROOT

# As root of a container, whoever runs the test.
AS_ROOT = """
import os

os.getuid = os.geteuid = lambda: 0
from celery.platforms import check_privileges
from config.celery import app

assert app.conf.accept_content == ["json"]
check_privileges(app.conf.accept_content)
"""


def test_a_worker_of_root_is_not_warned_of_what_it_never_takes() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", AS_ROOT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "superuser privileges" not in done.stderr
