"""Opens and runs ONNX files, for the doors and the models. The only file that imports onnxruntime.

From 1.29 on, onnxruntime writes a device id and a queue of events below the home folder when it is loaded, and sends
them to Microsoft about nine seconds later. The variable ORT_DISABLE_TELEMETRY stops this, here and in child processes.
It is set even if it was set to 0: this library sends nothing. onnxruntime reads it once, when it is loaded. If
onnxruntime was loaded before, one event about the machine is still sent; `disable_telemetry_events` stops the others.
"""

import hashlib
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recognizer.errors import ModelError

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

onnxruntime.disable_telemetry_events()

DOORS = Path(__file__).parent
DOOR_FILES = ("strokes.onnx", "cleaner.onnx", "placer.onnx")  # a digit goes through
LINE_CLEANER = "line_cleaner.onnx"  # instead of the cleaner, for lines of writing


class Session:
    """One ONNX file on the CPU, in one thread. To use more cores, run more processes.

    plans: let onnxruntime plan its memory for each shape of the inputs. This saves a tenth of the pixels door's time.
    Plans are never freed, so the caller must limit the number of shapes.
    content: of the file, if it is already read. The session keeps the content, because the file may be gone later.
    Raises `ModelError` if the file is missing, is not ONNX, or has other inputs or outputs.
    """

    def __init__(
        self, file: Path, inputs: list[str], outputs: list[str], plans: bool = False, content: bytes | None = None
    ) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_mem_pattern = plans
        try:
            self.content = file.read_bytes() if content is None else content
            self.session = onnxruntime.InferenceSession(self.content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own classes share no other base
            raise ModelError(f"{file} is missing or not an ONNX model: {type(error).__name__}") from error
        self.outputs = outputs
        self._check(file, inputs)

    def _check(self, file: Path, inputs: list[str]) -> None:
        found = [node.name for node in self.session.get_inputs()]
        missing = set(self.outputs) - {node.name for node in self.session.get_outputs()}
        if found != inputs or missing:
            raise ModelError(f"{file} takes {found} and lacks the outputs {sorted(missing)}; expected input: {inputs}")

    def run(self, **inputs: npt.NDArray[np.generic]) -> list[npt.NDArray[np.float32]]:
        """Return the outputs, in the order given when the session was opened. Safe to call from several threads."""
        return self.session.run(self.outputs, inputs)  # type: ignore[no-any-return]


def door_digests() -> dict[str, str]:
    """The SHA-256 of each door, by its file's name."""
    return {name: hashlib.sha256((DOORS / name).read_bytes()).hexdigest() for name in DOOR_FILES}
