"""The committed tiny model is what its script makes, and reads the golden digits."""

import numpy as np
import onnx
from onnx import numpy_helper

from tests.golden.drawings import DIGITS, label
from tests.models import make_tiny
from tests.support.library import TINY


def test_the_tiny_model_is_what_its_script_makes():
    committed = onnx.load(TINY / "model.onnx")
    made = make_tiny.graph()
    assert [node.op_type for node in made.graph.node] == [node.op_type for node in committed.graph.node]
    for ours, theirs in zip(made.graph.initializer, committed.graph.initializer, strict=True):
        np.testing.assert_allclose(numpy_helper.to_array(ours), numpy_helper.to_array(theirs), rtol=0, atol=2e-3)


def test_the_tiny_model_knows_the_golden_digits(tiny):
    answers = tiny.predict_strokes(DIGITS.values())
    assert [answer.digit for answer in answers] == [label(name) for name in DIGITS]
