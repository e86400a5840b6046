"""The README tells the truth: its commands run as they stand, and its snippet prints what it says."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import recognizer
from recognizer import MODELS
from recognizer.bulk.rows import NUMBERS
from recognizer.evaluation.goals import AS_THEY_ARE
from recognizer.recognizer import SHIPPED
from tests.support import networks
from tests.support.machine import IN_CI

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SITE = "http://127.0.0.1:8000"


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def section(heading: str) -> str:
    return README.split(f"\n## {heading}\n")[1].split("\n## ")[0]


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A folder that looks like the repository, so that what commands write is left out of it."""
    for name in ("docs", "recognizer", "digit_recognition", "mnist_django", "manage.py", "README.md", "LICENSE"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


def run(script: str, folder: Path) -> str:
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    done = subprocess.run(["bash", "-euc", script], cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not shutil.which("curl") and not IN_CI, reason="curl is not installed")
def test_the_curl_commands_get_the_documented_answers(live_server, checkout):
    token, strokes, picture = (block for block in blocks("sh") if "curl" in block)
    script = (token + strokes + "echo\n" + picture).replace(SITE, live_server.url)
    answers = [json.loads(line) for line in run(script, checkout).splitlines()]
    assert [answer["digit"] for answer in answers] == [7, 7]
    promised = re.search(r"The answer is `\{(.*?)\}`", README)
    assert promised and set(re.findall(r'"(\w+)":', promised[1])) == set(answers[0])


def test_the_python_snippet_prints_what_the_text_says(checkout):
    (snippet,) = blocks("python", section("As a Python library"))
    (printed,) = blocks("text")
    (checkout / "snippet.py").write_text(snippet)
    assert run(".venv/bin/python snippet.py", checkout) == printed


OWN_SITE = """
from django.conf import settings
from own_settings import INSTALLED_APPS
settings.configure(
    INSTALLED_APPS=INSTALLED_APPS,
    ROOT_URLCONF="own_urls",
    STATIC_URL="static/",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "own.sqlite3"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
import django
django.setup()
from django.core.management import call_command
from django.test import Client, RequestFactory
call_command("migrate", verbosity=0)
from own_views import read_scan
with open("docs/seven.png", "rb") as scan:
    print(read_scan(RequestFactory().post("/", {"scan": scan})).content.decode())
print(read_scan(RequestFactory().post("/")).status_code)
print(Client(SERVER_NAME="localhost").get("/digits/").status_code)
"""


def test_the_django_snippets_make_a_site_with_the_page_and_a_view(checkout):
    names = ("own_settings.py", "own_urls.py", "own_views.py")
    for name, snippet in zip(names, blocks("python", section("In your own Django site")), strict=True):
        (checkout / name).write_text(snippet)
    (checkout / "own_site.py").write_text(OWN_SITE)
    answer, *statuses = run(".venv/bin/python own_site.py", checkout).splitlines()
    assert json.loads(answer) == {"digit": 7, "reason": None}
    assert statuses == ["400", "200"]


def test_the_command_for_whole_folders_writes_the_rows_that_the_text_names(checkout):
    (script,) = (block for block in blocks("sh") if "digits classify" in block)
    run(script.split("\n", 1)[1], checkout)  # the line before it is `make bulk`
    head, row = (checkout / "rows.csv").read_text().splitlines()
    assert row.startswith("docs/seven.png,1,") and ",7,0.99" in row
    columns = {"left": "box", "p0": "probabilities"}
    named = re.findall(r"`(\w+)`", section("Whole folders").split("in their order:")[1].split("as `.csv`")[0])
    assert [
        columns.get(name, name) for name in head.split(",") if not re.fullmatch(r"top|right|bottom|p[1-9]", name)
    ] == named


def test_the_text_names_the_columns_of_numbers():
    text = section("Whole folders").split("The rows then have")[1].split("Lists are list types")[0]
    assert re.findall(r"`(\w+)`", text) == NUMBERS.names


@pytest.mark.slow
@pytest.mark.usefixtures("digits_data")
def test_the_training_commands_train_and_measure(checkout):
    first, second = blocks("sh", section("Train your own"))
    train = first.split("\n", 1)[1]  # the line before it is `make training`, which has made this environment
    assert "runs/smallest-1/smallest" in run(train, checkout)
    check_trained(checkout / "runs/smallest-1")
    measured = run(second, checkout)
    assert re.search(r"mnist-test +10,000 +[6-9]\d\.\d\d%", measured)
    assert (checkout / "runs/plots/mnist-test-mistakes.png").stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::Warning")  # Keras warns while it saves an .h5
def test_the_commands_for_an_own_model_import_it_and_put_it_to_use(checkout, monkeypatch):
    for name, value in {"DATABASE": "db", "IMPORTED": "imported", "DIGITS_DATA": ""}.items():
        monkeypatch.setenv(name, str(checkout / value) if value else "")
    networks.keras_network().save(checkout / "lesson.h5")
    (block,) = blocks("sh", section("Bring your own model"))
    commands = block.split("\n", 1)[1]  # without `make keras`, which has made this environment
    said = run(f".venv/bin/python manage.py migrate --verbosity 0\n{commands}", checkout)
    assert "It expects light ink on black, 0 to 1 " in said and "lesson is in use now" in said
    assert sorted(file.name for file in (checkout / "imported/lesson").iterdir()) == [
        "README.md",
        "model.json",
        "model.onnx",
    ]


def check_trained(folder: Path) -> None:
    """The whole path was gone: a model that answers, with a card, scores and plots."""
    card = json.loads((folder / "smallest/model.json").read_text())
    scores = {score["set"]: score for score in card["scores"]}
    assert scores[AS_THEY_ARE]["n"] == 10_000 and scores["pendigits-test"]["n"] == 3_498
    assert scores["cats"]["auroc"] is not None and "accuracy" not in scores["cats"]
    assert card["seed"] == 1 and card["config"]["epochs"] == 2 and len(card["epochs"]) == 2
    assert card["data"]["mnist/train-images-idx3-ubyte"].startswith("ba891046e650")
    assert f"{scores['mchaver']['accuracy']:.2%}" in (folder / "smallest/README.md").read_text()
    plots = list((folder / "plots").iterdir())
    assert len(plots) == 19 and all(file.read_bytes().startswith(b"\x89PNG") for file in plots)
    (answer,) = recognizer.load(folder / "smallest").predict_strokes([[[[0, 0], [1, 40]]]])
    assert answer.model == "smallest" and sum(answer.probabilities) == pytest.approx(1)


def test_every_named_make_target_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", README)) | set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE))
    assert {"run", "test", "serve", "training"} <= named <= targets


def test_every_linked_file_exists():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links and all((ROOT / link).exists() for link in links)


def test_the_scores_are_those_of_the_shipped_model():
    card = json.loads((MODELS / SHIPPED / "model.json").read_text())
    table = section("How good it is")
    for scores in card["scores"]:
        assert f"{scores['n']:,}" in table
        if "accuracy" in scores:
            assert f"| {scores['accuracy']:.2%} |" in table, scores["set"]


def test_the_statuses_are_those_of_the_code():
    statuses = {int(status) for status in re.findall(r"\| (\d{3}) \|", section("As an HTTP endpoint"))}
    assert statuses == {400, 403, 405, 411, 413, 415, 503}


def test_every_named_extra_exists():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(re.findall(r"pip install '\.\[(\w+)\]'", README)) == {"bulk", "django", "heif", "ray"} <= set(extras)
