"""How an ONNX file is opened and run, for the doors and the models alike."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from recognizer.errors import ModelError

DOORS = Path(__file__).parent


class Session:
    """One ONNX file on the CPU, one thread: callers who want more cores run more processes."""

    def __init__(self, file: Path, inputs: list[str], outputs: list[str]) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_mem_pattern = False  # it keeps a plan for every shape ever seen
        try:
            self.session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises classes of its own that share no base but this
            raise ModelError(f"{file} is missing or not an ONNX model: {type(error).__name__}") from error
        self.outputs = outputs
        self._check(file, inputs)

    def _check(self, file: Path, inputs: list[str]) -> None:
        found = [node.name for node in self.session.get_inputs()]
        missing = set(self.outputs) - {node.name for node in self.session.get_outputs()}
        if found != inputs or missing:
            raise ModelError(f"{file} takes {found} and lacks the outputs {sorted(missing)}; expected input: {inputs}")

    def run(self, **inputs: npt.NDArray[np.generic]) -> list[npt.NDArray[np.float32]]:
        """The outputs in the order that the session was opened with. Safe to call from several threads."""
        return self.session.run(self.outputs, inputs)  # type: ignore[no-any-return]
