"""What `pip install .` gives: built from the checkout, put into an empty environment, used from elsewhere."""

import os
import subprocess
import sys
import venv
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from recognizer.recognizer import SHIPPED

ROOT = Path(__file__).parents[2]
PREDICT = """
import recognizer
(prediction,) = recognizer.load().predict_strokes([[[[10, 0], [10, 50], [10, 100]]]])
print(prediction.digit, recognizer.__file__)
"""
SERVE = """
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.staticfiles", "digit_recognition"],
    STATIC_URL="static/",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()
from django.contrib.staticfiles.finders import find
from django.template.loader import get_template
print(get_template("digit_recognition/index.html").origin.name)
print(find("digit_recognition/script.js"))
print(find("digit_recognition/style.css"))
"""

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    # Without the variables that lead Python back to the checkout or to its settings.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO", "COV_"))}
    ran = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder)
    run(*build, ROOT, cwd=folder)
    (built,) = folder.glob("digit_recognizer-*-py3-none-any.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The Python of an environment that holds the serving lock and the wheel, nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements/serving.txt", cwd=folder)
    run(*pip, "--no-deps", wheel, cwd=folder)
    return python


def test_the_wheel_carries_models_doors_and_the_app_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "recognizer/doors/strokes.onnx",
        "recognizer/doors/pixels.onnx",
        f"recognizer/models/{SHIPPED}/model.onnx",
        f"recognizer/models/{SHIPPED}/model.json",
        "recognizer/py.typed",
        "digit_recognition/templates/digit_recognition/index.html",
        "digit_recognition/static/digit_recognition/script.js",
        *(f"digit_recognition/locale/{code}/LC_MESSAGES/django.mo" for code in ("ne", "es", "fr", "ar")),
    ):
        assert wanted in names
    rooms = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert rooms == {"recognizer", "digit_recognition"}
    assert not [name for name in names if name.endswith((".pyc", ".sqlite3", ".gz", ".npz"))]


def test_the_wheel_names_its_licence_and_its_extras_and_asks_for_no_torch(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        fields = message_from_string(archive.read(metadata).decode())
    assert (fields["Name"], fields["License-Expression"]) == ("digit-recognizer", "MIT")
    assert fields.get_all("Provides-Extra") == ["bulk", "ray", "test", "train"]
    assert not [need for need in fields.get_all("Requires-Dist", []) if "torch" in need and "extra ==" not in need]


def test_the_installed_library_predicts_from_any_folder(installed, tmp_path):
    digit, file = run(installed, "-c", PREDICT, cwd=tmp_path).split(maxsplit=1)
    assert digit == "1"
    assert not file.startswith(str(ROOT))


def test_the_installed_app_finds_its_page_and_its_static_files(installed, tmp_path):
    files = run(installed, "-c", SERVE, cwd=tmp_path).split()
    assert [Path(file).name for file in files] == ["index.html", "script.js", "style.css"]
    assert not [file for file in files if file.startswith(str(ROOT))]
