"""How an ONNX file is opened and run, for the doors and the models alike. The one file that loads onnxruntime.

From 1.29 on, onnxruntime writes a device id and a queue of events below the home folder when it is loaded, and sends
them to Microsoft some nine seconds later. The variable stops all of it, here and in processes started from here. It is
set even where it was set to 0: this library sends nothing. It is read once, when onnxruntime is loaded. Where something
else has loaded onnxruntime before, one event about the machine still goes out; the call stops those that would follow.
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
DOOR_FILES = ("strokes.onnx", "pixels.onnx")


class Session:
    """One ONNX file on the CPU, one thread: callers who want more cores run more processes.

    plans: whether the runtime plans its memory for each shape of the inputs. That saves a tenth of the pixels door's
    time, and every plan is kept: only for callers who bound the number of shapes.
    content: of the file, where it has been read already. It is kept: the file may be gone when it is needed again.
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


def door_digests() -> dict[str, str]:
    """The SHA-256 of each door, by its file's name."""
    return {name: hashlib.sha256((DOORS / name).read_bytes()).hexdigest() for name in DOOR_FILES}
