"""The machine that the tests run on: whether it is CI's, and its browser."""

import os
import shutil

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """The path of an installed Chrome or Chromium."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
