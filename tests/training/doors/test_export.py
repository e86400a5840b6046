"""The committed doors match the export of their torch source, and reveal nothing about the exporting machine."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from recognizer.doors.session import DOOR_FILES, DOORS, LINE_CLEANER
from recognizer.doors.strokes import segments_of
from recognizer.ink import strokes_from
from recognizer.training.doors.cleaner import CleanerGraph
from recognizer.training.doors.placer import PlacerGraph
from recognizer.training.doors.strokes import StrokesGraph
from recognizer.training.export import drop_unused, graphs, strip_metadata
from tests.golden.drawings import DIGITS
from tests.golden.make_golden import canvases, photos
from tests.support.files import TELLING

ROOT = Path(__file__).parents[3]
MOST_BYTES = 200_000
FILES = [DOORS / name for name in (*DOOR_FILES, LINE_CLEANER)]

each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """A folder of new exports, by another process: under coverage, torch's exporter takes twice the time."""
    folder = tmp_path_factory.mktemp("exports")
    subprocess.run([sys.executable, "-m", "recognizer.training.doors.export", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.mark.slow
@each
def test_the_committed_door_is_what_the_source_exports(file, exports):
    committed, exported = onnx.load(file), onnx.load(exports / file.name)
    assert onnx.printer.to_text(committed) == onnx.printer.to_text(exported)
    assert committed == exported


@each
def test_the_committed_door_holds_no_path_or_source_file_name(file):
    model = onnx.load(file)
    for graph in graphs(model.graph):
        for numbers in graph.initializer:
            numbers.ClearField("raw_data")  # a run of numbers may look like a path
    assert TELLING.findall(model.SerializeToString()) == []


@each
def test_the_committed_door_is_stripped(file):
    assert strip_metadata(onnx.load(file)) == onnx.load(file)


@each
def test_the_committed_door_holds_nothing_that_a_browser_warns_of(file):
    assert drop_unused(onnx.load(file)) == onnx.load(file)


@each
def test_the_committed_door_has_no_metadata_nor_doc_strings(file):
    model = onnx.load(file)
    parts = [model]
    for graph in graphs(model.graph):
        parts += [graph, *graph.node, *graph.input, *graph.output, *graph.initializer]
    assert [part for part in parts if part.doc_string or part.metadata_props] == []
    assert model.producer_version == "" and not model.functions


@each
def test_a_door_is_small_and_a_valid_graph_of_the_standard_operators(file):
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    assert file.stat().st_size < MOST_BYTES
    assert {node.domain for node in model.graph.node} == {""}


@each
def test_a_door_takes_any_number_of_inputs_of_any_size(file):
    (entry,) = onnx.load(file).graph.input
    names = [axis.dim_param or axis.dim_value for axis in entry.type.tensor_type.shape.dim]
    assert names == (["N", "S", 4] if file.stem == "strokes" else ["N", "H", "W"])


@pytest.mark.parametrize("name", ["4 open", "1 bar", "7 crossed"])
def test_the_strokes_door_agrees_with_torch(name, strokes_door):
    segments = segments_of(strokes_from(DIGITS[name]))[None]
    with torch.no_grad():
        expected, _ = StrokesGraph()(torch.from_numpy(segments))
    np.testing.assert_allclose(strokes_door.session.run(segments=segments)[0], expected.numpy(), rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "name", ["dark on light", "28 px", "a frame", "not square", "light from the right", "blackboard"]
)
def test_the_pixels_door_agrees_with_torch(name, pixels_door):
    picture = (canvases() | photos())[name][None].copy()
    with torch.no_grad(), torch.compiler.set_stance("force_eager"):
        clean = CleanerGraph()(torch.from_numpy(picture))
        expected, _ = PlacerGraph()(clean)
    (found,) = pixels_door.cleaner.session.run(picture=picture)
    np.testing.assert_allclose(found, clean.numpy(), rtol=0, atol=1e-5)
    np.testing.assert_allclose(pixels_door.placer.session.run(clean=found)[0], expected.numpy(), rtol=0, atol=1e-5)
