"""Metadata of a picture does not get into the log of the server."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support import costly_pngs
from tests.support.files import chunk

ROOT = Path(__file__).parents[2]
READ = """
import sys
import django
django.setup()
from recognizer.pictures import decode
print(decode(sys.stdin.buffer.read()).shape)
"""


def test_a_picture_of_a_thousand_odd_tags_writes_no_line_into_the_log():
    tags = ((tag, 4, 2**31, 9) for tag in range(300, 1300))
    picture = costly_pngs.small(chunk(b"eXIf", costly_pngs.exif(*tags)))
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "mnist_django.settings", "PYTHONWARNINGS": ""}
    done = subprocess.run([sys.executable, "-c", READ], input=picture, cwd=ROOT, env=env, capture_output=True)
    assert (done.stdout.split(), done.stderr) == ([b"(8,", b"8)"], b"")
