"""Tests of documents begin with no file on the disk: tenants' names come back in every run."""

import shutil

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _no_files() -> None:
    shutil.rmtree(settings.FILES_ROOT, ignore_errors=True)
