"""A site that has the page at /digits/, and its static files elsewhere."""

from mnist_django.settings import *  # noqa: F403

ROOT_URLCONF = "tests.browser.prefixed.urls"
