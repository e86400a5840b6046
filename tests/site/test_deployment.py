"""docs/deployment.md is right about settings, limits and files."""

import re
from pathlib import Path

from mnist_django import serving, throttle

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "docs/nginx.conf").read_text(encoding="utf-8")


def test_every_setting_from_the_environment_is_explained():
    settings = (ROOT / "mnist_django/settings.py").read_text()
    names = set(re.findall(r'environment\.\w+\("(\w+)"', settings)) | {"WEB_CONCURRENCY"}
    explained = set(re.findall(r"`([A-Z_]+)`", GUIDE.split("\n## Settings")[1].split("\n\nBehind")[0]))
    assert names and names <= explained


def test_the_limits_are_those_of_the_code():
    assert f"**{serving.threads} threads**" in GUIDE
    assert f"| {serving.READ_S} s for a whole request |" in GUIDE
    assert f"| {serving.ANSWER_S} s for a request and its answer |" in GUIDE
    assert f"| {serving.keepalive} s between requests |" in GUIDE
    assert f"for {serving.graceful_timeout} s at most" in GUIDE
    assert f"in {throttle.WINDOW_S // 60} minutes from an address" in GUIDE


def test_the_limits_of_nginx_are_those_of_its_example():
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        assert re.findall(rf"{name} (\w+);", EXAMPLE) == ["10s"]
    assert "| 10 s for a request's head | nginx |" in GUIDE and "| 10 s between two pieces of a body" in GUIDE


def test_every_named_file_and_target_exists():
    files = re.findall(r"`((?:mnist_django|docs)/[\w./]+)`", GUIDE)
    links = [f"docs/{name}" for name in re.findall(r"\]\((?!http)([^)#]+)\)", GUIDE)]
    assert files and links and all((ROOT / name).exists() for name in files + links)
    targets = set(re.findall(r"\bmake (serve|\.[a-z./]+)", GUIDE))
    makefile = (ROOT / "Makefile").read_text()
    assert targets == {"serve", ".venv/.project"}
    assert all(re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE) for target in targets)
