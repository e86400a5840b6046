"""The lock files are complete, hashed where users install from them, and independent of any machine."""

import json
import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
LOCKS = ("serving", "bulk", "ray", "heif", "training", "keras", "test")
PIN = re.compile(r"([a-z0-9.-]+)==([0-9a-z.]+)(?: ; [^\\]+?)?(?: \\)?")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


def lines(name: str) -> list[str]:
    text = (REQUIREMENTS / name).read_text()
    return [line for line in text.splitlines() if not line.strip().startswith("#")]


def pins(lock: str) -> dict[str, str]:
    return {match[1]: match[2] for line in lines(f"{lock}.txt") if (match := PIN.fullmatch(line))}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_only_exact_versions_and_hashes(lock):
    assert [line for line in lines(f"{lock}.txt") if not PIN.fullmatch(line) and not HASH.fullmatch(line)] == []
    assert pins(lock)


@pytest.mark.parametrize("file", sorted(REQUIREMENTS.iterdir()), ids=lambda file: file.name)
def test_no_requirements_file_names_an_index_a_link_a_path_or_a_host(file):
    text = re.sub(r"--hash=sha256:|--generate-hashes", "", file.read_text())
    assert not re.search(r"--|^-[^c]|://|@|/|\\\w|localhost|\.(com|org|net|io|whl)\b", text, re.MULTILINE)


@pytest.mark.parametrize("lock", ["serving", "bulk", "ray", "heif"])
def test_each_package_that_users_get_has_hashes(lock):
    text = "\n".join(lines(f"{lock}.txt"))
    packages = re.split(r"\n(?=\S)", text)
    assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_torch_stands_alone_without_local_version_or_hash():
    assert (REQUIREMENTS / "torch.txt").read_text() == "torch==2.13.0\n"


@pytest.mark.parametrize("lock", LOCKS)
def test_torch_and_its_gpu_libraries_are_in_no_other_lock(lock):
    assert not [name for name in pins(lock) if name.startswith(("torch", "nvidia", "cuda", "triton"))]


def test_serving_needs_neither_training_nor_test_packages():
    assert not {"onnx", "onnxscript", "matplotlib", "pytest", "playwright", "mypy"} & set(pins("serving"))


def test_locks_agree_on_what_they_share():
    for lock, other in combinations(LOCKS, 2):
        shared = set(pins(lock)) & set(pins(other))
        assert {name: pins(lock)[name] for name in shared} == {name: pins(other)[name] for name in shared}


def requirements_in(lock: str) -> set[str]:
    """The requirements in requirements/*.in."""
    return {line for line in lines(f"{lock}.in") if re.search("[<>=]", line)}


def requirements_of_project(lock: str) -> set[str]:
    """The requirements in pyproject.toml; torch is locked separately."""
    extras = project()["optional-dependencies"]
    wanted = {"serving": project()["dependencies"] + extras["django"], "training": extras["train"]} | extras
    others = ("torch", project()["name"])
    return {requirement for requirement in wanted[lock] if not requirement.startswith(others)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_what_is_asked_for(lock):
    assert {re.split(r"[\[<>=]", requirement)[0] for requirement in requirements_in(lock)} <= set(pins(lock))


@pytest.mark.parametrize("lock", ["bulk", "ray", "heif", "training"])
def test_an_extra_and_its_lock_name_the_same_packages(lock):
    assert requirements_in(lock) == requirements_of_project(lock)


def test_the_site_requires_the_app_and_its_own_server_packages_are_in_no_extra():
    own = {
        re.split("[<>=]", requirement)[0]
        for requirement in requirements_in("serving") - requirements_of_project("serving")
    }
    assert requirements_of_project("serving") <= requirements_in("serving")
    assert own == {"brotli", "gunicorn", "whitenoise"}


def test_the_library_asks_for_three_packages_and_six_extras_bring_the_rest():
    assert {re.split("[<>=]", requirement)[0] for requirement in project()["dependencies"]} == {
        "numpy",
        "onnxruntime",
        "pillow",
    }
    assert set(project()["optional-dependencies"]) == {"django", "bulk", "heif", "keras", "ray", "train"}


def test_node_packages_are_pinned_and_locked_by_hash_without_urls():
    package, lock = (json.loads((ROOT / name).read_text()) for name in ("package.json", "package-lock.json"))
    locked = {name: package for name, package in lock["packages"].items() if name}
    assert not [name for name, package in locked.items() if "resolved" in package or "integrity" not in package]
    asked = package["dependencies"] | package["devDependencies"]
    assert asked == {name: locked[f"node_modules/{name}"]["version"] for name in asked}
    assert set(package["dependencies"]) == {"onnxruntime-web"}  # what the page loads
