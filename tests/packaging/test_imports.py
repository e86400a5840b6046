"""Imports run one way: mnist_django → digit_recognition → recognizer; the heavy packages stay in their rooms."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOAD_ALL = """
import importlib, pkgutil, sys
import recognizer
for module in pkgutil.walk_packages(recognizer.__path__, "recognizer."):
    if module.name.split(".")[1] not in ("training", "evaluation", "importing", "bulk", "cli"):
        importlib.import_module(module.name)
"""


def imports_of(file: Path) -> Iterator[str]:
    """Absolute names that a file imports anywhere."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def importers(package: str, *of: str) -> list[str]:
    return [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / package).rglob("*.py"))
        if any(name.split(".")[0] in of for name in imports_of(file))
    ]


def loaded_by(program: str) -> set[str]:
    """Top-level modules that a fresh process has loaded after this program."""
    report = f"{program}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    ran = subprocess.run(
        [sys.executable, "-c", report], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.split())


@pytest.mark.parametrize("program", ["import sys, recognizer", LOAD_ALL])
def test_the_library_loads_neither_django_nor_torch_nor_ray_nor_matplotlib(program):
    loaded = loaded_by(program)
    assert {"recognizer", "numpy", "onnxruntime"} <= loaded
    assert not loaded & {"django", "torch", "onnx", "onnxscript", "ray", "matplotlib", "digit_recognition"}


def test_the_model_page_loads_no_measuring_packages():
    settings = "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'mnist_django.settings'"
    loaded = loaded_by(f"{settings}; import digit_recognition.figures.names")
    assert "recognizer" in loaded and not loaded & {"torch", "sklearn", "scipy", "matplotlib"}


def test_the_data_sets_load_without_torch_or_the_downloader():
    loaded = loaded_by("import sys, recognizer.datasets.sets")
    assert not loaded & {"django", "torch", "onnx", "matplotlib", "pooch", "requests", "tqdm", "unlzw3"}


def test_evaluation_loads_without_torch():
    loaded = loaded_by("import sys, recognizer.evaluation.measure, recognizer.evaluation.plots")
    assert not loaded & {"django", "torch", "onnx", "onnxscript", "ray", "typer"}


def test_the_drawn_situations_load_with_the_base_packages_alone():
    loaded = loaded_by("import sys, recognizer.evaluation.situations.results")
    assert not loaded & {"django", "torch", "scipy", "skimage", "sklearn", "matplotlib", "onnx"}


def test_the_drawn_situations_train_nothing_and_take_nothing_from_training():
    situations, training = "recognizer.evaluation.situations", "recognizer.training"
    for room, other in ((situations, training), (training, situations)):
        files = (ROOT / room.replace(".", "/")).rglob("*.py")
        assert [file for file in files if any(name.startswith(other) for name in imports_of(file))] == []


def test_the_library_never_imports_the_web():
    assert importers("recognizer", "django", "digit_recognition", "mnist_django") == []


def test_the_web_app_never_imports_the_site():
    assert importers("digit_recognition", "mnist_django") == []


@pytest.mark.parametrize("package", ["recognizer", "digit_recognition", "mnist_django"])
def test_only_training_imports_torch_and_importing_reads_its_files(package):
    outside = [
        file
        for file in importers(package, "torch", "onnx", "onnxscript", "keras", "h5py")
        if not file.startswith(("recognizer/training/", "recognizer/importing/"))
    ]
    assert outside == []
    assert "recognizer/importing/torch_files.py" in importers("recognizer", "torch")


def test_to_ask_for_an_import_needs_none_of_the_packages_that_it_uses():
    loaded = loaded_by("import sys, recognizer.importing.importing, recognizer.importing.comparison")
    assert not loaded & {"onnx", "torch", "keras", "h5py", "scipy", "sklearn", "django"}


def test_only_plots_and_glyphs_import_matplotlib():
    assert importers("recognizer", "matplotlib") == [
        "recognizer/evaluation/plots.py",
        "recognizer/training/examples/glyphs.py",
    ]
    assert importers("digit_recognition", "matplotlib") + importers("mnist_django", "matplotlib") == []


def test_the_commands_are_imported_by_no_other_room():
    rooms = [file for file in (ROOT / "recognizer").rglob("*.py") if "cli" not in file.parts]
    assert [file for file in rooms if any(name.startswith("recognizer.cli") for name in imports_of(file))] == []


def test_ray_is_imported_in_one_file():
    assert importers("recognizer", "ray") == ["recognizer/bulk/engines/cluster.py"]
    assert importers("digit_recognition", "ray") == []


def test_onnxruntime_is_loaded_in_one_file_which_turns_its_telemetry_off():
    assert importers("recognizer", "onnxruntime") == ["recognizer/doors/session.py"]
    assert importers("digit_recognition", "onnxruntime") + importers("mnist_django", "onnxruntime") == []


@pytest.mark.parametrize("package", ["recognizer", "digit_recognition", "mnist_django"])
def test_no_message_names_a_package_of_an_index_that_has_no_release_yet(package):
    naming = [file.name for file in (ROOT / package).rglob("*.py") if "digit-recognizer[" in file.read_text()]
    assert naming == []


def test_no_package_imports_tests():
    assert importers("recognizer", "tests") + importers("digit_recognition", "tests") == []
