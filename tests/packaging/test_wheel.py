"""The wheel, and the library, the app and the command installed from it, each into an empty environment."""

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from recognizer.recognizer import SHIPPED

ROOT = Path(__file__).parents[2]
ENGINE = re.compile(r"digit_recognition/(device/wasm|static/digit_recognition/vendor/onnxruntime-web)/")
MOST_BYTES = 3_700_000  # unpacked, without the browser's engine: two networks, four doors, texts in five languages
PREDICT = """
import recognizer
(prediction,) = recognizer.load().predict_strokes([[[[10, 0], [10, 50], [10, 100]]]])
print(prediction.digit, recognizer.__file__)
"""
URLS = """
from django.urls import include, path
urlpatterns = [path("", include("digit_recognition.urls"))]
"""
SITE = """
import json
import django
from django.conf import settings
settings.configure(
    ALLOWED_HOSTS=["testserver"],
    SECRET_KEY="k" * 40,
    ROOT_URLCONF="plain_urls",
    INSTALLED_APPS=["django.contrib.staticfiles", "digit_recognition"],
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
    STATIC_URL="static/",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()
from django.contrib.staticfiles.finders import find
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
call_command("migrate", verbosity=0)
call_command("check", databases=["default"])
client = Client(headers={"Accept-Encoding": "gzip"})
parts = json.loads(client.get("/").context["device"])
engine = client.get(parts["task"]["files"]["wasm"])
drawing = {"strokes": [[[60, 60], [200, 60], [120, 240]]], "size": [280, 280]}
print(json.dumps({
    "digit": client.post("/predict/", drawing, "application/json").json()["digit"],
    "engine": [engine["Content-Encoding"], len(engine.content)],
    "static": [find(f"digit_recognition/{name}") for name in ("script.js", "styles/base.css")],
}))
"""

pytestmark = pytest.mark.slow


def environment() -> dict[str, str]:
    """The environment without variables that point Python to the checkout or its settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO", "COV_"))}


def run(*command: str | Path, cwd: Path) -> str:
    ran = subprocess.run(list(map(str, command)), cwd=cwd, env=environment(), capture_output=True, text=True)
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
def pins(tmp_path_factory) -> Path:
    """The locked versions as constraints. The metadata decides which packages are installed."""
    file = tmp_path_factory.mktemp("pins") / "pins.txt"
    locks = [(ROOT / f"requirements/{lock}.txt").read_text() for lock in ("serving", "bulk")]
    file.write_text("\n".join(re.findall(r"^[\w.-]+==[\w.]+", "\n".join(locks), re.MULTILINE)))
    return file


def install(requirement: str, folder: Path, pins: Path) -> Path:
    """Install a requirement into an empty environment; return its Python."""
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile", "--constraint", pins)
    run(*pip, requirement, cwd=folder)
    return python


@pytest.fixture(scope="module")
def base(wheel, pins, tmp_path_factory) -> Path:
    return install(str(wheel), tmp_path_factory.mktemp("base"), pins)


@pytest.fixture(scope="module")
def with_django(wheel, pins, tmp_path_factory) -> Path:
    return install(f"{wheel}[django]", tmp_path_factory.mktemp("django"), pins)


@pytest.fixture(scope="module")
def with_bulk(wheel, pins, tmp_path_factory) -> Path:
    return install(f"{wheel}[bulk]", tmp_path_factory.mktemp("bulk"), pins)


def packages(python: Path) -> set[str]:
    listed = run(sys.executable, "-m", "pip", "--python", python, "list", "--format", "json", cwd=python.parent)
    return {package["name"].lower() for package in json.loads(listed)}


def test_the_wheel_carries_one_model_of_each_kind_the_doors_and_the_app_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "recognizer/doors/strokes.onnx",
        "recognizer/doors/cleaner.onnx",
        "recognizer/doors/line_cleaner.onnx",
        "recognizer/doors/placer.onnx",
        f"recognizer/models/{SHIPPED}/model.onnx",
        f"recognizer/models/{SHIPPED}/model.json",
        "recognizer/numbers/models/lines_v1/lines.json",
        "recognizer/py.typed",
        "digit_recognition/templates/digit_recognition/index.html",
        "digit_recognition/static/digit_recognition/script.js",
        *(f"digit_recognition/device/wasm/ort-wasm-simd-threaded.wasm.{ending}" for ending in ("br", "gz")),
        *(f"digit_recognition/locale/{code}/LC_MESSAGES/django.mo" for code in ("ne", "es", "fr", "ar")),
    ):
        assert wanted in names
    rooms = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert rooms == {"recognizer", "digit_recognition"}
    assert {name for name in names if name.endswith(".onnx") and "/models/" in name} == {
        f"recognizer/models/{SHIPPED}/model.onnx",
        "recognizer/numbers/models/lines_v1/lines.onnx",
    }
    assert not [name for name in names if name.endswith((".pyc", ".sqlite3", ".npz"))]


def test_all_but_the_browsers_engine_is_small(wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert sum(file.file_size for file in archive.infolist() if not ENGINE.match(file.filename)) < MOST_BYTES


def test_the_wheel_names_its_licence_and_its_extras_and_asks_for_three_packages(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        fields = message_from_string(archive.read(metadata).decode())
    assert (fields["Name"], fields["License-Expression"]) == ("digit-recognizer", "MIT")
    assert fields.get_all("Provides-Extra") == ["bulk", "django", "heif", "keras", "ray", "train"]
    needs = [need for need in fields.get_all("Requires-Dist", []) if "extra ==" not in need]
    assert [re.split("[<>=]", need)[0] for need in needs] == ["numpy", "onnxruntime", "pillow"]


def test_the_library_alone_predicts_from_any_folder(base, tmp_path):
    digit, file = run(base, "-c", PREDICT, cwd=tmp_path).split(maxsplit=1)
    assert digit == "1"
    assert not file.startswith(str(ROOT))
    assert {"numpy", "onnxruntime", "pillow"} <= packages(base)
    assert not packages(base) & {"django", "gunicorn", "whitenoise", "brotli", "pyarrow", "typer", "torch"}


def test_without_its_packages_the_command_says_what_to_install(base, tmp_path):
    ran = subprocess.run([base.with_name("digits")], cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert ran.returncode != 0
    assert "[bulk]" in ran.stderr and "Traceback" not in ran.stderr


def test_the_app_alone_serves_a_plain_site(with_django, tmp_path):
    (tmp_path / "plain_urls.py").write_text(URLS)
    told = json.loads(run(with_django, "-c", SITE, cwd=tmp_path).splitlines()[-1])
    assert told["digit"] == 7
    assert told["engine"][0] == "gzip" and told["engine"][1] < 4_000_000
    assert [Path(file).name for file in told["static"]] == ["script.js", "base.css"]
    assert not [file for file in told["static"] if file.startswith(str(ROOT))]
    assert not packages(with_django) & {"gunicorn", "whitenoise", "brotli", "pyarrow", "typer", "torch"}


def test_the_command_alone_reads_a_folder(with_bulk, tmp_path):
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans/seven.png").write_bytes((ROOT / "docs/seven.png").read_bytes())
    run(with_bulk.with_name("digits"), "classify", "scans", "--output", "rows.jsonl", cwd=tmp_path)
    assert json.loads((tmp_path / "rows.jsonl").read_text())["digit"] == 7
    assert not packages(with_bulk) & {"django", "ray", "torch"}
