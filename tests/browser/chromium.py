"""Where the browser of the tests is."""

import os
import shutil

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> str:
    """Return the program; without one the test is skipped, and in continuous integration it fails."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("there is no Chromium on PATH, and here it must be: sh .ci/browser")
    if found is None:
        pytest.skip("there is no Chromium on PATH: install it, on Debian and Ubuntu apt-get install chromium")
    return found
